// What a scorer knows of Vietnamese and English before it has read a single FAQ: general language, nothing of any business.
// Read by people who mend it: one line, one thing; `|` stands between ways to say the same.

/** Say nothing about what is asked: greetings, forms of address, particles. */
export const FILLERS = `
dạ | ạ | à | ừ | vâng | ơi | alo | a lô | chào | xin chào | kính chào | chào bạn | hi | hello | hey | hiya | dear | good morning | good evening | good afternoon
anh | chị | em | mình | tôi | tui | tớ | bạn | cô | chú | bác | ad | admin | shop | mọi người | bên mình | bên em | tụi em | anh chị | cả nhà | e | a | c | m | mn
nhé | nha | nhỉ | hả | hở | á | vậy | zậy | vại | v | z | nè | ấy | luôn | với | giúp | giùm | dùm | hộ | thôi | đây | đó | này | kia | quá | lắm
cho hỏi | cho em hỏi | cho mình hỏi | cho tôi hỏi | cho chị hỏi | cho anh hỏi | cho em hỏi là | muốn hỏi | em muốn hỏi | mình muốn hỏi | xin hỏi | hỏi chút | hỏi xíu | không biết | tư vấn
cảm ơn | cám ơn | cảm ơn nhiều | tks | thanks | thank you | thank you so much | thx | cheers | sorry | please | pls | plz | kindly
hi there | excuse me | just wondering | i was wondering | could you tell me | can you tell me | let me know | i would like to know | i want to know | quick question | a question
ok | oke | okay | yes | yeah | no | well | so | oh | ah | um | lol | haha | hihi | bro | guys | team | madam | sir | vui lòng | làm ơn`

/** Hold a sentence together; they weigh little, whoever says them. */
export const WEAK = `
có | là | thì | mà | và | hay | hoặc | của | cho | để | ở | tại | trong | ngoài | trên | dưới | từ | vào | ra | lên | xuống | bị | phải | cần | muốn | nên | đang | đã | sẽ | rồi | chưa | vẫn | còn | cũng | chỉ
không | được | những | các | một | gì | nào | sao | như | khi | nếu | vì | do | tới | đến | đi | về | theo | bằng | cùng | nữa | thêm | hết | xong | mới | ngay | liền | làm | biết | thấy | xem | hỏi | nói | bảo | lại | qua
việc | điều | thứ | loại | lúc | hồi | cứ | hơi | rất | hơn | nhất | tất cả | mỗi | mấy | cái | chiếc | con | cục | bộ | người | bên | phía | đâu | ai | hình như | nghe | lấy | dùng | sử dụng | thể | có thể | vẫn còn | toàn
làm sao | thế nào | như thế nào | ra sao | kiểu gì | cách nào | bằng cách nào | cách | thế | ntn | làm thế nào | làm gì
a | an | the | i | me | my | mine | we | us | our | you | your | he | she | it | its | they | them | their | his | her | this | that | these | those | there | here | one | some | any | somebody | someone | anyone | something
am | is | are | was | were | be | been | being | do | have | has | had | will | would | can | could | may | might | shall | should | must | let | get | got | go | come | make | take | give | put | use | want | need | like | love
in | on | at | of | to | for | from | by | with | without | about | into | out | up | off | over | under | after | before | until | than | as | if | or | and | but | not | no | only | just | also | too | very | really | still | already | again | then | now | ever | even | back | when | while | because | so
how | what | which | who | whom | whose | why | where | possible | able | allow | ok | fine | problem | way | thing | kind | sort | lot | much | many | more | most | all | each | every | other | another | both | bit | rather | instead | yet | per
im | ive | id | ill | dont | doesnt | cant | couldnt | isnt | wont | whats | its | theres | were | youre | didnt | havent | hasnt`

