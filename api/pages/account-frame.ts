// The frame of the pages about one's account: with a way back to where one signs in.

import type { Locale } from '../../shared/organisations/schema.ts'
import { ACCOUNT_PATH } from '../../shared/users/account-links.ts'
import { plainPage } from './plain-page.ts'

const BACK: Readonly<Record<Locale, string>> = { vi: 'Quay lại đăng nhập', en: 'Back to the sign-in' }

/** @param body HTML, whose texts are escaped already */
export function frameAccountPage(lang: Locale, title: string, body: string): string {
  const back = `<p class="back"><a href="/">${BACK[lang]}</a></p>`
  return plainPage({ lang, title, styles: `${ACCOUNT_PATH}/pages` }, `${body}\n      ${back}`)
}
