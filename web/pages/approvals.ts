// What was asked of me, by me, of those in whose place I decide, or of everybody; and one of them with all its steps.

import { html, nothing, type TemplateResult } from 'lit'
import { client, myself } from '../client.ts'
import { approvalCard, approvalSteps } from '../elements/approval.ts'
import { emptyState, pageHead } from '../elements/basic.ts'
import { liveList } from '../elements/live-list.ts'
import { tabs } from '../elements/tabs.ts'
import { Followed, Page } from '../page.ts'
import { drawWaiting } from '../shared/live-lines.ts'
import { linkTo } from '../router.ts'
import { approvalText } from '../texts/approval.ts'
import { bookingText } from '../texts/booking.ts'
import { t } from '../texts/console.ts'
import { language } from '../texts/language.ts'

const AS = ['approver', 'requester', 'delegate', 'admin'] as const
const STATUSES = ['PENDING', 'APPROVED', 'REJECTED', 'EXPIRED'] as const

class Approvals extends Page {
  readonly #list = new Followed(this, () => client.live.approvals(this.#query()))
  #asked = ''

  #query(): { as: (typeof AS)[number]; status?: (typeof STATUSES)[number] } {
    const { query } = this.address
    const status = STATUSES.find((each) => each === (query.get('status') ?? 'PENDING'))
    return { as: AS.find((each) => each === query.get('as')) ?? 'approver', ...(status && { status }) }
  }

  protected override willUpdate(): void {
    const asked = JSON.stringify(this.#query())
    if (this.#asked && asked !== this.#asked) this.#list.reopen()
    this.#asked = asked
  }

  override render(): TemplateResult {
    const { as, status = 'all' } = this.#query()
    const shown = AS.filter((each) => each !== 'admin' || myself().role === 'ADMIN')
    const empty = emptyState('approvals', approvalText.empty, approvalText.emptyWhy)
    return html`
      ${pageHead(t.sections.approvals)}
      <div class="filters">
        ${tabs(
          t.sections.approvals,
          shown.map((each) => [
            approvalText.as[each],
            linkTo('approvals', undefined, { as: each, status }),
            each === as,
          ]),
        )}
        ${tabs(approvalText.status.PENDING, [
          ...STATUSES.map(
            (each) =>
              [
                approvalText.status[each],
                linkTo('approvals', undefined, { as, status: each }),
                each === status,
              ] as const,
          ),
          [approvalText.all, linkTo('approvals', undefined, { as, status: 'all' }), status === 'all'],
        ])}
      </div>
      <h2 class="sr-only">${approvalText.as[as]}</h2>
      ${liveList(this.#list.list, approvalCard, empty, t.sections.approvals)}
    `
  }
}
customElements.define('bellhop-approvals', Approvals)

class ApprovalPage extends Page {
  readonly #followed = new Followed(this, () => client.live.approval(this.address.id ?? ''))

  override render(): TemplateResult {
    const list = this.#followed.list
    const approval = list?.get()[0]
    const head = pageHead(approval?.subject.title ?? t.sections.approvals, nothing, linkTo('approvals'))
    if (!approval) return html`${head}${drawWaiting(language, list, 2)}`
    return html`
      ${head}
      <div class="sections">
        <h2 class="sr-only">${bookingText.details}</h2>
        <ul class="lines">
          ${approvalCard(approval)}
        </ul>
        <section>
          <h2>${approvalText.steps}</h2>
          <div class="card padded">${approvalSteps(approval)}</div>
        </section>
        ${
          approval.bookingId
            ? html`<p>
                <a class="button" href=${linkTo('bookings', approval.bookingId)}>${approvalText.booking}</a>
              </p>`
            : nothing
        }
      </div>
    `
  }
}
customElements.define('bellhop-approval', ApprovalPage)

class ApprovalsPage extends Page {
  override render(): TemplateResult {
    const { address } = this
    if (address.id === undefined) return html`<bellhop-approvals .address=${address}></bellhop-approvals>`
    return html`<bellhop-approval .address=${address}></bellhop-approval>`
  }
}
customElements.define('bellhop-approvals-page', ApprovalsPage)
