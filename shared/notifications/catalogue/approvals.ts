// Notifications about approvals.

import type { CatalogueEntry } from './entry.ts'

export const APPROVALS_CATALOGUE = {
  APPROVAL_REQUIRED: {
    category: 'approval',
    priority: 'high',
    settledBy: ['decision'],
    vi: {
      title: 'Chờ bạn duyệt: {requester}, {date} ({code})',
      message: '{requester} xin đặt chỗ {code} cho ngày {date}. Hạn duyệt: {deadline}.\n{details}',
    },
    en: {
      title: 'For your approval: {requester}, {date} ({code})',
      message: '{requester} asks for booking {code} on {date}. Please decide by {deadline}.\n{details}',
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
        'Hạn duyệt {code} của {requester} đã qua. {outcome, select, approved {Đặt chỗ được tự động chấp thuận.} escalated {Yêu cầu đã chuyển lên cấp trên.} passed {Yêu cầu chuyển sang bước duyệt sau.} other {Đặt chỗ đã bị hủy.}}',
    },
    en: {
      title: 'A request passed its deadline: {code}',
      message:
        'The time to decide on {code} by {requester} is over. {outcome, select, approved {The booking was approved automatically.} escalated {It went to the next manager.} passed {It goes on with the next step.} other {The booking was cancelled.}}',
    },
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
      title: 'Đặt chỗ không có người duyệt: {code}',
      message:
        '{requester} chưa có người quản lý, nên {code} được {outcome, select, approved {chấp thuận} other {từ chối}} theo quy định.',
    },
    en: {
      title: 'A booking had nobody to approve it: {code}',
      message:
        '{requester} has no manager, so {code} was {outcome, select, approved {approved} other {refused}} by policy.',
    },
  },
} as const satisfies Record<string, CatalogueEntry>
