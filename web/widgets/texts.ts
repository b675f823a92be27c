// What widgets say beside what the console says, too.

import { inLanguages } from '../shared/language.ts'

export const widgetTexts = inLanguages({
  en: {
    nobody: 'Sign in to see this.',
    away: 'No connection. It catches up by itself.',
    back: 'All conversations',
    customer: {
      open: 'Chat with us',
      unread: (count: number) => `Chat with us, ${count} unread`,
      close: 'Close the chat',
      hello: 'Who are you?',
      why: 'So that we can answer you.',
      name: 'Your name',
      email: 'E-mail (optional)',
      begin: 'Start the chat',
      hours: 'Open today',
      aroundTheClock: 'around the clock',
      closedToday: 'closed; we answer when we are back',
    },
  },
  vi: {
    nobody: 'Hãy đăng nhập để xem.',
    away: 'Mất kết nối. Nội dung sẽ tự cập nhật.',
    back: 'Tất cả cuộc trò chuyện',
    customer: {
      open: 'Trò chuyện với chúng tôi',
      unread: (count) => `Trò chuyện với chúng tôi, ${count} chưa đọc`,
      close: 'Đóng trò chuyện',
      hello: 'Bạn là ai?',
      why: 'Để chúng tôi trả lời bạn.',
      name: 'Tên của bạn',
      email: 'E-mail (không bắt buộc)',
      begin: 'Bắt đầu trò chuyện',
      hours: 'Hôm nay mở cửa',
      aroundTheClock: 'suốt ngày đêm',
      closedToday: 'nghỉ; chúng tôi sẽ trả lời khi mở lại',
    },
  },
})
