// What the server says of a field, or of a request, so that a person can follow it. It says it in English, in a handful of forms;
// what has no form here is shown as it was said.

import type { Language } from '../language.ts'

export type FieldForm = readonly [RegExp, Readonly<Record<Language, string>>]

const FORMS: FieldForm[] = [
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
]

/** The console knows forms of things that no widget asks for; what pages of others embed stays small. */
export function addFieldForms(more: readonly FieldForm[]): void {
  FORMS.unshift(...more)
}

/** @returns undefined: it has no form here */
export function findWords(language: Language, message: string): string | undefined {
  const found = FORMS.find(([form]) => form.test(message))
  return found && message.replace(found[0], found[1][language])
}

export const sayFieldIn = (language: Language, message: string): string =>
  findWords(language, message) ?? message
