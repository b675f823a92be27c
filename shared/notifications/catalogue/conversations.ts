// Notifications about chat and the desk.

import type { CatalogueEntry } from './entry.ts'

export const CONVERSATIONS_CATALOGUE = {
  NEW_CHAT_MESSAGE: {
    category: 'chat',
    priority: 'medium',
    vi: { title: 'Tin nhắn mới từ {sender}', message: '{text}' },
    en: { title: 'New message from {sender}', message: '{text}' },
  },
  SCHEDULE_CHANGE_ALERT: {
    category: 'chat',
    priority: 'high',
    vi: {
      title: '{sender} đổi lịch trình',
      message:
        '{kind, select, DEPARTURE_CHANGE {Giờ khởi hành mới: {time}.} other {Về muộn, lúc {time}.}} Lý do: {reason}',
    },
    en: {
      title: '{sender} changed the schedule',
      message:
        '{kind, select, DEPARTURE_CHANGE {New departure: {time}.} other {Returning late, at {time}.}} Reason: {reason}',
    },
  },
  INBOX_ASSIGNED: {
    category: 'chat',
    priority: 'high',
    settledBy: ['reply'],
    vi: { title: '{sender} giao cho bạn một cuộc trò chuyện', message: 'Khách hàng: {customer}.' },
    en: { title: '{sender} handed a conversation over to you', message: 'Customer: {customer}.' },
  },
  CONVERSATIONS_UNASSIGNED: {
    category: 'chat',
    priority: 'high',
    settledBy: ['reply'],
    vi: {
      title: '{number} cuộc trò chuyện chưa có người phụ trách',
      message: '{subject} không còn phụ trách nữa.',
    },
    en: {
      title: 'Conversations without anybody: {number}',
      message: '{subject} does not take care of them any more.',
    },
  },
  INBOX_ATTENTION: {
    category: 'chat',
    priority: 'high',
    settledBy: ['reply'],
    vi: { title: '{customer} cần nhân viên trả lời', message: '{text}' },
    en: { title: '{customer} needs an answer', message: '{text}' },
  },
} as const satisfies Record<string, CatalogueEntry>
