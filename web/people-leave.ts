// Somebody leaves: what they hold is shown before it goes on to others.

import { html, nothing, type TemplateResult } from 'lit'
import type { ReplyOf } from '../client/src/index.ts'
import { client } from './client.ts'
import { problemNote, skeleton } from './elements/basic.ts'
import { closeAround } from './elements/modal.ts'
import { pressed } from './elements/pending.ts'
import { attempt, Loaded } from './loaded.ts'
import { Part } from './page.ts'
import { t } from './texts/console.ts'
import { peopleText } from './texts/people.ts'

type Holdings = ReplyOf<'getUsersByIdHoldings'>
const KINDS = ['approvals', 'tickets', 'conversations', 'bookings'] as const

class PeopleLeave extends Part {
  static override properties = { userId: {} }
  declare userId: string
  readonly #holdings = new Loaded(this, () => client.api.getUsersByIdHoldings({ path: { id: this.userId } }))

  override render(): TemplateResult {
    const { value, problem } = this.#holdings
    if (!value) return problem === undefined ? skeleton(2) : html`${problemNote(problem)}`
    return html`<div class="stack">
      <p>${peopleText.leaveWhy}</p>
      ${KINDS.map((kind) => drawHeld(peopleText.holdings[kind], value[kind]))}
      ${KINDS.every((kind) => value[kind].items.length === 0) ? html`<p class="quiet">${peopleText.holdsNothing}</p>` : nothing}
      <div class="dialog-actions">
        <button type="button" @click=${this.#end}>${t.action.cancel}</button>
        <button type="button" class="danger" @click=${pressed(() => this.#leave())}>
          ${peopleText.leave}
        </button>
      </div>
    </div>`
  }

  #end = (): void => void closeAround(this)

  async #leave(): Promise<void> {
    const path = { id: this.userId }
    const set = (isActive: boolean) => (): Promise<unknown> =>
      client.api.patchUsersById({ path, body: { isActive } })
    // What went on to others stays there.
    if (await attempt(set(false), peopleText.leftNow, set(true))) this.#end()
  }
}
customElements.define('bellhop-people-leave', PeopleLeave)

const drawHeld = (
  title: string,
  { items, hasMore }: Holdings['approvals'],
): TemplateResult | typeof nothing =>
  items.length === 0
    ? nothing
    : html`<div>
        <h3>${title}</h3>
        <ul>
          ${items.map(({ label, personName }) => html`<li>${label} <span class="quiet">${personName}</span></li>`)}
          ${hasMore ? html`<li class="quiet">${peopleText.more}</li>` : nothing}
        </ul>
      </div>`
