// The pages on which people choose their password, and ask for a mail that lets them.

import { escapeHtml } from '../../shared/kit/text/html.ts'
import type { Locale } from '../../shared/organisations/schema.ts'
import { ACCOUNT_PATH, type LinkKind } from '../../shared/users/account-links.ts'
import type { Addressee } from '../../shared/users/queries.ts'
import { fieldHtml } from './form-fields.ts'
import { frameAccountPage } from './account-frame.ts'

export const FORGOT_PATH = `${ACCOUNT_PATH}/forgot`

const WORDS = {
  invitation: { vi: 'Chọn mật khẩu', en: 'Choose your password' },
  reset: { vi: 'Đặt mật khẩu mới', en: 'Choose a new password' },
  email: { vi: 'Địa chỉ thư', en: 'E-mail address' },
  password: { vi: 'Mật khẩu', en: 'Password' },
  length: { vi: 'Ít nhất 8 ký tự.', en: 'At least 8 characters.' },
  save: { vi: 'Lưu mật khẩu', en: 'Save the password' },
  done: { vi: 'Mật khẩu đã được lưu', en: 'Your password is saved' },
  next: {
    vi: 'Bạn có thể đăng nhập bằng địa chỉ {email} và mật khẩu này. Các phiên khác đã kết thúc.',
    en: 'You can sign in with {email} and this password. Your other sessions have ended.',
  },
  signIn: { vi: 'Đăng nhập', en: 'Sign in' },
  forgot: { vi: 'Quên mật khẩu?', en: 'Forgot your password?' },
  askWhere: {
    vi: 'Chúng tôi gửi liên kết để chọn mật khẩu mới đến địa chỉ của bạn.',
    en: 'We send a link by which you choose a new one to your address.',
  },
  send: { vi: 'Gửi liên kết', en: 'Send the link' },
  wrongAddress: { vi: 'Ví dụ ten@congty.vn.', en: 'Such as name@example.com.' },
  sent: { vi: 'Hãy xem hộp thư của bạn', en: 'Look into your mail' },
  sentWhat: {
    vi: 'Nếu địa chỉ này có tài khoản, liên kết sẽ đến trong vài phút và dùng được trong một giờ.',
    en: 'If there is an account with this address, the link arrives within minutes and is good for an hour.',
  },
  over: { vi: 'Liên kết không dùng được nữa', en: 'This link does not work any more' },
  overWhy: {
    vi: 'Liên kết đã được dùng hoặc đã hết hạn. Bạn có thể xin liên kết mới; nếu bạn được mời, hãy hỏi quản trị viên.',
    en: 'It was used, or its time is over. Ask for a new one; if you were invited, ask your administrator.',
  },
} as const satisfies Record<string, Record<Locale, string>>

/** @param link as it stands in the address; the form sends it back */
export function choosePasswordPage(
  { kind, reader }: { kind: LinkKind; reader: Addressee },
  link: string,
  isWrong = false,
): string {
  const { locale, email, orgName, fullName } = reader
  return frameAccountPage(
    locale,
    WORDS[kind][locale],
    `<form method="post" action="${ACCOUNT_PATH}">
      <h1>${WORDS[kind][locale]}</h1>
      <p>${escapeHtml(fullName)}, ${escapeHtml(orgName)}</p>
      ${fieldHtml({
        name: 'email',
        type: 'email',
        label: WORDS.email[locale],
        value: email,
        more: { readonly: '', autocomplete: 'username' },
      })}
      ${fieldHtml({
        name: 'password',
        type: 'password',
        label: WORDS.password[locale],
        hint: WORDS.length[locale],
        isWrong,
        more: { autocomplete: 'new-password', minlength: '8', maxlength: '200', autofocus: '' },
      })}
      <input type="hidden" name="link" value="${escapeHtml(link)}">
      <button>${WORDS.save[locale]}</button>
    </form>`,
  )
}

/** @param app where they sign in */
export function passwordSavedPage({ locale, email }: Addressee, app: string): string {
  const next = WORDS.next[locale].replace('{email}', () => email)
  return frameAccountPage(
    locale,
    WORDS.done[locale],
    `<section><h1>${WORDS.done[locale]}</h1><p>${escapeHtml(next)}</p>
      <p><a href="${escapeHtml(app)}">${WORDS.signIn[locale]}</a></p></section>`,
  )
}

export function forgotPage(locale: Locale, given = '', isWrong = false): string {
  return frameAccountPage(
    locale,
    WORDS.forgot[locale],
    `<form method="post" action="${FORGOT_PATH}?lang=${locale}">
      <h1>${WORDS.forgot[locale]}</h1>
      <p>${WORDS.askWhere[locale]}</p>
      ${fieldHtml({
        name: 'email',
        type: 'email',
        label: WORDS.email[locale],
        value: given,
        isWrong,
        ...(isWrong && { hint: WORDS.wrongAddress[locale] }),
        more: { autocomplete: 'username', maxlength: '254', autofocus: '' },
      })}
      <button>${WORDS.send[locale]}</button>
    </form>`,
  )
}

export function linkSentPage(locale: Locale): string {
  return frameAccountPage(
    locale,
    WORDS.sent[locale],
    `<section><h1>${WORDS.sent[locale]}</h1><p>${WORDS.sentWhat[locale]}</p></section>`,
  )
}

/** The same for a link that was used, is over, or is none of ours. */
export function linkOverPage(locale: Locale): string {
  return frameAccountPage(
    locale,
    WORDS.over[locale],
    `<section><h1>${WORDS.over[locale]}</h1><p>${WORDS.overWhy[locale]}</p>
      <p><a href="${FORGOT_PATH}?lang=${locale}">${WORDS.forgot[locale]}</a></p></section>`,
  )
}
