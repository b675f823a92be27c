// The pages on which people set up a second factor, and remove it.

import { escapeHtml } from '../../shared/kit/text/html.ts'
import type { Locale } from '../../shared/organisations/schema.ts'
import { ACCOUNT_PATH } from '../../shared/users/account-links.ts'
import type { Enrolment } from '../../shared/users/schema.ts'
import { FORGOT_PATH } from './account-pages.ts'
import { fieldHtml } from './form-fields.ts'
import { frameAccountPage } from './account-frame.ts'
import { qrCodeHtml } from './qr-code.ts'

export const SECOND_FACTOR_PATH = `${ACCOUNT_PATH}/second-factor`

const WORDS = {
  title: { vi: 'Xác thực hai lớp', en: 'Second factor' },
  why: {
    vi: 'Ngoài mật khẩu, bạn đăng nhập bằng mã mà ứng dụng xác thực trên điện thoại hiển thị.',
    en: 'Beside your password you sign in with a code that an authenticator app on your phone shows.',
  },
  email: { vi: 'Địa chỉ thư hoặc số điện thoại', en: 'E-mail address or phone number' },
  password: { vi: 'Mật khẩu', en: 'Password' },
  org: { vi: 'Tổ chức', en: 'Organisation' },
  wrong: { vi: 'Địa chỉ hoặc mật khẩu không đúng.', en: 'The address or the password is wrong.' },
  next: { vi: 'Tiếp tục', en: 'Continue' },
  forgot: { vi: 'Quên mật khẩu?', en: 'Forgot your password?' },
  scan: {
    vi: 'Quét mã này bằng ứng dụng xác thực, rồi nhập mã gồm sáu chữ số mà ứng dụng hiển thị.',
    en: 'Scan this with the app, and type the six digits that it shows.',
  },
  picture: { vi: 'Mã QR cho ứng dụng xác thực', en: 'QR code for the authenticator app' },
  byHand: { vi: 'Hoặc nhập khóa này vào ứng dụng:', en: 'Or type this key into the app:' },
  code: { vi: 'Mã của ứng dụng', en: 'Code of the app' },
  wrongCode: {
    vi: 'Mã không đúng hoặc đã được dùng. Hãy chờ mã tiếp theo.',
    en: 'It is wrong, or was used. Wait for the next one.',
  },
  turnOn: { vi: 'Bật', en: 'Turn it on' },
  isOn: {
    vi: 'Xác thực hai lớp đang bật. Để đổi sang ứng dụng khác, hãy gỡ rồi thiết lập lại.',
    en: 'It is on. To move to another app, remove it and set it up anew.',
  },
  codeOrRecovery: { vi: 'Mã của ứng dụng hoặc mã khôi phục', en: 'Code of the app, or a recovery code' },
  remove: { vi: 'Gỡ', en: 'Remove it' },
  saved: { vi: 'Xác thực hai lớp đã bật', en: 'The second factor is on' },
  keep: {
    vi: 'Hãy cất mười mã khôi phục này: mỗi mã thay ứng dụng một lần nếu bạn mất điện thoại, và không hiện lại nữa.',
    en: 'Keep these recovery codes: each stands in for the app once when you lost your phone. They are never shown again.',
  },
  ended: { vi: 'Các phiên khác đã kết thúc.', en: 'Your other sessions have ended.' },
  removed: { vi: 'Xác thực hai lớp đã được gỡ', en: 'The second factor is removed' },
  onlyPassword: {
    vi: 'Bạn lại đăng nhập chỉ bằng mật khẩu.',
    en: 'You sign in with your password alone again.',
  },
  again: { vi: 'Thiết lập lại', en: 'Set it up anew' },
  over: { vi: 'Hết thời gian', en: 'The time is over' },
  overWhy: { vi: 'Bạn có năm phút cho mỗi lần. Hãy bắt đầu lại.', en: 'You have five minutes. Begin anew.' },
} as const satisfies Record<string, Record<Locale, string>>

type Choices = readonly (readonly [value: string, label: string])[]

