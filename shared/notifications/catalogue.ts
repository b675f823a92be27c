// The one message catalogue: every type of notification in every language (ICU MessageFormat).
// The compiler refuses a type or a language that is missing; a test formats each entry with its own parameters.

import { formatDay, formatInstant, formatMessage } from '../kit/locale.ts'
import type { Locale } from '../users/schema.ts'
import type { Category, Priority } from './schema.ts'

interface Text {
  title: string
  message: string
}

interface Entry {
  category: Category
  priority: Priority
  vi: Text
  en: Text
}

export const CATALOGUE = {
  APPROVAL_REQUIRED: {
    category: 'approval', priority: 'high',
    vi: { title: 'Có yêu cầu chờ bạn duyệt', message: '{requester} xin đặt chỗ {code} cho ngày {date}. Hạn duyệt: {deadline}.' },
    en: { title: 'A request needs your approval', message: '{requester} asks for booking {code} on {date}. Please decide by {deadline}.' },
  },
  APPROVAL_REMINDER: {
    category: 'approval', priority: 'high',
    vi: { title: 'Nhắc lần {number}: yêu cầu còn chờ duyệt', message: '{requester} vẫn đang đợi bạn duyệt {code} (ngày {date}). Hạn duyệt: {deadline}.' },
    en: { title: 'Reminder {number}: a request is still waiting', message: '{requester} is still waiting for your decision on {code} ({date}). Please decide by {deadline}.' },
  },
  APPROVAL_EXPIRED: {
    category: 'approval', priority: 'medium',
    vi: { title: 'Yêu cầu đã quá hạn duyệt', message: 'Hạn duyệt {code} của {requester} đã qua. {outcome, select, approved {Đặt chỗ được tự động chấp thuận.} escalated {Yêu cầu đã chuyển lên cấp trên.} other {Đặt chỗ đã bị hủy.}}' },
    en: { title: 'A request passed its deadline', message: 'The time to decide on {code} by {requester} is over. {outcome, select, approved {The booking was approved automatically.} escalated {It went to the next manager.} other {The booking was cancelled.}}' },
  },
  APPROVAL_WITHDRAWN: {
    category: 'approval', priority: 'low',
    vi: { title: 'Yêu cầu đã được rút lại', message: '{requester} không còn cần duyệt {code} nữa.' },
    en: { title: 'A request was withdrawn', message: '{code} by {requester} no longer needs your decision.' },
  },
  NO_APPROVER: {
    category: 'approval', priority: 'high',
    vi: { title: 'Đặt chỗ không có người duyệt', message: '{requester} chưa có người quản lý, nên {code} được {outcome, select, approved {chấp thuận} other {từ chối}} theo quy định.' },
    en: { title: 'A booking had nobody to approve it', message: '{requester} has no manager, so {code} was {outcome, select, approved {approved} other {refused}} by policy.' },
  },
  BOOKING_CC_NOTIFICATION: {
    category: 'booking', priority: 'low',
    vi: { title: 'Để bạn biết: có đặt chỗ mới', message: '{requester} đã đặt {code} cho ngày {date}. Bạn không cần làm gì.' },
    en: { title: 'For your information: a new booking', message: '{requester} booked {code} for {date}. Nothing is asked of you.' },
  },
  BOOKING_APPROVED: {
    category: 'booking', priority: 'medium',
    vi: { title: 'Đặt chỗ đã được duyệt', message: '{code} ngày {date} {decidedBy, select, expiry {được tự động duyệt vì đã quá hạn.} policy {được duyệt theo quy định.} other {đã được duyệt.}}' },
    en: { title: 'Your booking was approved', message: '{code} on {date} {decidedBy, select, expiry {was approved automatically, as nobody decided in time.} policy {was approved by policy.} other {was approved.}}' },
  },
  BOOKING_REJECTED: {
    category: 'booking', priority: 'high',
    vi: { title: 'Đặt chỗ bị từ chối', message: '{code} ngày {date} đã bị từ chối. Lý do: {reason}' },
    en: { title: 'Your booking was rejected', message: '{code} on {date} was rejected. Reason: {reason}' },
  },
  BOOKING_CONFIRMED: {
    category: 'booking', priority: 'medium',
    vi: { title: 'Đặt chỗ đã được xác nhận', message: '{code} ngày {date} lúc {time} đã được xác nhận.' },
    en: { title: 'Your booking is confirmed', message: '{code} on {date} at {time} is confirmed.' },
  },
  BOOKING_ASSIGNED: {
    category: 'booking', priority: 'medium',
    vi: { title: 'Đã phân công chuyến đi', message: '{code} ngày {date} lúc {time}: {resource}, tài xế {driver}.' },
    en: { title: 'A trip was assigned', message: '{code} on {date} at {time}: {resource}, driven by {driver}.' },
  },
  VEHICLE_ARRIVING: {
    category: 'booking', priority: 'high',
    vi: { title: 'Xe sắp đến', message: 'Xe cho {code} đang đến chỗ bạn.' },
    en: { title: 'Your vehicle is arriving', message: 'The vehicle for {code} is on its way to you.' },
  },
  TRIP_STARTED: {
    category: 'booking', priority: 'low',
    vi: { title: 'Chuyến đi đã bắt đầu', message: '{code} đã khởi hành.' },
    en: { title: 'The trip has started', message: '{code} is on its way.' },
  },
  TRIP_COMPLETED: {
    category: 'booking', priority: 'low',
    vi: { title: 'Chuyến đi đã hoàn thành', message: '{code} đã kết thúc.' },
    en: { title: 'The trip is completed', message: '{code} has come to its end.' },
  },
  BOOKING_REDIRECTED: {
    category: 'booking', priority: 'medium',
    vi: { title: 'Đặt chỗ chuyển sang dịch vụ ngoài', message: '{code} ngày {date} sẽ do đơn vị bên ngoài phục vụ.' },
    en: { title: 'Your booking goes to an outside service', message: '{code} on {date} will be served by somebody outside.' },
  },
  BOOKING_CANCELLED: {
    category: 'booking', priority: 'high',
    vi: { title: 'Đặt chỗ đã bị hủy', message: '{code} ngày {date} đã bị hủy: {reason, select, USER_REQUEST {theo yêu cầu của người đặt} MANAGER_REJECTED {quản lý từ chối} APPROVAL_EXPIRED {không ai duyệt đúng hạn} NO_VEHICLE_AVAILABLE {không còn xe} NO_DRIVER_AVAILABLE {không còn tài xế} QUOTA_EXCEEDED {vượt định mức} VEHICLE_BREAKDOWN {xe gặp sự cố} SCHEDULE_CONFLICT {trùng lịch} WEATHER {thời tiết} EMERGENCY {tình huống khẩn cấp} DUPLICATE {đặt trùng} other {lý do khác}}.' },
    en: { title: 'A booking was cancelled', message: '{code} on {date} was cancelled: {reason, select, USER_REQUEST {the requester asked for it} MANAGER_REJECTED {the manager rejected it} APPROVAL_EXPIRED {nobody decided in time} NO_VEHICLE_AVAILABLE {no vehicle is free} NO_DRIVER_AVAILABLE {no driver is free} QUOTA_EXCEEDED {the quota is used up} VEHICLE_BREAKDOWN {the vehicle broke down} SCHEDULE_CONFLICT {the schedule does not allow it} WEATHER {weather} EMERGENCY {an emergency} DUPLICATE {it was booked twice} other {another reason}}.' },
  },
  NEW_CHAT_MESSAGE: {
    category: 'chat', priority: 'medium',
    vi: { title: 'Tin nhắn mới từ {sender}', message: '{text}' },
    en: { title: 'New message from {sender}', message: '{text}' },
  },
  SCHEDULE_CHANGE_ALERT: {
    category: 'chat', priority: 'high',
    vi: { title: '{sender} đổi lịch trình', message: '{kind, select, DEPARTURE_CHANGE {Giờ khởi hành mới: {time}.} other {Về muộn, lúc {time}.}} Lý do: {reason}' },
    en: { title: '{sender} changed the schedule', message: '{kind, select, DEPARTURE_CHANGE {New departure: {time}.} other {Returning late, at {time}.}} Reason: {reason}' },
  },
  INBOX_ASSIGNED: {
    category: 'chat', priority: 'high',
    vi: { title: '{sender} giao cho bạn một cuộc trò chuyện', message: 'Khách hàng: {customer}.' },
    en: { title: '{sender} handed a conversation over to you', message: 'Customer: {customer}.' },
  },
  INBOX_ATTENTION: {
    category: 'chat', priority: 'high',
    vi: { title: '{customer} cần nhân viên trả lời', message: '{text}' },
    en: { title: '{customer} needs an answer', message: '{text}' },
  },
  WEBHOOK_DISABLED: {
    category: 'system', priority: 'high',
    vi: { title: 'Một webhook đã bị tắt', message: '{address} không nhận được gì nữa, nên không còn được gửi tới: {reason}' },
    en: { title: 'A webhook was disabled', message: 'Nothing is sent to {address} any more, for it does not take it: {reason}' },
  },
} as const satisfies Record<string, Entry>

