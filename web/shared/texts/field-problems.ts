// What the server says of a field, in the reader's language. It says it in English, in a handful of forms; what has no form here is
// shown as it was said.

import type { Language } from '../language.ts'

const IN_VIETNAMESE: readonly (readonly [RegExp, string])[] = [
  [/^is missing$|^must not be blank$|fewer than 1 char/, 'Cần điền.'],
  [/^must NOT have more than (\d+) characters$/, 'Tối đa $1 ký tự.'],
  [/^must NOT have fewer than (\d+) characters$/, 'Ít nhất $1 ký tự.'],
  [/^must be >= (\S+)$/, 'Ít nhất là $1.'],
  [/^must be <= (\S+)$/, 'Nhiều nhất là $1.'],
  [/^must be (?:an )?(?:integer|number).*$/, 'Phải là số.'],
  [/^must be one of (.+)$/, 'Chọn một trong: $1.'],
  [/^must be an e-mail address$/, 'Không phải địa chỉ e-mail.'],
  [/^must be a (?:day|time).*$/, 'Chưa đúng ngày giờ.'],
  [/^.*has passed$/, 'Thời điểm này đã qua.'],
]

export function sayFieldIn(language: Language, message: string): string {
  if (language === 'en') return message
  const [form, words] = IN_VIETNAMESE.find(([each]) => each.test(message)) ?? []
  return form && words ? message.replace(form, words) : message
}