/** @param given what was typed before · @param problem a sentence · @param orgs of which one is chosen, where the password fits several */
export function provePasswordPage(
  locale: Locale,
  { given = '', problem, orgs }: { given?: string; problem?: string; orgs?: Choices } = {},
): string {
  return frameAccountPage(
    locale,
    WORDS.title[locale],
    `<form method="post" action="${SECOND_FACTOR_PATH}?lang=${locale}">
      <h1>${WORDS.title[locale]}</h1>
      <p>${WORDS.why[locale]}</p>
      ${problem ? `<p class="problem" role="alert">${escapeHtml(problem)}</p>` : ''}
      ${fieldHtml({
        name: 'email',
        label: WORDS.email[locale],
        value: given,
        more: { autocomplete: 'username', maxlength: '254', ...(!given && { autofocus: '' }) },
      })}
      ${fieldHtml({
        name: 'password',
        type: 'password',
        label: WORDS.password[locale],
        more: { autocomplete: 'current-password', maxlength: '200', ...(given && { autofocus: '' }) },
      })}
      ${orgs ? fieldHtml({ name: 'org', label: WORDS.org[locale], choices: orgs }) : ''}
      <button>${WORDS.next[locale]}</button>
      <p class="quiet"><a href="${FORGOT_PATH}?lang=${locale}">${WORDS.forgot[locale]}</a></p>
    </form>`,
  )
}

export const wrongPassword = (locale: Locale): string => WORDS.wrong[locale]

export function enrolPage(
  locale: Locale,
  { secret, uri }: Enrolment,
  challenge: string,
  isWrong = false,
): string {
  return frameAccountPage(
    locale,
    WORDS.title[locale],
    `<form method="post" action="${SECOND_FACTOR_PATH}/on?lang=${locale}">
      <h1>${WORDS.title[locale]}</h1>
      <p>${WORDS.scan[locale]}</p>
      ${qrCodeHtml(uri, WORDS.picture[locale])}
      <p class="quiet">${WORDS.byHand[locale]} <code>${secret.replaceAll(/.{4}(?=.)/g, '$& ')}</code></p>
      ${codeHtml(locale, WORDS.code[locale], isWrong)}
      <input type="hidden" name="challenge" value="${escapeHtml(challenge)}">
      <button>${WORDS.turnOn[locale]}</button>
    </form>`,
  )
}

export function removePage(locale: Locale, challenge: string, isWrong = false): string {
  return frameAccountPage(
    locale,
    WORDS.title[locale],
    `<form method="post" action="${SECOND_FACTOR_PATH}/off?lang=${locale}">
      <h1>${WORDS.title[locale]}</h1>
      <p>${WORDS.isOn[locale]}</p>
      ${codeHtml(locale, WORDS.codeOrRecovery[locale], isWrong)}
      <input type="hidden" name="challenge" value="${escapeHtml(challenge)}">
      <button>${WORDS.remove[locale]}</button>
    </form>`,
  )
}

export function recoveryCodesPage(locale: Locale, codes: readonly string[]): string {
  return frameAccountPage(
    locale,
    WORDS.saved[locale],
    `<section>
      <h1>${WORDS.saved[locale]}</h1>
      <p>${WORDS.keep[locale]} ${WORDS.ended[locale]}</p>
      <ol class="codes">${codes.map((code) => `<li><code>${code}</code></li>`).join('')}</ol>
    </section>`,
  )
}

export const removedPage = (locale: Locale): string =>
  farewell(locale, WORDS.removed[locale], WORDS.onlyPassword[locale])

export const challengeOverPage = (locale: Locale): string =>
  farewell(locale, WORDS.over[locale], WORDS.overWhy[locale])

function farewell(locale: Locale, title: string, text: string): string {
  return frameAccountPage(
    locale,
    title,
    `<section><h1>${title}</h1><p>${text}</p>
      <p><a href="${SECOND_FACTOR_PATH}?lang=${locale}">${WORDS.again[locale]}</a></p></section>`,
  )
}

function codeHtml(locale: Locale, label: string, isWrong: boolean): string {
  return fieldHtml({
    name: 'code',
    label,
    isWrong,
    ...(isWrong && { hint: WORDS.wrongCode[locale] }),
    more: { autocomplete: 'one-time-code', maxlength: '40', autocapitalize: 'off', autofocus: '' },
  })
}
