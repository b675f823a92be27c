// What the server refuses, in the reader's language.

import { REFUSALS_IN_VIETNAMESE } from '../shared/texts/refusals.ts'
import { language } from './language.ts'

/** Whose detail names what the sentence leaves out. */
const NEEDS_DETAIL = ['invalid', 'conflict', 'too_many_faqs']

/** @returns undefined: as the server said it */
export function sayRefusal({ code, detail }: { code: string; detail: string }): string | undefined {
  const text = language === 'vi' ? REFUSALS_IN_VIETNAMESE[code] : undefined
  return text && NEEDS_DETAIL.includes(code) ? `${text}: ${detail}` : text
}
