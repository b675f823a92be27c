// Notifications about approvals.

import type { CatalogueEntry } from './entry.ts'

export const APPROVALS_CATALOGUE = {
  APPROVAL_REQUIRED: {
    category: 'approval',
    priority: 'high',
    settledBy: ['decision'],
    vi: {
      title: 'Chờ bạn duyệt: {requester}, {date} ({code})',
      message:
        '{requester} xin {kind, select, BOOKING {đặt chỗ {code} cho ngày {date}} other {duyệt: {code}}}. Hạn duyệt: {deadline}.\n{details}',
    },
    en: {
      title: 'For your approval: {requester}, {date} ({code})',
      message:
        '{requester} asks for {kind, select, BOOKING {booking {code} on {date}} other {your approval: {code}}}. Please decide by {deadline}.\n{details}',
    },
  },
  APPROVAL_REMINDER: {
    category: 'approval',
    priority: 'high',
    settledBy: ['decision'],
    vi: {
      title: 'Nhắc lần {number}, chờ bạn duyệt: {requester}, {date} ({code})',
      message: '{requester} vẫn đang đợi bạn duyệt {code} (ngày {date}). Hạn duyệt: {deadline}.\n{details}',
    },
    en: {
      title: 'Reminder {number}, for your approval: {requester}, {date} ({code})',
      message:
        '{requester} is still waiting for your decision on {code} ({date}). Please decide by {deadline}.\n{details}',
    },
  },
  APPROVAL_EXPIRED: {
    category: 'approval',
    priority: 'medium',
    vi: {
      title: 'Yêu cầu đã quá hạn duyệt: {code}',
      message:
        'Hạn duyệt {code} của {requester} đã qua. {outcome, select, approved {Yêu cầu được tự động chấp thuận.} escalated {Yêu cầu đã chuyển lên cấp trên.} passed {Yêu cầu chuyển sang bước duyệt sau.} other {Yêu cầu đã bị hủy.}}',
    },
    en: {
      title: 'A request passed its deadline: {code}',
      message:
        'The time to decide on {code} by {requester} is over. {outcome, select, approved {It was approved automatically.} escalated {It went to the next manager.} passed {It goes on with the next step.} other {It was cancelled.}}',
    },
  },
  APPROVAL_COPY: {
    category: 'approval',
    priority: 'low',
    vi: {
      title: 'Để bạn biết: {code}',
      message: '{requester} đã gửi yêu cầu {code} ngày {date}. Bạn không cần làm gì.',
    },
    en: {
      title: 'For your information: {code}',
      message: '{requester} asked for {code} on {date}. Nothing is asked of you.',
    },
  },
  REQUEST_DECIDED: {
    category: 'approval',
    priority: 'medium',
    vi: {
      title: '{outcome, select, approved {Đã được duyệt} other {Bị từ chối}}: {code}',
      message:
        'Yêu cầu {code} {outcome, select, approved {được chấp thuận} other {bị từ chối}}{decidedBy, select, expiry { vì đã quá hạn duyệt} policy { theo quy định} other {}}.{text}',
    },
    en: {
      title: '{outcome, select, approved {Approved} other {Rejected}}: {code}',
      message:
        'Your request {code} was {outcome, select, approved {approved} other {rejected}}{decidedBy, select, expiry {, as nobody decided in time} policy { by policy} other {}}.{text}',
    },
  },
  APPROVAL_QUESTION: {
    category: 'approval',
    priority: 'high',
    settledBy: ['answer'],
    vi: { title: 'Câu hỏi về yêu cầu {code}', message: '{sender} hỏi trước khi quyết định: {text}' },
    en: { title: 'A question about {code}', message: '{sender} asks before deciding: {text}' },
  },
  APPROVAL_ANSWER: {
    category: 'approval',
    priority: 'high',
    vi: { title: 'Trả lời về yêu cầu {code}', message: '{sender} trả lời: {text}' },
    en: { title: 'An answer about {code}', message: '{sender} answers: {text}' },
  },
  APPROVAL_COMMENT: {
    category: 'approval',
    priority: 'medium',
    vi: { title: 'Ý kiến về yêu cầu {code}', message: '{sender}: {text}' },
    en: { title: 'A comment on {code}', message: '{sender}: {text}' },
  },
  APPROVAL_WITHDRAWN: {
    category: 'approval',
    priority: 'low',
    vi: { title: 'Yêu cầu đã được rút lại: {code}', message: '{requester} không còn cần duyệt {code} nữa.' },
    en: {
      title: 'A request was withdrawn: {code}',
      message: '{code} by {requester} no longer needs your decision.',
    },
  },
  APPROVAL_MOVED: {
    category: 'approval',
    priority: 'low',
    vi: {
      title: 'Yêu cầu đã chuyển cho người khác: {code}',
      message: '{code} của {requester} không còn chờ bạn: {approver} sẽ duyệt.',
    },
    en: {
      title: 'A request went to somebody else: {code}',
      message: '{code} by {requester} no longer waits for you: {approver} decides now.',
    },
  },
  DELEGATION_ENDED: {
    category: 'approval',
    priority: 'high',
    settledBy: ['delegation'],
    vi: {
      title: 'Ủy quyền duyệt của bạn đã kết thúc',
      message:
        '{subject} không còn quyết định thay bạn được nữa. Các yêu cầu lại chờ bạn; hãy ủy quyền cho người khác nếu cần.',
    },
    en: {
      title: 'Your delegation has ended',
      message:
        '{subject} can no longer decide for you. Requests wait for you again; delegate to somebody else if you are away.',
    },
  },
  NO_APPROVER: {
    category: 'approval',
    priority: 'high',
    vi: {
      title: 'Yêu cầu không có người duyệt',
      message:
        '{requester} chưa có người quản lý, nên {code} được {outcome, select, approved {chấp thuận} other {từ chối}} theo quy định.',
    },
    en: {
      title: 'A request had nobody to approve it',
      message:
        '{requester} has no manager, so {code} was {outcome, select, approved {approved} other {refused}} by policy.',
    },
  },
} as const satisfies Record<string, CatalogueEntry>
