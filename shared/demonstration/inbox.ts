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
    question: 'Làm sao để đặt xe?',
    answer:
      'Bạn cho chúng tôi biết ngày giờ, điểm đón, điểm đến và số người ngay tại đây; nhân viên sẽ xếp xe và gửi xác nhận.',
    category: 'đặt xe',
    alternativeQuestions: ['Tôi muốn đặt xe', 'Đặt xe như thế nào?', 'Cho tôi thuê một chiếc xe'],
    keywords: ['đặt xe', 'thuê xe'],
  },
  {
    question: 'Hủy chuyến có mất phí không?',
    answer: 'Hủy trước giờ đón 24 tiếng không mất phí; sau đó tính một nửa tiền chuyến.',
    category: 'đặt xe',
    alternativeQuestions: ['Phí hủy chuyến là bao nhiêu?', 'Tôi có thể hủy xe đã đặt không?'],
    keywords: ['hủy chuyến', 'hủy xe', 'phí hủy', 'hoàn tiền'],
  },
  {
    question: 'Tôi để quên đồ trên xe thì làm sao?',
    answer:
      'Bạn cho chúng tôi biết mã chuyến hoặc ngày giờ đi và món đồ; chúng tôi hỏi tài xế và giữ lại cho bạn.',
    category: 'chuyến đi',
    alternativeQuestions: ['Tôi bỏ quên đồ trên xe', 'Tìm lại đồ thất lạc trên xe ở đâu?'],
    keywords: ['để quên', 'bỏ quên', 'thất lạc'],
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
    question: 'How do I book a vehicle?',
    answer:
      'Tell us day and time, where from and where to, and how many you are, right here; somebody will find a vehicle for you and confirm it.',
    category: 'booking',
    alternativeQuestions: ['I want to book a car', 'Can I hire a van?'],
    keywords: ['book', 'hire', 'reservation'],
  },
  {
    question: 'Is there a fee for cancelling?',
    answer:
      'Cancelling is free until 24 hours before we pick you up; after that half of the price is charged.',
    category: 'booking',
    alternativeQuestions: ['Can I cancel my trip?', 'What is your cancellation policy?'],
    keywords: ['cancel', 'refund'],
  },
  {
    question: 'I left something in the vehicle. What now?',
    answer:
      'Tell us the code or the time of the trip, and what it is; we ask the driver and keep it for you.',
    category: 'trips',
    alternativeQuestions: ['I lost something in the car', 'Where is your lost property?'],
    keywords: ['left', 'lost', 'forgot'],
  },
]

export const RESPONSES: readonly NewAutoResponse[] = [
  {
    name: 'Lời chào',
    responseType: 'welcome',
    message: 'Xin chào {name}! {organisation} có thể giúp gì cho bạn?',
    trigger: { event: 'user-joined' },
    quickReplies: ['Mấy giờ mở cửa?', 'Làm sao để đặt xe?', { text: 'Gặp nhân viên', callStaff: true }],
  },
  {
    name: 'Ngoài giờ',
    responseType: 'offline',
    message: 'Cảm ơn {name}. Hiện chúng tôi đã đóng cửa và sẽ trả lời bạn khi mở cửa lại: {nextOpening}.',
    trigger: { event: 'after-hours' },
    quickReplies: ['Mấy giờ mở cửa?', 'Làm sao để đặt xe?'],
  },
]
