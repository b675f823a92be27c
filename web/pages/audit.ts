// What happened, searched and read on; and exports, whose writing one watches.

import { html, nothing, type TemplateResult } from 'lit'
import type { ReplyOf } from '../../client/src/index.ts'
import { client, myself } from '../client.ts'
import { emptyState, pageHead, problemNote, skeleton } from '../elements/basic.ts'
import { field, Form } from '../elements/form.ts'
import { ago } from '../elements/time.ts'
import { attempt } from '../loaded.ts'
import { Names } from '../names.ts'
import { Page } from '../page.ts'
import { auditText, listActions, listEntities, nameAction } from '../texts/audit.ts'
import '../audit-verify.ts'
import { t } from '../texts/console.ts'
import { beginningOf } from '../zone.ts'

type Row = ReplyOf<'getAuditLogs'>[number]
type Export = ReplyOf<'postAuditExports'>
const FORMATS = ['pdf', 'csv', 'json'] as const
const FIELDS = ['action', 'entity', 'from', 'to'] as const
const PAGE = 50
const ANY = ['', auditText.any] as const
const A_DAY = 86_400_000

class AuditPage extends Page {
  readonly #form = new Form(this, { action: '', entity: '', from: '', to: '' })
  readonly #names = new Names(this)
  /** What the rows answer: more of them is more of the same. */
  #asked = this.#form.values
  #rows: readonly Row[] | undefined
  #hasMore = false
  #problem: unknown
  #export: Export | undefined
  /** What was recorded since it was searched. */
  #newer = 0
  #ends: (() => void)[] = []

  override connectedCallback(): void {
    super.connectedCallback()
    void this.#search()
    this.#ends = [
      client.on('export.progress', (told) => {
        if (told.id !== this.#export?.id) return
        this.#export = told
        this.requestUpdate()
      }),
      client.on('audit.recorded', () => {
        this.#newer++
        this.requestUpdate()
      }),
    ]
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const end of this.#ends) end()
  }

  override render(): TemplateResult {
    const actions = html`<span class="quiet">${auditText.export}</span>
      ${FORMATS.map((format) => html`<button @click=${() => this.#order(format)}>${format.toUpperCase()}</button>`)}`
    return html`
      ${pageHead(t.sections.audit, actions)} ${this.#drawExport()}
      <form class="card padded audit-form" @submit=${this.#submit} novalidate>
        <div class="fields">
          ${field({ form: this.#form, name: 'action', label: auditText.action, choices: [ANY, ...listActions()] })}
          ${field({ form: this.#form, name: 'entity', label: auditText.entity, choices: [ANY, ...listEntities()] })}
          ${field({ form: this.#form, name: 'from', label: auditText.from, type: 'date' })}
          ${field({ form: this.#form, name: 'to', label: auditText.to, type: 'date' })}
        </div>
        ${problemNote(this.#form.problemBeside(FIELDS))}
        <div class="dialog-actions">
          <button class="primary" ?disabled=${this.#form.isBusy}>${auditText.search}</button>
        </div>
      </form>
      <bellhop-audit-verify></bellhop-audit-verify>
      ${
        this.#newer > 0
          ? html`<button class="more-button" @click=${() => void this.#search()}>
              ${auditText.newer(this.#newer)}
            </button>`
          : nothing
      }
      ${this.#drawRows()}
    `
  }

  #drawRows(): TemplateResult {
    if (!this.#rows) return this.#problem === undefined ? skeleton() : html`${problemNote(this.#problem)}`
    if (this.#rows.length === 0)
      return html`<div class="card">${emptyState('audit', auditText.empty, auditText.emptyWhy)}</div>`
    return html`
      <ul class="lines card" aria-label=${t.sections.audit}>
        ${this.#rows.map(
          ({ description, action, actorId, at }) =>
            html`<li class="line">
              <span class="line-main">
                <span>${description || nameAction(action)}</span>
                <span class="quiet">
                  ${nameAction(action)} · ${actorId ? this.#names.person(actorId) : auditText.system}
                </span>
              </span>
              <span class="quiet">${ago(at)}</span>
            </li>`,
        )}
      </ul>
      ${
        this.#hasMore
          ? html`<button class="more-button" @click=${() => void this.#search(this.#rows)}>
              ${t.list.more}
            </button>`
          : nothing
      }
    `
  }

  #drawExport(): TemplateResult | typeof nothing {
    const made = this.#export
    if (!made) return nothing
    if (made.status === 'FAILED')
      return html`<p class="problem" role="alert">${auditText.failed} ${made.reason}</p>`
    return html`<p class="card padded row audit-export" role="status">
      ${
        made.url
          ? html`<a class="button primary" href=${made.url} download>${auditText.fetch}</a>`
          : html`<progress max="100" value=${made.percent} aria-label=${auditText.export}></progress>
              ${auditText.ordered(made.percent)}`
      }
    </p>`
  }

  /** @param before what stands already: it goes on behind its last */
  async #search(before: readonly Row[] = []): Promise<void> {
    if (before.length === 0) this.#asked = this.#form.values
    const { action, entity, from, to } = this.#asked
    const { timezone } = myself().organisation
    const last = before.at(-1)
    const newer = this.#newer
    const read = await this.#form.submit(() =>
      client.api.getAuditLogs({
        query: {
          limit: PAGE,
          ...(action && { action }),
          ...(entity && { entity }),
          ...(from && { from: beginningOf(from, timezone) }),
          // What is older than the last that stands, and it once more, as several may be of one instant.
          ...((last || to) && { to: last ? after(last.at) : endOf(to, timezone) }),
        },
      }),
    )
    this.#problem = this.#form.problem
    if (!read) return
    if (!last) this.#newer -= newer
    const known = new Set(before.map(({ id }) => id))
    const fresh = read.filter(({ id }) => !known.has(id))
    this.#hasMore = read.length === PAGE && fresh.length > 0
    this.#rows = [...before, ...fresh]
    this.requestUpdate()
  }

  #submit = (event: Event): void => {
    event.preventDefault()
    void this.#search()
  }

  async #order(format: (typeof FORMATS)[number]): Promise<void> {
    await attempt(async () => {
      this.#export = await client.api.postAuditExports({ body: { format } })
      this.requestUpdate()
    })
  }
}
customElements.define('bellhop-audit-page', AuditPage)

/** Of a day, as 2031-03-10. */
const endOf = (date: string, zone: string): string =>
  beginningOf(new Date(Date.parse(date) + A_DAY).toISOString().slice(0, 10), zone)

/** The next millisecond: what is asked for is what was before it. */
const after = (instant: string): string => new Date(Date.parse(instant) + 1).toISOString()
