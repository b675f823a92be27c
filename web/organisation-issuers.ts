// Issuers that the organisation trusts: added, looked at, changed and taken away; with whose accounts people sign in.

import { html, nothing, type TemplateResult } from 'lit'
import type { InputOf, ReplyOf } from '../client/src/index.ts'
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
const EMPTY = {
  name: '',
  issuer: '',
  jwksUrl: '',
  clientId: '',
  clientSecret: '',
  audience: '',
  provisioning: 'none',
  emailDomains: '',
}
type Values = typeof EMPTY
type Patch = InputOf<'patchOrganisationIssuersById'>['body']

class OrganisationIssuers extends Part {
  readonly #issuers = new Loaded(this, () => client.api.getOrganisationIssuers(), ['issuer'])
  #form = new Form(this, EMPTY)
  #opened: Issuer | 'new' | undefined
  #isForm = false

  override render(): TemplateResult {
    const { value, problem } = this.#issuers
    if (!value) return problem === undefined ? skeleton() : html`${problemNote(problem)}`
    return html`<div class="stack">
      <p>
        <button class="primary" @click=${() => this.#edit('new')}>${icon('plus')}${issuersText.add}</button>
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
      <button class="line" @click=${() => this.#show(issuer)}>
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
    const opened = this.#opened
    if (!opened) return nothing
    const title = opened === 'new' ? issuersText.add : opened.name
    const close = (): void => this.#show(undefined)
    return modal(
      title,
      opened === 'new' || this.#isForm ? this.#drawForm(opened, close) : this.#drawOpened(opened),
      close,
    )
  }

  #drawOpened(opened: Issuer): TemplateResult {
    const { id, issuer, clientId, provisioning, isEnabled } = opened
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
        <button @click=${() => this.#turn(id, !isEnabled)}>
          ${isEnabled ? issuersText.turnOff : issuersText.turnOn}
        </button>
        <button @click=${() => this.#edit(opened)}>${issuersText.change}</button>
      </div>
    </div>`
  }

  #drawForm(opened: Issuer | 'new', close: () => void): TemplateResult {
    const form = this.#form
    const isNew = opened === 'new'
    const secretHint = !isNew && opened.hasClientSecret ? issuersText.clientSecretKept : undefined
    const choices = PROVISIONINGS.map((each) => [each, issuersText.provisionings[each]] as const)
    return html`<form @submit=${(event: Event) => this.#save(event, opened)} novalidate>
      ${field({ form, name: 'name', label: issuersText.name, hint: issuersText.nameHint, required: true })}
      ${field({ form, name: 'issuer', label: issuersText.issuer, hint: issuersText.issuerHint, required: true })}
      ${field({ form, name: 'jwksUrl', label: issuersText.jwksUrl, required: isNew || opened.jwksUrl !== null })}
      ${field({ form, name: 'clientId', label: issuersText.clientId, hint: issuersText.clientIdHint })}
      ${field({ form, name: 'clientSecret', label: issuersText.clientSecret, type: 'password', autocomplete: 'off', ...(secretHint && { hint: secretHint }) })}
      ${field({ form, name: 'audience', label: issuersText.audience, hint: issuersText.audienceHint })}
      ${field({ form, name: 'provisioning', label: issuersText.provisioning, choices })}
      ${field({ form, name: 'emailDomains', label: issuersText.emailDomains, hint: issuersText.emailDomainsHint })}
      ${FIELDS.some((name) => form.problemAt(name)) ? nothing : problemLines(form.problem)}
      <div class="dialog-actions">
        <button type="button" @click=${close}>${t.action.cancel}</button>
        <button class="primary" ?disabled=${form.isBusy}>${isNew ? issuersText.add : t.action.save}</button>
      </div>
    </form>`
  }

  #show(opened: Issuer | 'new' | undefined, isForm = false): void {
    this.#opened = opened
    this.#isForm = isForm
    this.requestUpdate()
  }

  #edit(opened: Issuer | 'new'): void {
    this.#form = new Form(this, opened === 'new' ? EMPTY : textOf(opened))
    this.#show(opened, true)
  }

  async #save(event: Event, opened: Issuer | 'new'): Promise<void> {
    event.preventDefault()
    const saved = await this.#form.submit((values) =>
      opened === 'new'
        ? client.api.postOrganisationIssuers({ body: bodyOf(values) })
        : changeIssuer(opened, bodyOf(values)),
    )
    if (!saved) return
    if (this.#opened === opened) this.#show(saved)
    await this.#issuers.reload()
  }

  async #turn(id: string, isEnabled: boolean): Promise<void> {
    const turn = (): Promise<unknown> =>
      client.api.patchOrganisationIssuersById({ path: { id }, body: { isEnabled } })
    await this.#do(turn, isEnabled ? issuersText.turnedOn : issuersText.turnedOff)
  }

  async #remove(id: string): Promise<void> {
    await this.#do(() => client.api.deleteOrganisationIssuersById({ path: { id } }), issuersText.removed)
  }

  async #do(work: () => Promise<unknown>, done: string): Promise<void> {
    const opened = this.#opened
    if (!(await attempt(work, done))) return
    if (this.#opened === opened) this.#show(undefined)
    await this.#issuers.reload()
  }
}
customElements.define('bellhop-organisation-issuers', OrganisationIssuers)

const textOf = ({
  name,
  issuer,
  jwksUrl,
  clientId,
  audience,
  provisioning,
  emailDomains,
}: Issuer): Values => ({
  name,
  issuer,
  jwksUrl: jwksUrl ?? '',
  clientId: clientId ?? '',
  clientSecret: '',
  audience,
  provisioning,
  emailDomains: emailDomains.join(', '),
})

const bodyOf = ({ clientId, clientSecret, audience, emailDomains, ...given }: Values) => ({
  ...given,
  provisioning: PROVISIONINGS.find((each) => each === given.provisioning) ?? 'none',
  audience: audience || clientId,
  emailDomains: emailDomains
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean),
  clientId: clientId || null,
  ...(clientSecret && { clientSecret }),
})

/** Only what is other than before: keys that stay are not said again, and what somebody else changed meanwhile stays. */
async function changeIssuer(before: Issuer, body: ReturnType<typeof bodyOf>): Promise<Issuer> {
  const known: Record<string, unknown> = { ...before, jwksUrl: before.jwksUrl ?? '' }
  const changed = Object.entries(body).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(known[field]),
  )
  if (changed.length === 0) return before
  const patch: Patch = Object.fromEntries(changed)
  return client.api.patchOrganisationIssuersById({ path: { id: before.id }, body: patch })
}
