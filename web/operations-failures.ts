// What failed for good of the organisation: why, and tried again, one or all of them.

import { html, nothing, type TemplateResult } from 'lit'
import type { ReplyOf } from '../client/src/index.ts'
import { client } from './client.ts'
import { badge, emptyState, problemNote, skeleton } from './elements/basic.ts'
import { ago } from './elements/time.ts'
import { say } from './elements/toast.ts'
import { attempt, Loaded } from './loaded.ts'
import { Part } from './page.ts'
import { operationsText } from './texts/operations.ts'

type Failure = ReplyOf<'getOperationsFailures'>[number]
const MOST = 50

class OperationsFailures extends Part {
  static override properties = { count: { attribute: false } }
  /** How many there are, as whoever shows this knows it: another number is another list. */
  declare count: number | undefined
  readonly #failures = new Loaded(this, () => client.api.getOperationsFailures({ query: { limit: MOST } }))
  #isBusy = false

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.get('count') !== undefined) void this.#failures.reload()
  }

  override render(): TemplateResult {
    const { value, problem } = this.#failures
    return html`<section>
      <div class="section-head">
        <h2>${operationsText.failures}</h2>
        ${
          value?.length
            ? html`<button ?disabled=${this.#isBusy} @click=${this.#retryAll}>
                ${operationsText.retryAll(this.count ?? value.length)}
              </button>`
            : nothing
        }
      </div>
      ${value ? this.#drawList(value) : problem === undefined ? skeleton(2) : problemNote(problem)}
    </section>`
  }

  #drawList(failures: readonly Failure[]): TemplateResult {
    if (failures.length === 0)
      return html`<div class="card">
        ${emptyState('check', operationsText.noFailures, operationsText.noFailuresWhy)}
      </div>`
    return html`<ul class="lines card" aria-label=${operationsText.failures}>
      ${failures.map((failure) => this.#drawFailure(failure))}
    </ul>`
  }

  #drawFailure({ id, kind, name, at, attempts, reason }: Failure): TemplateResult {
    const retry = (): Promise<void> =>
      this.#do(async () => {
        await client.api.postOperationsFailuresByIdRetry({ path: { id } })
        say(operationsText.retried(1))
      })
    return html`<li class="line">
      <span class="line-main">
        <span class="row">${badge(operationsText.kind[kind], 'bad')} <code>${name}</code></span>
        ${reason ? html`<span>${reason}</span>` : nothing}
        <span class="quiet"
          >${ago(at)}${attempts === null ? nothing : html` · ${operationsText.attempts(attempts)}`}</span
        >
      </span>
      <button ?disabled=${this.#isBusy} @click=${retry} aria-label="${operationsText.retry}: ${name}">
        ${operationsText.retry}
      </button>
    </li>`
  }

  #retryAll = (): Promise<void> =>
    this.#do(async () => {
      const { count } = await client.api.postOperationsFailuresRetry()
      say(operationsText.retried(count))
    })

  async #do(work: () => Promise<void>): Promise<void> {
    this.#isBusy = true
    this.requestUpdate()
    await attempt(work)
    await this.#failures.reload()
    this.#isBusy = false
    this.requestUpdate()
  }
}
customElements.define('bellhop-operations-failures', OperationsFailures)
