// `<bellhop-approvals>`: what waits for the person's decision, with all that is decided on.

import type { PropertyValues, TemplateResult } from 'lit'
import { drawApproval } from '../shared/approval-card.ts'
import { emptyState } from '../shared/drawings.ts'
import { liveLines } from '../shared/live-lines.ts'
import type { Approval, Place } from '../shared/place.ts'
import { approvalTexts } from '../shared/texts/approval.ts'
import { Widget } from './widget.ts'

const AS = ['approver', 'requester', 'delegate', 'admin'] as const

class Approvals extends Widget {
  static override properties = { ...Widget.properties, as: {} }
  /** Whose they are: `approver` unless given, `requester`, `delegate`, `admin`. */
  declare as: string | undefined
  readonly #list = this.follow(({ client }) => client.live.approvals(this.#query()))
  #count = -1

  #query(): { as: (typeof AS)[number]; status?: 'PENDING' } {
    const as = AS.find((each) => each === this.as) ?? 'approver'
    return as === 'requester' ? { as } : { as, status: 'PENDING' }
  }

  protected override draw(place: Place): TemplateResult {
    const text = approvalTexts[place.language]
    return liveLines(place.language, {
      list: this.#list.list,
      draw: (approval: Approval) => drawApproval(place, approval, approval.subject.title),
      empty: emptyState('approvals', text.empty, text.nothingWaits),
      name: text.as[this.#query().as],
    })
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed)
    if (this.hasUpdated && changed.has('as')) this.#list.reopen()
  }

  protected override updated(): void {
    const { list } = this.#list
    if (list?.status !== 'live' || list.get().length === this.#count) return
    this.#count = list.get().length
    this.tell('waiting', { count: this.#count })
  }
}
customElements.define('bellhop-approvals', Approvals)
