// The page for whoever could not sign in with an issuer.

import type { AppError } from '../../shared/kit/declare/errors.ts'
import { escapeHtml } from '../../shared/kit/text/html.ts'
import type { Locale } from '../../shared/organisations/schema.ts'
import { ACCOUNT_PATH } from '../../shared/users/account-links.ts'
import { plainPage } from './plain-page.ts'

const WORDS = {
  refused: { vi: 'Chưa đăng nhập được', en: 'You are not signed in' },
  refusedWhy: {
    vi: 'Hệ thống kia đã trả lời, nhưng không thể đăng nhập tại đây. Hãy thử lại, hoặc hỏi quản trị viên của tổ chức.',
    en: 'The other system sent you back, but nobody could be signed in here. Try again, or ask an administrator of your organisation.',
  },
  away: { vi: 'Hệ thống kia không trả lời', en: 'The other system does not answer' },
  awayWhy: { vi: 'Hãy thử lại sau ít phút.', en: 'Try again in a few minutes.' },
  again: { vi: 'Về trang đăng nhập', en: 'Back to the sign-in page' },
} as const satisfies Record<string, Record<Locale, string>>

/** @param problem its sentence is shown as it is, for whoever is asked for help */
export function issuerRefusedPage(lang: Locale, { status, message }: AppError): string {
  const isAway = status >= 500
  const title = WORDS[isAway ? 'away' : 'refused'][lang]
  return plainPage(
    { lang, title, styles: `${ACCOUNT_PATH}/pages` },
    `
      <section>
        <h1>${title}</h1>
        <p>${WORDS[isAway ? 'awayWhy' : 'refusedWhy'][lang]}</p>
        <p class="quiet" lang="en">${escapeHtml(message)}.</p>
        <p><a href="/">${WORDS.again[lang]}</a></p>
      </section>`,
  )
}
