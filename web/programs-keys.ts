// Keys of programs: made, renewed and taken back; each is shown once.

import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { InputOf, ReplyOf } from '../client/src/index.ts'
import { client } from './client.ts'
import { badge, emptyState, problemNote, skeleton } from './elements/basic.ts'
import { confirmation } from './elements/confirmation.ts'
import { field, Form } from './elements/form.ts'
import { icon } from './elements/icon.ts'
import { modal } from './elements/modal.ts'
import { pressed } from './elements/pending.ts'
import { secretNote } from './elements/secret.ts'
import { ago } from './elements/time.ts'
import { attempt, Loaded } from './loaded.ts'
import { Part } from './page.ts'
import { t } from './texts/console.ts'
import { programsText } from './texts/programs.ts'

type Key = ReplyOf<'getApiKeys'>[number]
type Scope = NonNullable<InputOf<'postApiKeys'>['body']['scopes']>[number]
const SCOPES: readonly Scope[] = [
  'events:write',
  'bookings:read',
  'bookings:write',
  'approvals:read',
  'approvals:write',
  'tickets:read',
  'tickets:write',
  'chat:read',
  'chat:write',
  'inbox:read',
  'inbox:write',
  'notifications:read',
  'notifications:write',
  'resources:read',
  'resources:write',
  'people:read',
  'users:read',
  'users:write',
  'organisation:read',
  'organisation:write',
  'audit:read',
  'tokens:write',
  'act-as',
]

class ProgramsKeys extends Part {
  readonly #keys = new Loaded(this, () => client.api.getApiKeys(), ['api_key'])
  readonly #form = new Form(this, { name: '' })
  #scopes = new Set<Scope>(['events:write'])
  #isNew = false
  #secret: string | undefined
  /** Whether it is to be taken back is asked. */
  #revoked: Key | undefined

  override render(): TemplateResult {
    const { value, problem } = this.#keys
    if (!value) return problem === undefined ? skeleton() : html`${problemNote(problem)}`
    return html`<div class="stack">
      <p>
        <button class="primary" @click=${() => this.#show(true)}>
          ${icon('plus')}${programsText.addKey}
        </button>
      </p>
      ${
        value.length === 0
          ? html`<div class="card">
              ${emptyState('programs', programsText.noKeys, programsText.noKeysWhy)}
            </div>`
          : html`<ul class="lines card" aria-label=${programsText.tabs.keys}>
              ${repeat(
                value,
                ({ id }) => id,
                (key) => this.#drawKey(key),
              )}
            </ul>`
      }
      ${this.#drawDialog()}
    </div>`
  }

  #drawKey(key: Key): TemplateResult {
    const { id, name, hint, scopes, lastUsedAt, revokedAt } = key
    return html`<li class="line">
      <span class="line-main">
        <span class="strong">${name} <code>${hint}…</code></span>
        <span class="quiet">${scopes.join(', ')}</span>
        <span class="quiet">
          ${lastUsedAt ? html`${programsText.used} ${ago(lastUsedAt)}` : programsText.neverUsed}
        </span>
      </span>
      <span class="line-side">
        ${
          revokedAt
            ? badge(programsText.revoked, 'bad')
            : html`<button @click=${pressed(() => this.#rotate(id))}>${programsText.rotate}</button>
                <button class="danger" @click=${() => this.#ask(key)}>${programsText.revoke}</button>`
        }
      </span>
    </li>`
  }

  #drawDialog(): TemplateResult | typeof nothing {
    const close = (): void => this.#show(false)
    if (this.#secret !== undefined)
      return modal(programsText.keyMade, secretNote(programsText.keyMade, this.#secret), close)
    if (this.#revoked) return this.#drawRevoking(this.#revoked, close)
    if (!this.#isNew) return nothing
    const form = this.#form
    return modal(
      programsText.addKey,
      html`<form @submit=${this.#make} novalidate>
        ${field({ form, name: 'name', label: programsText.name, required: true })}
        <fieldset class="scopes">
          <legend>${programsText.scopes}</legend>
          ${SCOPES.map(
            (scope) =>
              html`<label class="check"
                ><input
                  type="checkbox"
                  .checked=${this.#scopes.has(scope)}
                  @change=${() => this.#toggle(scope)}
                /><code>${scope}</code></label
              >`,
          )}
        </fieldset>
        ${problemNote(form.problemBeside(['name']))}
        <div class="dialog-actions">
          <button type="button" @click=${close}>${t.action.cancel}</button>
          <button class="primary" ?disabled=${form.isBusy}>${programsText.addKey}</button>
        </div>
      </form>`,
      close,
    )
  }

  /** It never opens anything again. */
  #drawRevoking({ id, name }: Key, close: () => void): TemplateResult {
    return confirmation({
      title: programsText.revokeTitle(name),
      why: programsText.revokeWhy,
      act: programsText.revoke,
      isDanger: true,
      work: () => this.#do(() => client.api.deleteApiKeysById({ path: { id } }), programsText.revokedNow),
      close,
    })
  }

  #ask(key: Key): void {
    this.#revoked = key
    this.requestUpdate()
  }

  #toggle(scope: Scope): void {
    if (!this.#scopes.delete(scope)) this.#scopes.add(scope)
  }

  #show(isNew: boolean): void {
    this.#isNew = isNew
    this.#secret = undefined
    this.#revoked = undefined
    this.requestUpdate()
  }

  #make = async (event: Event): Promise<void> => {
    event.preventDefault()
    const made = await this.#form.submit(({ name }) =>
      client.api.postApiKeys({ body: { name, scopes: [...this.#scopes] } }),
    )
    if (!made) return
    this.#form.reset()
    this.#secret = made.key
    await this.#keys.reload()
  }

  async #rotate(id: string): Promise<void> {
    await this.#do(async () => {
      this.#secret = (await client.api.postApiKeysByIdRotate({ path: { id }, body: {} })).key
    })
  }

  async #do(work: () => Promise<unknown>, done?: string): Promise<void> {
    if (await attempt(work, done)) await this.#keys.reload()
  }
}
customElements.define('bellhop-programs-keys', ProgramsKeys)
