// What is said at the desk.

import { inLanguage } from './language.ts'

export const deskText = inLanguage({
  en: {
    empty: 'No customer waits',
    emptyWhy: 'Whoever writes to you appears here by themselves.',
    choose: 'Choose a conversation',
    chooseWhy: 'Those who wait longest stand first among the unanswered.',
    all: 'Open',
    mine: 'Mine',
    closed: 'Closed',
    waits: 'Waits since',
    take: 'Take it',
    taken: 'The conversation is yours.',
    close: 'Close',
    closedNow: 'Closed. The customer opens it again by writing.',
    reopen: 'Open again',
    reopened: 'Open again.',
    nobody: 'Nobody has taken it',
    with: (name: string) => `With ${name}`,
  },
  vi: {
    empty: 'Không có khách nào đang chờ',
    emptyWhy: 'Khách nhắn tin sẽ tự hiện ở đây.',
    choose: 'Chọn một cuộc trò chuyện',
    chooseWhy: 'Khách chờ lâu nhất đứng trước.',
    all: 'Đang mở',
    mine: 'Của tôi',
    closed: 'Đã đóng',
    waits: 'Chờ từ',
    take: 'Nhận',
    taken: 'Bạn phụ trách cuộc trò chuyện này.',
    close: 'Đóng',
    closedNow: 'Đã đóng. Khách nhắn tin sẽ mở lại.',
    reopen: 'Mở lại',
    reopened: 'Đã mở lại.',
    nobody: 'Chưa ai nhận',
    with: (name) => `${name} phụ trách`,
  },
})
