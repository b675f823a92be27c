// A mail in two forms: plain text, and HTML for programs that know tables and inline styles at most. It is readable
// without any of its styles; those in its head only add the dark colours, for programs that take them.

import { escapeHtml } from '../../kit/text/html.ts'
import { formatInstant } from '../../kit/text/locale.ts'
import type { Email } from '../../kit/outside/mailer.ts'
import { oneLineOf } from '../../kit/text/text.ts'
import type { Addressee } from '../../users/queries.ts'
import { MAIL, wordIn } from '../wording.ts'

export interface Paragraph {
  title: string
  message: string
  at: Date
  /** Where to go on: the first before others. */
  buttons?: readonly Button[]
}

export interface Button {
  label: string
  url: string
  note?: string
}

type Mail = Pick<Email, 'id' | 'unsubscribeUrl'>
type Reader = Pick<Addressee, 'fullName' | 'email' | 'locale' | 'timezone' | 'orgName'>

/** About one thing. */
export function emailAbout(reader: Reader, mail: Mail, paragraph: Paragraph): Email {
  return letter(reader, mail, paragraph.title, [], [paragraph])
}

/** About many. @param count of all that goes with it; the paragraphs may be the first of them */
export function digestEmail(
  reader: Reader,
  mail: Mail,
  paragraphs: readonly Paragraph[],
  count: number,
): Email {
  const subject = wordIn(MAIL.digestSubject, reader.locale, { count, org: reader.orgName })
  const left = count - paragraphs.length
  const intro = [
    wordIn(MAIL.digestIntro, reader.locale),
    ...(left > 0 ? [wordIn(MAIL.digestMore, reader.locale, { count: left })] : []),
  ]
  return letter(reader, mail, subject, intro, paragraphs)
}

function letter(
  reader: Reader,
  mail: Mail,
  subject: string,
  intro: readonly string[],
  paragraphs: readonly Paragraph[],
): Email {
  const greeting = wordIn(MAIL.greeting, reader.locale, { name: reader.fullName })
  const footer = wordIn(MAIL.footer, reader.locale, { org: reader.orgName })
  const unsubscribe = mail.unsubscribeUrl && wordIn(MAIL.unsubscribe, reader.locale)
  const opening = [greeting, ...intro]
  return {
    ...mail,
    subject: oneLineOf(subject),
    to: { name: oneLineOf(reader.fullName), address: reader.email },
    text: [
      ...opening,
      ...paragraphs.map((each) => textOf(each, reader)),
      '-- ',
      unsubscribe ? `${footer}\n${unsubscribe}: ${mail.unsubscribeUrl}` : footer,
    ].join('\n\n'),
    html: page(
      reader,
      subject,
      [
        ...opening.map((line) => `<p class="ink" style="${P};color:${INK}">${escapeHtml(line)}</p>`),
        ...paragraphs.map((each) => htmlOf(each, reader)),
      ].join('\n'),
      mail.unsubscribeUrl && unsubscribe
        ? `${escapeHtml(footer)} <a class="quiet" href="${escapeHtml(mail.unsubscribeUrl)}" style="color:${QUIET}">${escapeHtml(unsubscribe)}</a>`
        : escapeHtml(footer),
    ),
  }
}

function textOf({ title, message, at, buttons = [] }: Paragraph, { locale, timezone }: Reader): string {
  const lines = [title, message, formatInstant(at, locale, timezone)]
  const ways = buttons.flatMap(({ label, url, note }) => ['', `${label}:`, url, ...(note ? [note] : [])])
  return [...lines, ...ways].join('\n')
}

const FONT = `font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif`
const P = 'margin:0 0 16px;font-size:16px;line-height:1.5'
const [GROUND, CARD, LINE, INK, QUIET, ACCENT] = [
  '#f4f5f7',
  '#ffffff',
  '#d5dae1',
  '#18202c',
  '#5a6675',
  '#1f5fbf',
]

/** The same names as in the board's own pages. */
const DARK =
  `
    :root { color-scheme: light dark; supported-color-schemes: light dark; }
    @media (max-width: 520px) { .outer { padding: 12px !important; } .card { padding: 20px !important; } ` +
  `.button { display: block !important; text-align: center; } }
    @media (prefers-color-scheme: dark) {
      body, .ground { background: #14181f !important; }
      .card { background: #1d232d !important; border-color: #384252 !important; }
      .ink { color: #e8ecf2 !important; }
      .quiet { color: #9aa7b8 !important; }
      .rule { border-color: #384252 !important; }
      .link { color: #5b9bf5 !important; }
      .button { background: #5b9bf5 !important; color: #0c1420 !important; }
    }`

function htmlOf({ title, message, at, buttons = [] }: Paragraph, { locale, timezone }: Reader): string {
  return `<div class="rule" style="border-top:1px solid ${LINE};padding-top:16px">
  <h1 class="ink" style="margin:0 0 8px;font-size:20px;line-height:1.3;color:${INK}">${escapeHtml(title)}</h1>
  <p class="ink" style="${P};color:${INK};overflow-wrap:anywhere">${escapeHtml(message).replaceAll('\n', '<br>')}</p>
  <p class="quiet" style="margin:0 0 16px;font-size:13px;line-height:1.5;color:${QUIET}">${escapeHtml(formatInstant(at, locale, timezone))}</p>${buttons.map(drawButton).join('')}
</div>`
}

/** One that stands out, and links for whatever else can be done. */
function drawButton({ label, url, note }: Button, at: number): string {
  const style =
    at === 0
      ? `class="button" style="display:inline-block;padding:12px 20px;border-radius:8px;background:${ACCENT};color:#ffffff;font-size:16px;font-weight:600;text-decoration:none"`
      : `class="link" style="color:${ACCENT};font-size:16px"`
  const noted = note
    ? `\n  <p class="quiet" style="margin:0 0 16px;font-size:13px;line-height:1.5;color:${QUIET}">${escapeHtml(note)}</p>`
    : ''
  return `\n  <p style="margin:0 0 12px"><a href="${escapeHtml(url)}" ${style}>${escapeHtml(label)}</a></p>${noted}`
}

function page({ locale, orgName }: Reader, subject: string, body: string, footer: string): string {
  return (
    `<!doctype html>
<html lang="${locale}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="supported-color-schemes" content="light dark">
    <title>${escapeHtml(subject)}</title>
    <style>${DARK}
    </style>
  </head>
  <body style="margin:0;background:${GROUND}">
    <table role="presentation" class="ground" width="100%" cellspacing="0" cellpadding="0" ` +
    `style="background:${GROUND};${FONT}"><tr><td class="outer" align="center" style="padding:24px">
      <table role="presentation" width="100%" cellspacing="0" cellpadding="0" style="max-width:560px;text-align:left"><tr><td>
        <p class="ink" style="margin:0 0 12px;font-size:15px;font-weight:700;color:${INK}">${escapeHtml(orgName)}</p>
        <div class="card" style="background:${CARD};border:1px solid ${LINE};border-radius:12px;padding:28px 28px 12px">
${body}
        </div>
        <p class="quiet" style="margin:16px 0 0;font-size:12px;line-height:1.5;color:${QUIET}">${footer}</p>
      </td></tr></table>
    </td></tr></table>
  </body>
</html>
`
  )
}
