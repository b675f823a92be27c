// One's password, and where one is signed in.

import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { ReplyOf } from '../client/src/index.ts'
import { client } from './client.ts'
import { problemNote, skeleton } from './elements/basic.ts'
import { field, Form } from './elements/form.ts'
import { pressed } from './elements/pending.ts'
import { ago } from './elements/time.ts'
import { say } from './elements/toast.ts'
import { attempt, Loaded } from './loaded.ts'
import { Part } from './page.ts'
import { accountText as text } from './texts/account.ts'
import { language } from './texts/language.ts'

type Session = ReplyOf<'getAuthSessions'>[number]

class AccountSecurity extends Part {
  readonly #sessions = new Loaded(this, () => client.api.getAuthSessions())
  readonly #form = new Form(this, { current: '', next: '' })

  override render(): TemplateResult {
    return html`<div class="stack">
      <details>
        <summary>${text.password}</summary>
        ${this.#drawForm()}
      </details>
      <p><a href="/account/second-factor?lang=${language}">${text.secondFactor}</a></p>
      <section>
        <h3>${text.sessions}</h3>
        ${this.#drawSessions()}
      </section>
    </div>`
  }

  #drawForm(): TemplateResult {
    const form = this.#form
    return html`<form @submit=${this.#change} novalidate>
      ${field({ form, name: 'current', label: text.current, type: 'password', autocomplete: 'current-password', required: true })}
      ${field({ form, name: 'next', label: text.next, hint: text.nextHint, type: 'password', autocomplete: 'new-password', required: true })}
      ${problemNote(form.problemBeside(['current', 'next']))}
      <div class="dialog-actions">
        <button class="primary" ?disabled=${form.isBusy}>${text.password}</button>
      </div>
    </form>`
  }

  #drawSessions(): TemplateResult {
    const { value, problem } = this.#sessions
    if (!value) return problem === undefined ? skeleton(2) : html`${problemNote(problem)}`
    return html`<ul class="lines" aria-label=${text.sessions}>
      ${repeat(
        value,
        ({ id }) => id,
        (session) => this.#drawSession(session),
      )}
    </ul>`
  }

  #drawSession({ id, userAgent, ip, lastUsedAt, isCurrent }: Session): TemplateResult {
    const end = (): Promise<unknown> =>
      attempt(() => client.api.deleteAuthSessionsById({ path: { id } }), text.ended).then(() =>
        this.#sessions.reload(),
      )
    return html`<li class="line plain">
      <span class="line-main">
        <span class="strong">${isCurrent ? text.here : nameOf(userAgent)}</span>
        <span class="quiet">${ip ? html`${ip} · ` : nothing}${text.used} ${ago(lastUsedAt)}</span>
      </span>
      ${isCurrent ? nothing : html`<button @click=${pressed(end)}>${text.end}</button>`}
    </li>`
  }

  #change = async (event: Event): Promise<void> => {
    event.preventDefault()
    const done = await this.#form.submit((body) => client.api.postAuthPassword({ body }))
    if (!done) return
    this.#form.reset()
    say(text.changed)
    await this.#sessions.reload()
  }
}
customElements.define('bellhop-account-security', AccountSecurity)

/** As people call it: a browser and its system, out of the line by which it names itself. */
function nameOf(userAgent: string | null): string {
  if (!userAgent) return text.unknownDevice
  const browser = /(Edg|Firefox|Chrome|Safari)\//.exec(userAgent)?.[1]?.replace('Edg', 'Edge')
  const system = /(Windows|Android|iPhone|iPad|Mac OS|Linux)/.exec(userAgent)?.[1]
  return [browser, system].filter(Boolean).join(', ') || userAgent.slice(0, 40)
}
