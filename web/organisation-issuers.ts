// Issuers that the organisation trusts: added, looked at and taken away; with whose accounts people sign in.

import { html, nothing, type TemplateResult } from 'lit'
import type { ReplyOf } from '../client/src/index.ts'
import { client } from './client.ts'
import { badge, emptyState, problemNote, skeleton } from './elements/basic.ts'
import { field, Form } from './elements/form.ts'
import { icon } from './elements/icon.ts'
import { modal } from './elements/modal.ts'
import { problemLines } from './elements/problem-lines.ts'
import { attempt, Loaded } from './loaded.ts'
import { Part } from './page.ts'
import { t } from './texts/console.ts'
import { issuersText } from './texts/issuers.ts'

type Issuer = ReplyOf<'getOrganisationIssuers'>[number]
const PROVISIONINGS = ['none', 'create', 'update'] as const
const FIELDS = ['name', 'issuer', 'jwksUrl', 'clientId', 'clientSecret', 'audience', 'emailDomains'] as const

class OrganisationIssuers extends Part {
  readonly #issuers = new Loaded(this, () => client.api.getOrganisationIssuers())
  readonly #form = new Form(this, {
    name: '',
    issuer: '',
    jwksUrl: '',
    clientId: '',
    clientSecret: '',
    audience: '',
    provisioning: 'none',
    emailDomains: '',
  })
  #isNew = false
  #opened: Issuer | undefined

  override render(): TemplateResult {
    const { value, problem } = this.#issuers
    if (!value) return problem === undefined ? skeleton() : html`${problemNote(problem)}`
    return html`<div class="stack">
      <p>
        <button class="primary" @click=${() => this.#show(true)}>${icon('plus')}${issuersText.add}</button>
      </p>
      ${
        value.length === 0
          ? html`<div class="card">${emptyState('people', issuersText.none, issuersText.noneWhy)}</div>`
          : html`<ul class="lines card" aria-label=${issuersText.tab}>
              ${value.map((issuer) => this.#drawIssuer(issuer))}
            </ul>`
      }
      ${this.#drawDialog()}
    </div>`
  }

  #drawIssuer(issuer: Issuer): TemplateResult {
    const { name, isEnabled, clientId } = issuer
    return html`<li>
      <button class="line" @click=${() => this.#show(false, issuer)}>
        <span class="line-main">
          <span class="strong clip">${name}</span>
          <span class="quiet clip">${issuer.issuer}</span>
        </span>
        <span class="line-side">
          ${isEnabled ? nothing : badge(issuersText.off, 'bad')}
          ${isEnabled && clientId !== null ? badge(issuersText.offered, 'good') : nothing}
        </span>
      </button>
    </li>`
  }

  #drawDialog(): TemplateResult | typeof nothing {
    const close = (): void => this.#show(false)
    if (this.#opened) return modal(this.#opened.name, this.#drawOpened(this.#opened), close)
    return this.#isNew ? modal(issuersText.add, this.#drawForm(close), close) : nothing
  }

  #drawOpened({ id, issuer, clientId, provisioning }: Issuer): TemplateResult {
    return html`<div class="stack">
      <p>${issuer}</p>
      <p class="quiet">${issuersText.provisioning}: ${issuersText.provisionings[provisioning]}</p>
      ${
        clientId === null
          ? nothing
          : html`<p>${issuersText.callback}<br /><code>${location.origin}/auth/oidc/${id}/callback</code></p>`
      }
      <div class="dialog-actions">
        <button class="danger" @click=${() => this.#remove(id)}>${issuersText.remove}</button>
      </div>
    </div>`
  }

  #drawForm(close: () => void): TemplateResult {
    const form = this.#form
    const choices = PROVISIONINGS.map((each) => [each, issuersText.provisionings[each]] as const)
    return html`<form @submit=${this.#add} novalidate>
      ${field({ form, name: 'name', label: issuersText.name, hint: issuersText.nameHint, required: true })}
      ${field({ form, name: 'issuer', label: issuersText.issuer, hint: issuersText.issuerHint, required: true })}
      ${field({ form, name: 'jwksUrl', label: issuersText.jwksUrl, required: true })}
      ${field({ form, name: 'clientId', label: issuersText.clientId, hint: issuersText.clientIdHint })}
      ${field({ form, name: 'clientSecret', label: issuersText.clientSecret, type: 'password', autocomplete: 'off' })}
      ${field({ form, name: 'audience', label: issuersText.audience, hint: issuersText.audienceHint })}
      ${field({ form, name: 'provisioning', label: issuersText.provisioning, choices })}
      ${field({ form, name: 'emailDomains', label: issuersText.emailDomains, hint: issuersText.emailDomainsHint })}
      ${FIELDS.some((name) => form.problemAt(name)) ? nothing : problemLines(form.problem)}
      <div class="dialog-actions">
        <button type="button" @click=${close}>${t.action.cancel}</button>
        <button class="primary" ?disabled=${form.isBusy}>${issuersText.add}</button>
      </div>
    </form>`
  }

  #show(isNew: boolean, opened?: Issuer): void {
    this.#isNew = isNew
    this.#opened = opened
    this.requestUpdate()
  }

  #add = async (event: Event): Promise<void> => {
    event.preventDefault()
    const added = await this.#form.submit(({ clientId, clientSecret, audience, emailDomains, ...given }) =>
      client.api.postOrganisationIssuers({
        body: {
          ...given,
          provisioning: PROVISIONINGS.find((each) => each === given.provisioning) ?? 'none',
          audience: audience || clientId,
          emailDomains: emailDomains
            .toLowerCase()
            .split(/[\s,]+/)
            .filter(Boolean),
          ...(clientId && { clientId }),
          ...(clientSecret && { clientSecret }),
        },
      }),
    )
    if (!added) return
    this.#form.reset()
    this.#show(false, added)
    await this.#issuers.reload()
  }

  async #remove(id: string): Promise<void> {
    const remove = (): Promise<unknown> => client.api.deleteOrganisationIssuersById({ path: { id } })
    if (!(await attempt(remove, issuersText.removed))) return
    this.#show(false)
    await this.#issuers.reload()
  }
}
customElements.define('bellhop-organisation-issuers', OrganisationIssuers)