/** Everybody says them about anything: times of day, people, quantities. Where an FAQ has them they count. */
export const COMMON = `
hôm nay | ngày mai | mai | hôm qua | hôm | ngày | tuần | tháng | năm | sáng | trưa | chiều | tối | đêm | khuya | giờ | phút | tiếng | thứ | lần | buổi | tuần sau | tuần trước | cuối tuần | hôm trước | hôm bữa | vừa | sắp | bây giờ | hiện tại | lúc này | nãy
gia đình | vợ chồng | vợ | chồng | mẹ | ba | bố | bạn bè | nhóm | đoàn | khoảng | tầm | dự kiến | chắc | bận | đột xuất | gấp | lỡ | sợ | nhờ | tính | định | chờ | đợi | chạy | đứng | ngồi | nhớ | báo | gửi | nhận | bấm | quy định | dịch vụ | hỗ trợ | thông tin | trường hợp
mang | đem | đưa | tìm | ghé | tới nơi | tận nơi | chỗ | nơi | khu | đầu | cuối | sau | trước | giữa | hai | ba | bốn | sáu | bảy | tám | chín | mười | nhỏ | lớn | to | mới | cũ | đẹp | ngon | tốt | nhanh | nhiều | ít | đủ | kịp | hẳn | khác | nhau | cả | nguyên
chuyển | thử | chọn | quyết định | đồng ý | từ chối | hứa | giải thích | kể | nhắc | tưởng | nghĩ | hiểu | tin | mong | hy vọng | thích | ghét | lo | vội | tiết kiệm | tiêu | cộng | chia | gồm | bao gồm | vừa vặn | hợp | tự | bắt đầu | kết thúc | tiếp tục | hoàn thành | chạm | nhìn | ngó | để ý | sống | xuất hiện | trở thành | kéo dài | dài | ngắn | xảy ra | giải quyết | xử lý | di quay lại | trở lại | ghé qua | qua lại | ra tới | ở lại | đi lại | đi ra | đi vào | vô | bỏ | rút | kéo | đẩy | cầm | thả | ném | ngủ | dậy | chơi | đón | tiễn | dẫn | chở | theo dõi | tìm hiểu | kiểm tra | xác nhận | liền tay | đăng | kêu | la | trả lời | phản hồi
phục vụ | yêu cầu | đề nghị | cung cấp | áp dụng | chính sách | chế độ | thủ tục | hồ sơ | vấn đề | lý do | ý | chuyện | câu | tên | số | loại nào | dạng | kiểu | mức | phần | đoạn | nửa | đôi | cặp | trăm | nghìn | ngàn | triệu | tuổi | phần trăm | đồng | ngàn đồng | ký
dễ | khó | đơn giản | bình thường | đặc biệt | chính | chung | thường | thường xuyên | luôn luôn | đôi khi | hiếm | ngay lập tức | tạm | tạm thời | nhầm | sai | đúng | thật | thiệt | chắc chắn | rõ | kỹ | cẩn thận | an toàn | mệt | vui | buồn | bệnh | ốm | sốt | rảnh | trống | sẵn | trực tiếp | xa xôi | cao | thấp | rộng | hẹp | nặng | nhẹ | cứng | mềm | sạch | đắt | rẻ | mắc | lợi | tiện | hay ho | dữ | ghê | cực | khá | tương đối | hoàn toàn | gần như | suýt | hết sức | liên tục | tụi | chúng em | chúng tôi | bọn em | ông | bà | ông bà | con trai | con gái | chồng em | vợ em | người lớn | người ta | nào đó | lần đầu | lần trước | lần này | hôm kia | mốt | tối qua | sáng nay | chiều nay | tối nay | sáng mai | chiều mai | tối mai | chủ nhật | cuối tháng | đầu tháng | năm nay | sớm
today | tomorrow | yesterday | tonight | morning | afternoon | evening | day | week | month | year | monday | tuesday | wednesday | thursday | friday | saturday | minute | second | first | last | next | ago | soon | later | early | moment | date
people | person | man | woman | husband | wife | mother | father | family | friend | sister | brother | colleague | guest | boss | two | three | four | five | six | seven | eight | nine | ten | half | few | several | single | whole
say | tell | ask | know | think | see | look | find | show | send | keep | leave | bring | try | start | stop | end | finish | begin | work | happen | arrive | stay | wait | plan | help | reach | return | receive | belong | expect | mean | seem | feel | hope | wonder | please | offer | provide
new | old | big | small | good | bad | nice | great | right | wrong | sure | quick | short | long | full | same | different | certain | ready | together | maybe | actually | currently | usually | normally | anyway | place | side | front | point | case | reason | question | answer | information | service | option | rule | policy
drive | drove | driven | ride | walk | run | move | talk | speak | write | read | turn | set | put | sit | stand | lie | fall | pull | push | carry | throw | pass | cross | follow | lead | enter | join | meet | visit | travel | land | fly | check | count | fill | plan | prepare | choose | decide | agree | refuse | promise | accept | mention | explain | describe | discuss | report | notice | remember | forget | believe | understand | guess | suppose | imagine | prefer | enjoy | mind | care | worry | hate | wish | hurry | save | spend | add | share | include | match | own | hand | drop | catch | grow | live | exist | appear | become | remain | last | continue | finish | complete | touch | hear | listen | watch | face | deal | handle | manage | sort | solve
able | available | extra | own | whole | entire | main | normal | usual | regular | general | particular | special | common | possible | easy | hard | simple | difficult | late | fast | slow | quick | near | far | low | high | cheap | strong | tired | happy | sad | sick | busy | honest | real | true | false | poor | rich | young | fresh | nice | lovely | beautiful | perfect | terrible | awful | fine | clear | exact | rough | safe | alone | inside | outside | upstairs | downstairs | straight | away | almost | nearly | exactly | roughly | simply | probably | perhaps | definitely | certainly | absolutely | finally | suddenly | recently | lately | once | twice | always | never | often | sometimes | either | neither | else | enough | quite | pretty | anything | everything | nothing | everybody | everyone | nobody | myself | yourself | between | during | through | against | across | along | around | behind | beside | above | below | since | though | although | because | unless | whether | however | therefore
hour | weekend | sunday | noon | midnight | holiday | summer | winter | spring | half | quarter | dozen | hundred | thousand | amount | rest | part | piece | set | pair | group | age | level | step | list | name | word | example | idea | fact | chance | matter | issue | trouble | mistake | difference | type | form | line | area | spot | corner | boy | girl | child | parent | baby | lady | gentleman | couple | folk | employer | staff | team | us`

