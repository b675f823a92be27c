// What the server says of a field, or of a request, so that a person can follow it. It says it in English, in a handful of forms;
// what has no form here is shown as it was said.

import type { Language } from '../language.ts'

type Words = Readonly<Record<Language, string>>

const FORMS: readonly (readonly [RegExp, Words])[] = [
  [
    /^is missing$|^must not be blank$|^must NOT have fewer than 1 (?:characters|items)$/,
    { en: 'Please fill this in.', vi: 'Hãy điền mục này.' },
  ],
  [/^must NOT have more than (\d+) characters$/, { en: 'At most $1 characters.', vi: 'Tối đa $1 ký tự.' }],
  [/^must NOT have fewer than (\d+) characters$/, { en: 'At least $1 characters.', vi: 'Ít nhất $1 ký tự.' }],
  [/^must be >= (\S+)$/, { en: 'At least $1.', vi: 'Ít nhất là $1.' }],
  [/^must be <= (\S+)$/, { en: 'At most $1.', vi: 'Nhiều nhất là $1.' }],
  [/^must be (?:an )?(?:integer|number).*$/, { en: 'Must be a number.', vi: 'Phải là số.' }],
  [/^must be one of (.+)$/, { en: 'Choose one of: $1.', vi: 'Chọn một trong: $1.' }],
  [/^must be an e-mail address$/, { en: 'This is not an e-mail address.', vi: 'Không phải địa chỉ e-mail.' }],
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

/** @returns undefined: it has no form here */
export function findWords(language: Language, message: string): string | undefined {
  const found = FORMS.find(([form]) => form.test(message))
  return found && message.replace(found[0], found[1][language])
}

export const sayFieldIn = (language: Language, message: string): string =>
  findWords(language, message) ?? message
