// What the desk of the demonstration knows and says by itself, in Vietnamese and English.

import type { NewAutoResponse, NewFaq } from '../inbox/schema.ts'

export const FAQS: readonly NewFaq[] = [
  {
    question: 'Mấy giờ mở cửa?',
    answer: 'Chúng tôi mở cửa từ thứ Hai đến thứ Sáu, 9:00–18:00, và thứ Bảy, 10:00–16:00.',
    category: 'chung',
    priority: 10,
    alternativeQuestions: ['Giờ làm việc thế nào?', 'Cuối tuần có làm việc không?', 'Mấy giờ đóng cửa?'],
    keywords: ['giờ mở cửa', 'giờ làm việc', 'đóng cửa'],
  },
  {
    question: 'Làm sao để đặt phòng?',
    answer:
      'Bạn cho chúng tôi biết ngày đến, ngày đi và số khách ngay tại đây; nhân viên sẽ giữ phòng và gửi xác nhận.',
    category: 'đặt phòng',
    alternativeQuestions: ['Tôi muốn đặt phòng', 'Đặt phòng như thế nào?'],
    keywords: ['đặt phòng', 'giữ phòng'],
  },
  {
    question: 'Hủy đặt phòng có mất phí không?',
    answer: 'Hủy trước 24 giờ không mất phí; sau đó tính tiền đêm đầu tiên.',
    category: 'đặt phòng',
    alternativeQuestions: ['Phí hủy phòng là bao nhiêu?', 'Tôi có thể hủy phòng không?'],
    keywords: ['hủy phòng', 'phí hủy', 'hoàn tiền'],
  },
  {
    question: 'Trạm đổi pin ở đâu?',
    answer: 'Trạm đổi pin Nguyễn Huệ ở số 45 đường Nguyễn Huệ, Quận 1, mở cửa suốt ngày đêm.',
    category: 'trạm đổi pin',
    alternativeQuestions: ['Đổi pin ở chỗ nào?', 'Địa chỉ trạm đổi pin?'],
    keywords: ['trạm pin', 'đổi pin'],
  },
  {
    question: 'What are your opening hours?',
    answer: 'We are open Monday to Friday 9:00–18:00 and Saturday 10:00–16:00.',
    category: 'general',
    priority: 10,
    alternativeQuestions: ['When are you open?', 'What time do you close?', 'Are you open on weekends?'],
    keywords: ['hours', 'open', 'close'],
  },
  {
    question: 'How do I book a room?',
    answer:
      'Tell us your dates and the number of guests right here; somebody will hold a room for you and confirm it.',
    category: 'booking',
    alternativeQuestions: ['I want to book a room', 'Can I make a reservation?'],
    keywords: ['book', 'reservation'],
  },
  {
    question: 'Is there a fee for cancelling?',
    answer: 'Cancelling is free until 24 hours before you arrive; after that the first night is charged.',
    category: 'booking',
    alternativeQuestions: ['Can I cancel my booking?', 'What is your cancellation policy?'],
    keywords: ['cancel', 'refund'],
  },
]

export const RESPONSES: readonly NewAutoResponse[] = [
  {
    name: 'Lời chào',
    responseType: 'welcome',
    message: 'Xin chào {name}! {organisation} có thể giúp gì cho bạn?',
    trigger: { event: 'user-joined' },
    quickReplies: ['Mấy giờ mở cửa?', 'Làm sao để đặt phòng?', { text: 'Gặp nhân viên', callStaff: true }],
  },
  {
    name: 'Ngoài giờ',
    responseType: 'offline',
    message: 'Cảm ơn {name}. Hiện chúng tôi đã đóng cửa và sẽ trả lời bạn khi mở cửa lại: {nextOpening}.',
    trigger: { event: 'after-hours' },
    quickReplies: ['Mấy giờ mở cửa?', 'Làm sao để đặt phòng?'],
  },
]
