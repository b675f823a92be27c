// The page on which the first organisation is made, in two languages.

import { escapeHtml } from '../../shared/kit/text/html.ts'
import type { Locale } from '../../shared/organisations/schema.ts'
import { fieldHtml, type Field } from './form-fields.ts'
import { plainPage } from './plain-page.ts'

export const FIRST_RUN_PATH = '/first-run'

const WORDS = {
  title: { vi: 'Bắt đầu với Bellhop', en: 'Welcome to Bellhop' },
  intro: {
    vi: 'Chưa có tổ chức nào ở đây. Hãy tạo tổ chức đầu tiên và tài khoản quản trị của bạn.',
    en: 'Nobody is here yet. Make the first organisation, and your own account as its admin.',
  },
  submit: { vi: 'Tạo tổ chức', en: 'Make the organisation' },
  wrong: { vi: 'Hãy sửa những ô được đánh dấu.', en: 'Please mend the fields that are marked.' },
  done: { vi: 'Tổ chức đã sẵn sàng', en: 'Your organisation is ready' },
  next: {
    vi: 'Đăng nhập với địa chỉ thư và mật khẩu vừa chọn, rồi thêm mọi người trong mục Nhân sự: từng người, hoặc từ một tệp.',
    en: 'Sign in with the address and the password that you chose, and add the others under People: one by one, or from a file.',
  },
  signIn: { vi: 'Đăng nhập', en: 'Sign in' },
  api: { vi: 'Tài liệu API', en: 'What the API can do' },
  queues: { vi: 'Hàng đợi công việc', en: 'The queues' },
  late: { vi: 'Tổ chức đầu tiên đã được tạo', en: 'The first organisation was made already' },
  other: { vi: 'English', en: 'Tiếng Việt' },
} as const satisfies Record<string, Record<Locale, string>>

type Label = Readonly<Record<Locale, readonly [label: string, hint: string]>>

const FIELDS: readonly (Omit<Field, 'label' | 'hint'> & { words: Label })[] = [
  {
    name: 'code',
    more: { autocomplete: 'off', spellcheck: 'false', maxlength: '40', autofocus: '' },
    words: {
      vi: ['Mã', 'Mã dùng một lần, có trong nhật ký của máy chủ khi khởi động.'],
      en: ['Code', 'The one-time code that the server wrote into its log when it started.'],
    },
  },
  {
    name: 'name',
    more: { autocomplete: 'organization', maxlength: '200' },
    words: {
      vi: ['Tên tổ chức', 'Như khách hàng và nhân viên vẫn gọi.'],
      en: ['Name of the organisation', 'As customers and staff call it.'],
    },
  },
  {
    name: 'slug',
    more: { autocomplete: 'off', pattern: '[a-z0-9]+(-[a-z0-9]+)*', maxlength: '40', spellcheck: 'false' },
    words: {
      vi: ['Tên ngắn', 'Chữ thường không dấu, chữ số và dấu gạch nối, ví dụ hoa-sen. Có trong mã đặt chỗ.'],
      en: [
        'Short name',
        'Lower-case letters, digits and hyphens, such as blue-lotus. It stands in booking codes.',
      ],
    },
  },
  {
    name: 'timezone',
    words: {
      vi: ['Múi giờ', 'Giờ mở cửa và hạn duyệt tính theo múi giờ này.'],
      en: ['Time zone', 'Opening hours and deadlines are counted in it.'],
    },
  },
  {
    name: 'fullName',
    more: { autocomplete: 'name', maxlength: '200' },
    words: { vi: ['Họ tên của bạn', 'Họ và tên đầy đủ.'], en: ['Your name', 'Your full name.'] },
  },
  {
    name: 'email',
    type: 'email',
    more: { autocomplete: 'username', maxlength: '254' },
    words: {
      vi: ['Địa chỉ thư của bạn', 'Ví dụ ten@congty.vn. Bạn đăng nhập bằng địa chỉ này.'],
      en: ['Your e-mail address', 'Such as name@example.com. You sign in with it.'],
    },
  },
  {
    name: 'password',
    type: 'password',
    more: { autocomplete: 'new-password', minlength: '8', maxlength: '200' },
    words: { vi: ['Mật khẩu', 'Ít nhất 8 ký tự.'], en: ['Password', 'At least 8 characters.'] },
  },
]

const ZONE = 'Asia/Ho_Chi_Minh'
/** Under the names that people use now; Node lists this one under an older. */
const ZONES = [ZONE, ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'Asia/Saigon')].map(
  (zone) => [zone, zone] as const,
)

/** @param given what was sent, to be mended @param wrong names of fields */
export function firstRunPage(
  locale: Locale,
  given: Readonly<Record<string, string>> = {},
  wrong: readonly string[] = [],
): string {
  const fields = FIELDS.map(({ words, ...field }) => {
    const [label, hint] = words[locale]
    const value = given[field.name] ?? (field.name === 'timezone' ? ZONE : '')
    const isWrong = wrong.includes(field.name)
    return fieldHtml({
      ...field,
      label,
      hint,
      value,
      isWrong,
      ...(field.name === 'timezone' && { choices: ZONES }),
    })
  })
  const other = locale === 'vi' ? 'en' : 'vi'
  return page(
    locale,
    WORDS.title[locale],
    `<form method="post" action="${FIRST_RUN_PATH}?lang=${locale}">
      <h1>${WORDS.title[locale]}</h1>
      <p>${WORDS.intro[locale]}</p>
      ${wrong.length > 0 ? `<p class="problem" role="alert">${WORDS.wrong[locale]}</p>` : ''}
      ${fields.join('\n      ')}
      <button>${WORDS.submit[locale]}</button>
      <p class="quiet"><a href="/?lang=${other}" lang="${other}">${WORDS.other[locale]}</a></p>
    </form>`,
  )
}

export function foundedPage(locale: Locale, organisation: string): string {
  return page(
    locale,
    WORDS.done[locale],
    `<section>
      <h1>${WORDS.done[locale]}</h1>
      <p>${escapeHtml(organisation)}</p>
      <p>${WORDS.next[locale]}</p>
      ${links(locale)}
    </section>`,
  )
}

export function tooLatePage(locale: Locale): string {
  return page(
    locale,
    WORDS.late[locale],
    `<section><h1>${WORDS.late[locale]}</h1>
      ${links(locale)}</section>`,
  )
}

const links = (locale: Locale): string =>
  `<p><a href="/">${WORDS.signIn[locale]}</a></p>
      <p><a href="/docs">${WORDS.api[locale]}</a></p><p><a href="/admin/queues">${WORDS.queues[locale]}</a></p>`

const page = (lang: Locale, title: string, body: string): string =>
  plainPage({ lang, title, styles: `${FIRST_RUN_PATH}/pages` }, body)
