// The one message catalogue: every type of notification in every language (ICU MessageFormat).
// The compiler refuses a type or a language that is missing; a test formats each entry with its own parameters.

import type { Money } from '../kit/text/locale.ts'
import type { Locale } from '../organisations/schema.ts'
import type { Category, Deed, DeedKind, Priority } from './schema.ts'

export interface Text {
  title: string
  message: string
}

interface Entry {
  category: Category
  priority: Priority
  /** It asks for a deed: done by anybody, it is read. */
  settledBy?: readonly DeedKind[]
  vi: Text
  en: Text
}

export const CATALOGUE = {
  APPROVAL_REQUIRED: {
    category: 'approval',
    priority: 'high',
    settledBy: ['decision'],
    vi: {
      title: 'Chờ bạn duyệt: {code}, {date}',
      message: '{requester} xin đặt chỗ {code} cho ngày {date}. Hạn duyệt: {deadline}.\n{details}',
    },
    en: {
      title: 'For your approval: {code}, {date}',
      message: '{requester} asks for booking {code} on {date}. Please decide by {deadline}.\n{details}',
    },
  },
  APPROVAL_REMINDER: {
    category: 'approval',
    priority: 'high',
    settledBy: ['decision'],
    vi: {
      title: 'Nhắc lần {number}, chờ bạn duyệt: {code}, {date}',
      message: '{requester} vẫn đang đợi bạn duyệt {code} (ngày {date}). Hạn duyệt: {deadline}.\n{details}',
    },
    en: {
      title: 'Reminder {number}, for your approval: {code}, {date}',
      message:
        '{requester} is still waiting for your decision on {code} ({date}). Please decide by {deadline}.\n{details}',
    },
  },
  APPROVAL_EXPIRED: {
    category: 'approval',
    priority: 'medium',
    vi: {
      title: 'Yêu cầu đã quá hạn duyệt',
      message:
        'Hạn duyệt {code} của {requester} đã qua. {outcome, select, approved {Đặt chỗ được tự động chấp thuận.} escalated {Yêu cầu đã chuyển lên cấp trên.} other {Đặt chỗ đã bị hủy.}}',
    },
    en: {
      title: 'A request passed its deadline',
      message:
        'The time to decide on {code} by {requester} is over. {outcome, select, approved {The booking was approved automatically.} escalated {It went to the next manager.} other {The booking was cancelled.}}',
    },
  },
  APPROVAL_WITHDRAWN: {
    category: 'approval',
    priority: 'low',
    vi: { title: 'Yêu cầu đã được rút lại', message: '{requester} không còn cần duyệt {code} nữa.' },
    en: { title: 'A request was withdrawn', message: '{code} by {requester} no longer needs your decision.' },
  },
  APPROVAL_MOVED: {
    category: 'approval',
    priority: 'low',
    vi: {
      title: 'Yêu cầu đã chuyển cho người khác',
      message: '{code} của {requester} không còn chờ bạn: {approver} sẽ duyệt.',
    },
    en: {
      title: 'A request went to somebody else',
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
      title: 'Đặt chỗ không có người duyệt',
      message:
        '{requester} chưa có người quản lý, nên {code} được {outcome, select, approved {chấp thuận} other {từ chối}} theo quy định.',
    },
    en: {
      title: 'A booking had nobody to approve it',
      message:
        '{requester} has no manager, so {code} was {outcome, select, approved {approved} other {refused}} by policy.',
    },
  },
  BOOKING_CC_NOTIFICATION: {
    category: 'booking',
    priority: 'low',
    vi: {
      title: 'Để bạn biết: có đặt chỗ mới',
      message: '{requester} đã đặt {code} cho ngày {date}. Bạn không cần làm gì.',
    },
    en: {
      title: 'For your information: a new booking',
      message: '{requester} booked {code} for {date}. Nothing is asked of you.',
    },
  },
  BOOKING_APPROVED: {
    category: 'booking',
    priority: 'medium',
    vi: {
      title: 'Đặt chỗ đã được duyệt',
      message:
        '{code} ngày {date} {decidedBy, select, expiry {được tự động duyệt vì đã quá hạn.} policy {được duyệt theo quy định.} other {đã được duyệt.}}',
    },
    en: {
      title: 'Your booking was approved',
      message:
        '{code} on {date} {decidedBy, select, expiry {was approved automatically, as nobody decided in time.} policy {was approved by policy.} other {was approved.}}',
    },
  },
  BOOKING_REJECTED: {
    category: 'booking',
    priority: 'high',
    vi: { title: 'Đặt chỗ bị từ chối', message: '{code} ngày {date} đã bị từ chối. Lý do: {reason}' },
    en: { title: 'Your booking was rejected', message: '{code} on {date} was rejected. Reason: {reason}' },
  },
  BOOKING_CONFIRMED: {
    category: 'booking',
    priority: 'medium',
    vi: { title: 'Đặt chỗ đã được xác nhận', message: '{code} ngày {date} lúc {time} đã được xác nhận.' },
    en: { title: 'Your booking is confirmed', message: '{code} on {date} at {time} is confirmed.' },
  },
  BOOKING_ASSIGNED: {
    category: 'booking',
    priority: 'medium',
    vi: {
      title: 'Đã phân công chuyến đi',
      message: '{code} ngày {date} lúc {time}: {resource}, tài xế {driver}.',
    },
    en: {
      title: 'A trip was assigned',
      message: '{code} on {date} at {time}: {resource}, driven by {driver}.',
    },
  },
  BOOKING_UNASSIGNED: {
    category: 'booking',
    priority: 'high',
    vi: {
      title: 'Chuyến đi cần phân công lại',
      message: '{code} ngày {date} lúc {time}: {subject} không phục vụ được nữa. Điều phối đang sắp xếp lại.',
    },
    en: {
      title: 'A trip has to be assigned anew',
      message:
        '{code} on {date} at {time}: {subject} cannot serve it any more. The dispatchers are looking for a replacement.',
    },
  },
  TRIPS_UNASSIGNED: {
    category: 'booking',
    priority: 'high',
    settledBy: ['assignment'],
    vi: {
      title: '{number} chuyến đi chờ phân công lại',
      message: '{subject} không phục vụ được nữa: {text}',
    },
    en: {
      title: 'Trips to be assigned anew: {number}',
      message: '{subject} cannot serve them any more: {text}',
    },
  },
  REQUESTER_LEFT: {
    category: 'booking',
    priority: 'medium',
    settledBy: ['review'],
    vi: {
      title: 'Người đặt {number} chuyến đi đã nghỉ',
      message: '{subject} không còn ở tổ chức. Xem còn cần không: {text}',
    },
    en: {
      title: 'Whoever booked has left: {number} coming bookings',
      message: '{subject} has left. See whether they are still needed: {text}',
    },
  },
  VEHICLE_ARRIVING: {
    category: 'booking',
    priority: 'high',
    vi: { title: 'Xe sắp đến', message: 'Xe cho {code} đang đến chỗ bạn.' },
    en: { title: 'Your vehicle is arriving', message: 'The vehicle for {code} is on its way to you.' },
  },
  TRIP_STARTED: {
    category: 'booking',
    priority: 'low',
    vi: { title: 'Chuyến đi đã bắt đầu', message: '{code} đã khởi hành.' },
    en: { title: 'The trip has started', message: '{code} is on its way.' },
  },
  TRIP_COMPLETED: {
    category: 'booking',
    priority: 'low',
    vi: { title: 'Chuyến đi đã hoàn thành', message: '{code} đã kết thúc.' },
    en: { title: 'The trip is completed', message: '{code} has come to its end.' },
  },
  BOOKING_REDIRECTED: {
    category: 'booking',
    priority: 'medium',
    vi: {
      title: 'Đặt chỗ chuyển sang dịch vụ ngoài',
      message: '{code} ngày {date} sẽ do đơn vị bên ngoài phục vụ.',
    },
    en: {
      title: 'Your booking goes to an outside service',
      message: '{code} on {date} will be served by somebody outside.',
    },
  },
  BOOKING_CANCELLED: {
    category: 'booking',
    priority: 'high',
    vi: {
      title: 'Đặt chỗ đã bị hủy',
      message:
        '{code} ngày {date} đã bị hủy: {reason, select, USER_REQUEST {theo yêu cầu của người đặt} MANAGER_REJECTED {quản lý từ chối} APPROVAL_EXPIRED {không ai duyệt đúng hạn} NO_VEHICLE_AVAILABLE {không còn xe} NO_DRIVER_AVAILABLE {không còn tài xế} QUOTA_EXCEEDED {vượt định mức} VEHICLE_BREAKDOWN {xe gặp sự cố} SCHEDULE_CONFLICT {trùng lịch} WEATHER {thời tiết} EMERGENCY {tình huống khẩn cấp} DUPLICATE {đặt trùng} other {lý do khác}}.',
    },
    en: {
      title: 'A booking was cancelled',
      message:
        '{code} on {date} was cancelled: {reason, select, USER_REQUEST {the requester asked for it} MANAGER_REJECTED {the manager rejected it} APPROVAL_EXPIRED {nobody decided in time} NO_VEHICLE_AVAILABLE {no vehicle is free} NO_DRIVER_AVAILABLE {no driver is free} QUOTA_EXCEEDED {the quota is used up} VEHICLE_BREAKDOWN {the vehicle broke down} SCHEDULE_CONFLICT {the schedule does not allow it} WEATHER {weather} EMERGENCY {an emergency} DUPLICATE {it was booked twice} other {another reason}}.',
    },
  },
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
  BOOKING_CREATED: {
    category: 'booking',
    priority: 'medium',
    vi: { title: 'Có đặt chỗ mới', message: '{text}, ngày {date} lúc {time}.' },
    en: { title: 'A new booking', message: '{text}, on {date} at {time}.' },
  },
  BOOKING_STATUS_CHANGED: {
    category: 'booking',
    priority: 'medium',
    vi: { title: 'Đặt chỗ đổi trạng thái', message: '{text}, ngày {date} lúc {time}: {before} → {after}' },
    en: { title: 'A booking changed', message: '{text}, on {date} at {time}: {before} → {after}' },
  },
  PAYMENT_RECEIVED: {
    category: 'payment',
    priority: 'medium',
    vi: { title: 'Đã nhận thanh toán', message: '{amount}, {text}' },
    en: { title: 'Payment received', message: '{amount}, {text}' },
  },
  PAYMENT_FAILED: {
    category: 'payment',
    priority: 'high',
    vi: { title: 'Thanh toán không thành công', message: '{amount}, {text}' },
    en: { title: 'Payment failed', message: '{amount}, {text}' },
  },
  CLIENT_CREATED: {
    category: 'client',
    priority: 'low',
    vi: { title: 'Khách hàng mới', message: '{text}' },
    en: { title: 'A new client', message: '{text}' },
  },
  APPOINTMENT_REMINDER: {
    category: 'appointment',
    priority: 'medium',
    vi: { title: 'Sắp đến lịch hẹn', message: '{text}, ngày {date} lúc {time}.' },
    en: { title: 'An appointment is coming up', message: '{text}, on {date} at {time}.' },
  },
  STAFF_AVAILABILITY_CHANGED: {
    category: 'staff',
    priority: 'medium',
    vi: {
      title: 'Nhân viên đổi lịch làm việc',
      message: '{text} {outcome, select, available {có thể nhận việc.} other {không nhận việc được.}}',
    },
    en: {
      title: "Somebody's availability changed",
      message: '{text} {outcome, select, available {is available.} other {is not available.}}',
    },
  },
  INVENTORY_LOW_STOCK: {
    category: 'inventory',
    priority: 'high',
    vi: { title: 'Sắp hết hàng', message: '{text}' },
    en: { title: 'Running low', message: '{text}' },
  },
  SYSTEM_ALERT: {
    category: 'system',
    priority: 'high',
    vi: { title: 'Cảnh báo: {subject}', message: '{text}' },
    en: { title: 'Alert: {subject}', message: '{text}' },
  },
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
  AUDIT_RECORDED: {
    category: 'audit',
    priority: 'low',
    vi: {
      title: 'Nhật ký vừa ghi một thay đổi',
      message:
        '{kind, select, booking {Đặt chỗ} payment {Thanh toán} appointment {Lịch hẹn} client {Khách hàng} other {Thiết lập}}: {text}',
    },
    en: {
      title: 'The audit noted a change',
      message:
        '{kind, select, booking {Booking} payment {Payment} appointment {Appointment} client {Client} other {Settings}}: {text}',
    },
  },
  WEBHOOK_DISABLED: {
    category: 'system',
    priority: 'high',
    settledBy: ['webhook'],
    vi: {
      title: 'Một webhook đã bị tắt',
      message: '{address} không nhận được gì nữa, nên không còn được gửi tới: {reason}',
    },
    en: {
      title: 'A webhook was disabled',
      message: 'Nothing is sent to {address} any more, for it does not take it: {reason}',
    },
  },
} as const satisfies Record<string, Entry>

