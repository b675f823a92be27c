// Notifications about support tickets.

import type { CatalogueEntry } from './entry.ts'

export const SUPPORT_CATALOGUE = {
  SUPPORT_TICKET_CREATED: {
    category: 'support',
    priority: 'high',
    settledBy: ['care'],
    vi: { title: 'Yêu cầu hỗ trợ mới #{number}', message: '{requester}: {text}' },
    en: { title: 'New support ticket #{number}', message: '{requester} writes: {text}' },
  },
  SUPPORT_TICKET_UPDATED: {
    category: 'support',
    priority: 'medium',
    vi: {
      title: 'Yêu cầu hỗ trợ #{number} có thay đổi',
      message:
        '{kind, select, answered {Trả lời} working {Đang được xử lý} reopened {Đã được mở lại} assigned {Đã có người phụ trách} other {Đã được cập nhật}}: {text}',
    },
    en: {
      title: 'Support ticket #{number} was updated',
      message:
        '{kind, select, answered {The answer} working {Somebody is working on it} reopened {It was opened again} assigned {Somebody takes care of it} other {It was changed}}: {text}',
    },
  },
  SUPPORT_TICKET_MESSAGE: {
    category: 'support',
    priority: 'medium',
    settledBy: ['care'],
    vi: { title: 'Tin nhắn về yêu cầu hỗ trợ #{number}', message: '{requester}: {text}' },
    en: { title: 'A message about support ticket #{number}', message: '{requester} writes: {text}' },
  },
  SUPPORT_TICKET_RESOLVED: {
    category: 'support',
    priority: 'low',
    vi: { title: 'Yêu cầu hỗ trợ #{number} đã được giải quyết', message: '{text}' },
    en: { title: 'Support ticket #{number} is resolved', message: '{text}' },
  },
  SUPPORT_TICKET_DELETED: {
    category: 'support',
    priority: 'low',
    vi: { title: 'Yêu cầu hỗ trợ #{number} đã bị xóa', message: '{text}' },
    en: { title: 'Support ticket #{number} was deleted', message: '{text}' },
  },
  TICKETS_UNASSIGNED: {
    category: 'support',
    priority: 'high',
    settledBy: ['care'],
    vi: {
      title: '{number} yêu cầu hỗ trợ chưa có người phụ trách',
      message: '{subject} không còn phụ trách nữa: {text}',
    },
    en: {
      title: 'Support tickets without anybody: {number}',
      message: '{subject} does not take care of them any more: {text}',
    },
  },
  SUPPORT_TICKET_DUE_SOON: {
    category: 'support',
    priority: 'high',
    settledBy: ['answer', 'solution'],
    vi: {
      title: 'Yêu cầu hỗ trợ #{number} sắp đến hạn',
      message: '{kind, select, answer {Cần trả lời} other {Cần giải quyết}} trước {deadline}: {text}',
    },
    en: {
      title: 'Support ticket #{number} is due soon',
      message: '{kind, select, answer {To be answered} other {To be solved}} by {deadline}: {text}',
    },
  },
  SUPPORT_TICKET_OVERDUE: {
    category: 'support',
    priority: 'high',
    settledBy: ['answer', 'solution'],
    vi: {
      title: 'Yêu cầu hỗ trợ #{number} đã quá hạn',
      message:
        '{kind, select, answer {Lẽ ra phải được trả lời} other {Lẽ ra phải được giải quyết}} trước {deadline}: {text}',
    },
    en: {
      title: 'Support ticket #{number} is overdue',
      message:
        '{kind, select, answer {It was to be answered} other {It was to be solved}} by {deadline}: {text}',
    },
  },
} as const satisfies Record<string, CatalogueEntry>
