// The page that a mail about an approval leads to, in the approver's language.

import type { DecisionPage } from '../../shared/approvals/actions/by-link.ts'
import type { ApprovalStatus } from '../../shared/approvals/schema.ts'
import { escapeHtml } from '../../shared/kit/text/html.ts'
import { formatInstant } from '../../shared/kit/text/locale.ts'
import type { Locale } from '../../shared/organisations/schema.ts'
import { plainPage } from './plain-page.ts'

export const DECISIONS_PATH = '/decisions'

const WORDS = {
  title: { vi: 'Duyệt yêu cầu', en: 'A request for you to decide' },
  requester: { vi: 'Người yêu cầu', en: 'Requested by' },
  subject: { vi: 'Nội dung', en: 'About' },
  address: { vi: 'Xem tại', en: 'See' },
  deadline: { vi: 'Hạn duyệt', en: 'Decide by' },
  notes: { vi: 'Ghi chú (bắt buộc khi từ chối)', en: 'Notes (needed to reject)' },
  approve: { vi: 'Duyệt', en: 'Approve' },
  reject: { vi: 'Từ chối', en: 'Reject' },
  asWhom: { vi: 'Bạn quyết định với tư cách', en: 'You decide as' },
  needsReason: { vi: 'Hãy ghi lý do từ chối.', en: 'Please write why you reject it.' },
  isChanged: {
    vi: 'Yêu cầu đã thay đổi sau khi bạn mở trang này; chưa có gì được quyết định. Hãy xem lại nội dung bên trên.',
    en: 'The request has changed since you opened this page, and nothing is decided yet. Above it stands as it is now.',
  },
} as const satisfies Record<string, Record<Locale, string>>

const OUTCOMES: Readonly<Record<ApprovalStatus, Record<Locale, string>>> = {
  PENDING: { vi: 'Liên kết này đã được dùng.', en: 'This link was used.' },
  APPROVED: { vi: 'Yêu cầu đã được duyệt.', en: 'The request was approved.' },
  REJECTED: { vi: 'Yêu cầu đã bị từ chối.', en: 'The request was rejected.' },
  EXPIRED: { vi: 'Yêu cầu đã quá hạn duyệt.', en: 'The time to decide is over.' },
  AUTO_APPROVED: { vi: 'Yêu cầu không cần duyệt.', en: 'The request needs no decision.' },
  WITHDRAWN: { vi: 'Yêu cầu đã được rút lại.', en: 'The request was withdrawn.' },
}

/** @param link as it stands in the address; the form sends it back */
export function decisionPage(
  view: DecisionPage,
  link: string,
  problem?: 'needsReason' | 'isChanged',
  notes = '',
): string {
  const { locale } = view.reader
  const say = (key: keyof typeof WORDS): string => escapeHtml(WORDS[key][locale])
  if (!view.isOpen)
    return page(
      locale,
      WORDS.title[locale],
      `
    <section>
      <h1>${escapeHtml(OUTCOMES[view.approval.status][locale])}</h1>
      ${facts(view)}
    </section>`,
    )
  return page(
    locale,
    WORDS.title[locale],
    `
    <form method="post" action="${DECISIONS_PATH}">
      <h1>${say('title')}</h1>
      ${facts(view)}
      ${problem ? `<p class="problem" role="alert">${say(problem)}</p>` : ''}
      <label>${say('notes')} <textarea name="notes" maxlength="1000">${escapeHtml(notes)}</textarea></label>
      <input type="hidden" name="link" value="${escapeHtml(link)}">
      <input type="hidden" name="version" value="${view.approval.version}">
      <div class="choice">
        <button name="decision" value="approve">${say('approve')}</button>
        <button name="decision" value="reject" class="second">${say('reject')}</button>
      </div>
      <p class="quiet">${say('asWhom')} ${escapeHtml(view.reader.fullName)}, ${escapeHtml(view.reader.orgName)}.</p>
    </form>`,
  )
}

function facts({
  approval: { requester, subject, expiresAt },
  reader: { locale, timezone },
}: DecisionPage): string {
  const rows = [
    [WORDS.requester[locale], [requester.fullName, requester.department].filter(Boolean).join(', ')],
    [WORDS.subject[locale], subject.title],
    ...subject.fields.map(({ label, value }) => [label, value] as const),
    [WORDS.address[locale], subject.url ?? ''],
    [WORDS.deadline[locale], expiresAt ? formatInstant(expiresAt, locale, timezone) : ''],
  ] as const
  return `<dl>${rows
    .filter(([, value]) => value)
    .map(
      ([name, value]) =>
        `<dt>${escapeHtml(name)}</dt><dd>${value === subject.url ? anchorTo(value) : escapeHtml(value)}</dd>`,
    )
    .join('')}</dl>`
}

/** What is behind it learns nothing of this page, whose address is a secret. */
function anchorTo(url: string): string {
  const written = escapeHtml(url)
  return `<a href="${written}" rel="noopener noreferrer" target="_blank">${written}</a>`
}

function page(lang: string, title: string, body: string): string {
  return plainPage({ lang, title, styles: `${DECISIONS_PATH}/pages` }, body)
}
