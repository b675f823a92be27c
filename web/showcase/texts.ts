// What the page of the widgets says.

import { inLanguage } from '../texts/language.ts'

export const showcaseText = inLanguage({
  en: {
    title: 'Widgets',
    lead: 'Five elements for your own pages. They follow what happens, speak Vietnamese and English, and take your colours.',
    play: 'Play two people',
    playWhy: 'Signs in two people of the demonstration, side by side: what one does, the other sees.',
    notDemonstration: 'This installation has no demonstration: copy the lines into a page of yours.',
    rules:
      'The origin of your page stands in CORS_ORIGINS. Your page allows this server in script-src and connect-src, no more. Tokens stay in memory.',
    copy: 'Copy',
    copied: 'Copied.',
    ask: 'Ask for a booking',
    asked: 'Asked.',
    sections: {
      bell: ['Bell', 'What was told, and how much of it is unread, the same on every device.'],
      approvals: ['Approvals', 'What waits for a decision, with all that is decided on.'],
      chat: ['Chat', 'All conversations, or one with room="…".'],
      customer: [
        'Chat with customers',
        'Guests and customers talk to your desk from the corner of your page.',
      ],
      tickets: ['Tickets', 'Opened, followed and rated by whoever needs help.'],
    } as Record<string, readonly [string, string]>,
    people: {
      employee: 'The employee',
      manager: 'Her manager',
      guest: 'A guest',
      staff: 'The desk',
      customer: 'The customer',
    } as Record<string, string>,
  },
  vi: {
    title: 'Tiện ích nhúng',
    lead: 'Năm phần tử cho trang web của bạn. Luôn cập nhật, nói tiếng Việt và tiếng Anh, theo màu của trang.',
    play: 'Xem hai người cùng dùng',
    playWhy: 'Đăng nhập hai người của bản dùng thử cạnh nhau: người này làm gì, người kia thấy ngay.',
    notDemonstration: 'Máy chủ này không có dữ liệu dùng thử: hãy chép các dòng mã vào trang của bạn.',
    rules:
      'Nguồn (origin) của trang cần có trong CORS_ORIGINS. Trang chỉ cần cho phép máy chủ này trong script-src và connect-src. Token chỉ nằm trong bộ nhớ.',
    copy: 'Sao chép',
    copied: 'Đã sao chép.',
    ask: 'Đặt một chuyến xe',
    asked: 'Đã gửi yêu cầu.',
    sections: {
      bell: ['Chuông', 'Thông báo và số chưa đọc, giống nhau trên mọi thiết bị.'],
      approvals: ['Phê duyệt', 'Những gì chờ quyết định, với đủ thông tin để quyết định.'],
      chat: ['Trò chuyện', 'Mọi cuộc trò chuyện, hoặc một cuộc với room="…".'],
      customer: ['Trò chuyện với khách', 'Khách nhắn cho quầy hỗ trợ ngay từ góc trang của bạn.'],
      tickets: ['Phiếu hỗ trợ', 'Người cần giúp tạo, theo dõi và đánh giá.'],
    },
    people: {
      employee: 'Nhân viên',
      manager: 'Quản lý của chị',
      guest: 'Khách vãng lai',
      staff: 'Quầy hỗ trợ',
      customer: 'Khách hàng',
    },
  },
})
