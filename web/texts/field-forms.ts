// What the server says of fields that only the console has.

import type { FieldForm } from '../shared/texts/field-problems.ts'

export const CONSOLE_FIELD_FORMS: readonly FieldForm[] = [
  // A length of time, by the units that it ends in.
  [
    /^must match pattern ".*\(ms\|s\|m\|h\|d\).*"$/,
    { en: 'A length of time, e.g. 30m, 4h, 2d.', vi: 'Cần một khoảng thời gian, ví dụ 30m, 4h, 2d.' },
  ],
  [/^must match pattern .*$/, { en: 'Not written as it must be.', vi: 'Chưa viết đúng dạng.' }],
  [/^must be a (?:day|time).*$/, { en: 'Not a day or time that can be read.', vi: 'Chưa đúng ngày giờ.' }],
  [
    /^scheduledDate has passed; with backdated.*$/,
    {
      en: 'This day has passed. Choose a later one, or write it down as a trip that was made already.',
      vi: 'Ngày này đã qua. Hãy chọn ngày khác, hoặc ghi lại như chuyến đã đi.',
    },
  ],
  [
    /^scheduledDate has passed$/,
    { en: 'This day has passed. Choose a later one.', vi: 'Ngày này đã qua. Hãy chọn ngày khác.' },
  ],
  [/^.*has passed$/, { en: 'This time has passed.', vi: 'Thời điểm này đã qua.' }],
  [
    /^current: this is not your password$/,
    { en: 'That is not your password now.', vi: 'Mật khẩu hiện tại không đúng.' },
  ],
  [/^Rejection reason is required$/, { en: 'Please say why.', vi: 'Hãy điền lý do.' }],
  [
    /^A hand-over says something: .*$/,
    {
      en: 'Fill in the odometer, the level or a note.',
      vi: 'Hãy điền số km, mức nhiên liệu hoặc ghi chú.',
    },
  ],
  [
    /^(.+) takes (\d+) people, and (\d+) travel$/,
    { en: '$1 has $2 seats, and $3 people travel.', vi: '$1 có $2 chỗ, còn đoàn có $3 người.' },
  ],
]
