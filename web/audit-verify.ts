// Whether the audit still says what was sealed: asked a part at a time, and told as it goes.

import { html, nothing, type TemplateResult } from 'lit'
import type { ReplyOf } from '../client/src/index.ts'
import { client } from './client.ts'
import { attempt } from './loaded.ts'
import { Part } from './page.ts'
import { auditText } from './texts/audit.ts'

type Verdict = ReplyOf<'getAuditVerify'>

class AuditVerify extends Part {
  #verdict: Verdict | undefined
  #head: Verdict['head'] = null
  #isBusy = false

  override render(): TemplateResult {
    return html`<section class="card padded stack">
      <p class="quiet">${auditText.verifyWhy}</p>
      <p><button ?disabled=${this.#isBusy} @click=${this.#verify}>${auditText.verify}</button></p>
      <div role="status">${this.#verdict ? this.#drawVerdict(this.#verdict) : nothing}</div>
    </section>`
  }

  #drawVerdict({ rows, next, flaw, waiting }: Verdict): TemplateResult {
    if (flaw)
      return html`<p class="problem">
        ${auditText.broken(rows)} ${auditText.place(flaw.n, flaw.id)}: ${flaw.what}
      </p>`
    if (next !== null) return html`<p>${auditText.verifying(rows)}</p>`
    return html`<p class="strong">
        ${auditText.sound(rows)} ${waiting ? auditText.waiting(waiting) : nothing}
      </p>
      ${
        this.#head
          ? html`<p class="quiet break">${auditText.head} <code>${this.#head.n}:${this.#head.hash}</code></p>`
          : nothing
      }`
  }

  #verify = async (): Promise<void> => {
    this.#isBusy = true
    this.#verdict = undefined
    await attempt(async () => {
      for (let after: number | null = 0; after !== null; after = this.#verdict?.next ?? null) {
        this.requestUpdate()
        this.#verdict = await client.api.getAuditVerify({ query: { after } })
        this.#head = this.#verdict.head ?? this.#head
      }
    })
    this.#isBusy = false
    this.requestUpdate()
  }
}
customElements.define('bellhop-audit-verify', AuditVerify)