export type NotificationType = keyof typeof CATALOGUE

/** What a text may speak of. Days and instants come as they are and are written in the reader's language and zone. */
export interface Parameters {
  requester: string
  code: string
  /** YYYY-MM-DD */
  date: string
  /** HH:mm */
  time: string
  deadline: Date
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
  address: string
}

/** The parameters of an entry, read by the compiler from its English text. */
type Named<S extends string> = S extends `${string}{${infer Rest}` ? Word<Rest> | Named<Rest> : never
type Word<S extends string> = S extends `${infer Name}}${string}` ? (Name extends `${infer First},${string}` ? First : Name) : never
export type ParametersOf<T extends NotificationType> = Pick<Parameters, Extract<Named<(typeof CATALOGUE)[T]['en'][keyof Text]>, keyof Parameters>>

/** An entry in one language. */
export function wordsFor<T extends NotificationType>(type: T, reader: { locale: Locale; timezone: string }, parameters: ParametersOf<T>): Text {
  const written = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, write(name, value, reader)]))
  const text: Text = CATALOGUE[type][reader.locale]
  return { title: formatMessage(text.title, reader.locale, written), message: formatMessage(text.message, reader.locale, written) }
}

function write(name: string, value: unknown, reader: { locale: Locale; timezone: string }): string {
  if (value instanceof Date) return formatInstant(value, reader.locale, reader.timezone)
  return name === 'date' ? formatDay(String(value), reader.locale) : String(value)
}