export type NotificationType = keyof typeof CATALOGUE

/** What a text may speak of. Days and instants come as they are and are written in the reader's language and zone. */
export interface Parameters {
  requester: string
  approver: string
  code: string
  /** YYYY-MM-DD */
  date: string
  /** HH:mm */
  time: string
  deadline: Date
  /** Written in every language by whoever knows what it is about. */
  details: Readonly<Record<Locale, string>>
  number: string
  outcome: string
  decidedBy: string
  reason: string
  resource: string
  driver: string
  sender: string
  customer: string
  text: string
  kind: string
  subject: string
  before: string
  after: string
  amount: Money
  address: string
}

/** The parameters of an entry, read by the compiler from its English text. */
type Named<S extends string> = S extends `${string}{${infer Rest}` ? Word<Rest> | Named<Rest> : never
type Word<S extends string> = S extends `${infer Name}}${string}`
  ? Name extends `${infer First},${string}`
    ? First
    : Name
  : never
export type ParametersOf<T extends NotificationType> = Pick<
  Parameters,
  Extract<Named<(typeof CATALOGUE)[T]['en'][keyof Text]>, keyof Parameters>
>

/** @returns what a notification of this type asks for; null: it only tells. @throws Error on deeds of another kind, or none */
export function deedsOf(type: NotificationType, asked: readonly Deed[] = []): readonly Deed[] | null {
  const { settledBy = [] }: Entry = CATALOGUE[type]
  const isFitting = asked.every((deed) => settledBy.some((kind) => deed.startsWith(`${kind}:`)))
  if (!isFitting || (asked.length === 0) !== (settledBy.length === 0))
    throw new Error(
      `${type} is settled by ${settledBy.join(' or ') || 'nothing'}, not by ${asked.join(', ') || 'nothing'}`,
    )
  return asked.length > 0 ? asked : null
}
