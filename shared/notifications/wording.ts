// What mails say around a notification, and how a delivery explains itself, in every language (ICU MessageFormat).

import { formatMessage } from '../kit/text/locale.ts'
import type { Locale } from '../organisations/schema.ts'
import type { Channel, DeliveryStatus, LinkedPage, Reason } from './schema.ts'

export const MAIL = {
  greeting: { vi: 'Chào {name},', en: 'Hello {name},' },
  footer: {
    vi: '{org} gửi thư này cho bạn qua Bellhop.',
    en: '{org} sends you this mail through Bellhop.',
  },
  unsubscribe: { vi: 'Ngừng nhận thư loại này', en: 'No more mails of this kind' },
  digestSubject: {
    vi: '{count} thông báo từ {org}',
    en: '{count, plural, one {One notification} other {# notifications}} from {org}',
  },
  digestIntro: { vi: 'Những thông báo được gom vào thư này:', en: 'What was kept for this one mail:' },
  digestMore: {
    vi: 'Và {count} thông báo khác, xem trong ứng dụng.',
    en: 'And {count, plural, one {one more, which is} other {# more, which are}} in the app.',
  },
} as const satisfies Record<string, Record<Locale, string>>

/** Leads into the app. */
export const OPEN_APP: Record<Locale, string> = { vi: 'Mở trong ứng dụng', en: 'Open in the app' }

/** Pages of ours that mails lead to. */
export const LINKS: Readonly<
  Record<LinkedPage, { label: Record<Locale, string>; note: Record<Locale, string> }>
> = {
  decisions: {
    label: { vi: 'Xem và quyết định', en: 'Review and decide' },
    note: {
      vi: 'Mở liên kết chưa quyết định điều gì: bạn duyệt hoặc từ chối trên trang đó. Liên kết chỉ dành cho bạn.',
      en: 'Opening the link decides nothing: you approve or reject on that page. The link is for you alone.',
    },
  },
}

export const CHANNEL_NAMES: Readonly<Record<Channel, Record<Locale, string>>> = {
  IN_APP: { vi: 'Trong ứng dụng', en: 'In the app' },
  APP_PUSH: { vi: 'Thông báo đẩy', en: 'Push' },
  EMAIL: { vi: 'Thư điện tử', en: 'Mail' },
  WEBHOOK: { vi: 'Webhook', en: 'Webhook' },
  SMS: { vi: 'Tin nhắn SMS', en: 'Text message' },
  AUTO_CALL: { vi: 'Cuộc gọi tự động', en: 'Automatic call' },
}

/** After "not sent: ". */
export const REASON_TEXTS: Readonly<Record<Reason, Record<Locale, string>>> = {
  quiet_hours: { vi: 'giờ yên tĩnh đến {until}', en: 'quiet hours until {until}' },
  snoozed: { vi: 'tạm dừng đến {until}', en: 'snoozed until {until}' },
  digest: { vi: 'chờ thư tổng hợp lúc {until}', en: 'it waits for the digest at {until}' },
  many_mails: {
    vi: 'đã có nhiều thư trong giờ này, nên chờ thư tổng hợp lúc {until}',
    en: 'many mails went within the hour, so that it waits for one that lists the others at {until}',
  },
  turned_off: {
    vi: 'người nhận đã tắt kênh này cho loại thông báo này',
    en: 'turned off in the preferences',
  },
  not_by_default: {
    vi: 'kênh này không được bật cho loại thông báo này',
    en: 'this kind does not go this way unless it is turned on in the preferences',
  },
  already_read: { vi: 'đã được đọc trước đó', en: 'it was read before' },
  deleted: { vi: 'thông báo đã bị xóa trước đó', en: 'it was deleted before' },
  left: { vi: 'người nhận không còn hoạt động', en: 'the person is not active any more' },
  no_address: { vi: 'người nhận không có địa chỉ thư', en: 'the person has no mail address' },
  no_phone: { vi: 'người nhận không có số điện thoại', en: 'the person has no phone number' },
  no_subscription: { vi: 'chưa có thiết bị nào đăng ký', en: 'no device is subscribed' },
  subscription_over: {
    vi: 'thiết bị đã hủy đăng ký, đã đăng xuất hoặc đã đổi người dùng',
    en: 'the device is unsubscribed, signed out, or in other hands by now',
  },
  no_webhook: {
    vi: 'tổ chức chưa đặt webhook nào cho loại này',
    en: 'the organisation has no webhook for it',
  },
  no_mail_server: { vi: 'chưa cấu hình máy chủ thư', en: 'no mail server is configured' },
  no_push_keys: { vi: 'chưa cấu hình khóa cho thông báo đẩy', en: 'no keys for push are configured' },
  no_gateway: { vi: 'tổ chức chưa đặt cổng cho kênh này', en: 'the organisation has no gateway for it' },
  webhook_disabled: { vi: 'webhook đang bị tắt', en: 'the webhook is disabled' },
  webhook_deleted: { vi: 'webhook đã bị xóa', en: 'the webhook was deleted' },
  nothing_left: { vi: 'mọi thứ trong đó đã được đọc', en: 'all of it was read before' },
}

/** What came of a delivery; with a reason, REASON_TEXTS go on. */
export const STATUS_TEXTS: Readonly<Record<DeliveryStatus | 'WAITING' | 'RETRYING', Record<Locale, string>>> =
  {
    PENDING: { vi: 'đang được gửi', en: 'on its way' },
    WAITING: { vi: 'chưa gửi: {reason}', en: 'not sent: {reason}' },
    RETRYING: {
      vi: 'lần thử {attempts} không thành ({error}); thử lại lúc {until}',
      en: 'attempt {attempts} failed ({error}); the next one is at {until}',
    },
    SENT: {
      vi: 'đã gửi lúc {at}{attempts, plural, =1 {} other { ở lần thử {attempts}}}',
      en: 'sent at {at}{attempts, plural, =1 {} other {, with attempt {attempts}}}',
    },
    DELIVERED: {
      vi: 'đã đến nơi lúc {at}{attempts, plural, =1 {} other { ở lần thử {attempts}}}',
      en: 'arrived at {at}{attempts, plural, =1 {} other {, with attempt {attempts}}}',
    },
    FAILED: {
      vi: 'bỏ cuộc sau {attempts} lần thử: {error}',
      en: 'given up after {attempts, plural, one {one attempt} other {# attempts}}: {error}',
    },
    SKIPPED: { vi: 'không gửi: {reason}', en: 'not sent: {reason}' },
  }

export function wordIn(
  text: Record<Locale, string>,
  locale: Locale,
  parameters: Record<string, string | number> = {},
): string {
  return formatMessage(text[locale], locale, parameters)
}