/** How people shorten words when they chat. */
export const SHORTHAND = `
không: ko | k | hok | hông | hong | hem | khong | kg | kh
được: dc | đc | đk
bao nhiêu: bn | bnhiu | bnhiêu | bnhieu | baonhieu
gì: j | ji
bao lâu: bl
như thế nào: ntn
số điện thoại: sdt | sđt
chuyển khoản: ck
thanh toán: tt
tài khoản: tk | acc
hóa đơn: hđ | hd
khách sạn: ks
công ty: cty | cơ quan
chủ nhật: cn
giờ: h
phút: ph
rồi: r
tin nhắn: ib | inbox | tn
you: u
your: ur
tomorrow: tmr | tmrw | 2moro
appointment: appt | apt
what: wat | wht
hours: hrs
because: cuz | cos
message: msg
information: info
number: num
picture: pic | pics`

/** Ways to say the same. The first of a line is its name. */
export const SYNONYMS = `
giá: giá cả | phí | chi phí | bao nhiêu tiền | hết bao nhiêu | tốn bao nhiêu | mất bao nhiêu tiền | tính tiền | cước | lệ phí | bảng giá | báo giá | giá tiền | mấy nghìn | mấy ngàn | mấy tiền | nhiêu tiền
bao nhiêu: nhiêu | nhiu | bao nhiu
mấy giờ: lúc nào | khi nào | bao giờ | giờ nào | chừng nào | giờ giấc | mấy giờ rồi
bao lâu: mấy tiếng | bao nhiêu tiếng | bao nhiêu thời gian | mất bao lâu | mấy phút | bao nhiêu phút | lâu không | thời gian
ở đâu: chỗ nào | nơi nào | địa chỉ | vị trí | khu nào | phòng nào
hủy: hủy bỏ | cancel
đổi: thay đổi | thay
dời: hoãn | lùi | chuyển sang | chuyển qua | dời sang | đổi sang | dời qua | lùi lại
đặt: book | đặt trước | đặt chỗ | booking
hoàn tiền: trả lại tiền | lấy lại tiền | hoàn lại | refund | trả tiền lại | lấy lại được tiền | hoàn phí | hoàn trả
trễ: muộn
trẻ em: con nít | em bé | bé | trẻ con | trẻ nhỏ | trẻ | cháu bé
thú cưng: thú nuôi | vật nuôi | pet
chó: cún | cún con
ô tô: oto | xe hơi | xe con | ô-tô
đậu xe: đỗ xe | để xe | gửi xe | giữ xe | bãi xe | bãi đậu xe | bãi đỗ xe | bãi giữ xe | chỗ đậu xe | chỗ đỗ xe
số điện thoại: hotline | số máy | số liên lạc
mạng: internet
wifi: wi fi | wai phai
mật khẩu: pass | password
hành lý: vali | va li | đồ đạc | hành lí
hóa đơn: bill | chứng từ
hồ bơi: bể bơi | bơi
phòng tập: gym | phòng gym
bữa sáng: ăn sáng | điểm tâm | đồ ăn sáng | suất sáng
thanh toán: trả tiền | chi trả | trả phí
thẻ: cà thẻ | thẻ tín dụng | quẹt thẻ | thẻ ngân hàng
cọc: đặt cọc | tiền cọc | tiền đặt cọc
miễn phí: không mất tiền | không tính tiền | khỏi trả tiền | không tốn tiền
phụ thu: phụ phí | tính thêm | trả thêm | thêm tiền | thu thêm
tài xế: lái xe | bác tài | người lái
duyệt: phê duyệt | ký duyệt | chấp thuận | xét duyệt
quản lý: sếp | trưởng phòng | cấp trên | trưởng nhóm
hỏng: hư | lỗi | trục trặc | hư hỏng
để quên: bỏ quên | quên
mất: thất lạc | đánh mất | rơi
trộm: mất trộm | ăn cắp | lấy cắp | bị cạy
đền: bồi thường | bắt đền | đền bù
liên hệ: liên lạc | gọi | nhắn | gọi điện
mở cửa: mở | hoạt động | làm việc
đóng cửa: đóng | nghỉ | đóng lại
gần nhất: gần đây | quanh đây | gần đó
bao xa: mấy km | bao nhiêu km | mấy cây số | quãng đường | cây số | km | nhiêu km | mấy cây
ban đêm: nửa đêm | đêm khuya | khuya
nhuộm: lên màu | đổi màu
uốn: xoăn | uốn xoăn | làm xoăn
móng: nail | móng tay | móng chân
thợ: stylist | thợ chính
lịch hẹn: hẹn | lịch | cuộc hẹn
hướng dẫn: chỉ dẫn | các bước | quy trình | thao tác
riêng: cá nhân | việc riêng | riêng tư
tháng: hàng tháng | theo tháng
giữ: giữ chỗ | giữ trước
mượn: xin | nhờ
không đi được: không đến được | không qua được | không tới được
tai nạn: va quẹt | va chạm | đụng xe | tông
price: cost | fee | rate | how much | expensive | pricing | tariff | cheap
what time: when | hour | from when | until when | opening hours | opening times | time | how early | how late | what hour | which hour
how long: how many hours | how much time | how many minutes | duration
where: location | address | whereabouts
nearest: closest | nearby | near | close to
book: reserve | reservation | booking
cancel: call off | cancellation
change: reschedule | move | postpone | modify | shift | switch
refund: money back | reimburse | get back | pay back | claim back
child: kid | baby | toddler | son | daughter | infant | children
dog: puppy | poodle
pet: animal
car: vehicle | automobile
luggage: bag | suitcase | baggage
parking: park | garage | car park | parking lot
invoice: bill | receipt
pick up: pickup | collect | fetch
breakfast: morning meal
pool: swim | swimming pool | swimming
gym: fitness | work out | workout | exercise
wifi: wi fi | wireless
internet: online | web | network
password: code | login | passcode
manager: supervisor | line manager
approve: approval | sign off | authorise | authorize | approver
driver: chauffeur
forget: left behind | forgot | forgotten
lose: missing | lost
break down: breakdown | broke down | broken down
accident: crash | collision
steal: stole | stolen | theft | thief
bus: coach
colour: color | dye | hair colour | hair color | coloring
haircut: hair cut | cut | trim
stylist: hairdresser | barber
fix: repair | redo
swap: exchange | replace
subscription: subscribe | plan
pay: payment | paid
card: credit card | debit card | visa
close: closed | shut
night: overnight
free: no cost | free of charge | complimentary
allow: permit | accept | allowed
appointment: slot | visit
phone number: number | telephone number | phone
contact: reach | talk to
private: personal
damage: broken | damaged
stuck: jam | jammed
distance: range | how far
child bed: cot | crib`

/** Forms of one English word that its endings do not show. */
export const FORMS = `
take: took | taken
give: gave | given
leave: left
get: got | gotten
come: came
go: went | gone
keep: kept
buy: bought
sell: sold
do: did | does | done | doing
bring: brought
send: sent
choose: chose | chosen
tell: told
lose: lost
pay: paid
make: made
find: found
say: said
think: thought
know: knew | known
see: saw | seen
mean: meant`
