// Who are you? Address and password; then, where it takes that, which organisation, and a code.

import { html, nothing, type TemplateResult } from 'lit'
import { ProblemError } from '../client/src/index.ts'
import { client } from './client.ts'
import { badge, problemNote, sayProblem } from './elements/basic.ts'
import { field, Form } from './elements/form.ts'
import { Loaded } from './loaded.ts'
import { Part } from './page.ts'
import { t } from './texts/console.ts'
import { LANGUAGES, type Language } from './shared/language.ts'
import { drawRetry } from './shared/live-lines.ts'
import { chooseBeforeSignIn, language } from './texts/language.ts'
import { signInText } from './texts/sign-in.ts'

const LANGUAGES_SHOWN: readonly (readonly [Language, string])[] = [
  ['vi', LANGUAGES.vi],
  ['en', LANGUAGES.en],
]

type Step = { at: 'password' } | { at: 'code'; challenge: string } | { at: 'enrol' }

class SignIn extends Part {
  readonly #form = new Form(this, { emailOrPhone: '', password: '', org: '', code: '' })
  #step: Step = { at: 'password' }
  /** Slug and name, where there are several. */
  #organisations: readonly (readonly [string, string])[] = []
  readonly #offers = new Loaded(this, () => client.api.getAuthOidc())

  override render(): TemplateResult {
    return html`
      <main class="sign-in" id="content">
        <p class="brand">${t.name}</p>
        <section class="card">${this.#draw()}</section>
        <div class="row sign-in-foot">
          <nav class="row" aria-label=${t.shell.language}>
            ${LANGUAGES_SHOWN.map(([each, name]) => drawLanguage(each, name))}
          </nav>
          <p class="quiet">${signInText.customers} <a href="/widgets">${signInText.customersSee}</a></p>
        </div>
      </main>
    `
  }

  #draw(): TemplateResult {
    if (this.#step.at === 'enrol') return this.#drawEnrol()
    const isCode = this.#step.at === 'code'
    const { isBusy } = this.#form
    return html`
      <h1>${isCode ? signInText.codeTitle : signInText.title}</h1>
      <form @submit=${this.#submit} novalidate>
        ${isCode ? this.#drawCode() : this.#drawPassword()} ${this.#drawProblem()}
        <button class="primary" ?disabled=${isBusy}>
          ${isBusy ? signInText.busy : isCode ? signInText.codeSubmit : signInText.submit}
        </button>
      </form>
      ${
        isCode
          ? html`<button class="link" @click=${() => this.#go({ at: 'password' })}>
              ${signInText.back}
            </button>`
          : html`<a href="/account/forgot?lang=${language}">${signInText.forgot}</a> ${this.#drawOffers()}`
      }
    `
  }

  #drawPassword(): TemplateResult {
    const form = this.#form
    return html`
      ${field({ form, name: 'emailOrPhone', label: signInText.emailOrPhone, autocomplete: 'username', required: true })}
      ${field({ form, name: 'password', label: signInText.password, type: 'password', autocomplete: 'current-password', required: true })}
      ${
        this.#organisations.length > 0
          ? html`${badge(signInText.chooseTitle, 'accent')}
            ${field({ form, name: 'org', label: signInText.organisation, choices: this.#organisations, hint: signInText.choose })}`
          : nothing
      }
    `
  }

  /** Where else somebody can say who they are. */
  #drawOffers(): TemplateResult | typeof nothing {
    const { value: offers = [], problem } = this.#offers
    if (problem !== undefined)
      return drawRetry(language, `${signInText.offersMissing} ${sayProblem(problem)}`, () =>
        this.#offers.reload(),
      )
    if (offers.length === 0) return nothing
    const to = encodeURIComponent(location.pathname + location.search)
    return html`<div class="stack">
      ${offers.map(
        ({ name, start }) => html`<a class="button" href="${start}?to=${to}">${signInText.with(name)}</a>`,
      )}
    </div>`
  }

  #drawCode(): TemplateResult {
    return field({
      form: this.#form,
      name: 'code',
      label: signInText.code,
      autocomplete: 'one-time-code',
      required: true,
    })
  }

  #drawEnrol(): TemplateResult {
    return html`
      <h1>${signInText.codeTitle}</h1>
      <p>${signInText.enrolWhy}</p>
      <a class="button primary" href="/account/second-factor?lang=${language}">${signInText.enrol}</a>
      <button class="link" @click=${() => this.#go({ at: 'password' })}>${signInText.back}</button>
    `
  }

  #drawProblem(): TemplateResult | typeof nothing {
    const { problem } = this.#form
    if (!(problem instanceof ProblemError) || problem.status !== 401) return problemNote(problem)
    const text = this.#step.at === 'code' ? signInText.wrongCode : signInText.wrong
    return html`<p class="problem" role="alert">${text}</p>`
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const step = this.#step
    await this.#form.submit(async ({ emailOrPhone, password, org, code }) => {
      try {
        if (step.at === 'code') await client.signIn({ challenge: step.challenge, code })
        else await client.signIn({ emailOrPhone, password, ...(org && { org }) })
      } catch (error) {
        if (!(error instanceof ProblemError) || !this.#goesOn(error)) throw error
        return
      }
      this.dispatchEvent(new CustomEvent('signed-in', { bubbles: true }))
    })
  }

  /** Whether what was refused only wants more to be said. */
  #goesOn({ code, problem, errors = [] }: ProblemError): boolean {
    if (code === 'second_factor_required') {
      this.#go(
        problem['isEnrolled'] === true
          ? { at: 'code', challenge: String(problem['challenge']) }
          : { at: 'enrol' },
      )
      return true
    }
    if (code !== 'choose_organisation') return false
    this.#organisations = errors.map(({ message }) => {
      const [slug = '', ...name] = message.split(': ')
      return [slug, name.join(': ')]
    })
    this.#form.set('org', this.#organisations[0]?.[0] ?? '')
    return true
  }

  #go(step: Step): void {
    this.#step = step
    this.requestUpdate()
    void this.updateComplete.then(() => this.querySelector('input')?.focus())
  }
}
customElements.define('bellhop-sign-in', SignIn)

const drawLanguage = (each: Language, name: string): TemplateResult =>
  html`<button
    class="link"
    lang=${each}
    aria-pressed=${each === language ? 'true' : 'false'}
    @click=${() => chooseBeforeSignIn(each)}
  >
    ${name}
  </button>`
