// Who one is, language and appearance, and the way out.

import { html, nothing, type TemplateResult } from 'lit'
import { client, myself } from './client.ts'
import { avatar, sayProblem } from './elements/basic.ts'
import { modal } from './elements/modal.ts'
import { say } from './elements/toast.ts'
import { Part } from './page.ts'
import { t } from './texts/console.ts'
import { LANGUAGES, type Language } from './shared/language.ts'
import { chooseLanguage, language } from './texts/language.ts'
import { chooseTheme, currentTheme, THEMES, type Theme } from './theme.ts'

class AccountMenu extends Part {
  #isOpen = false

  override render(): TemplateResult {
    const { fullName } = myself()
    return html`
      <button
        class="person-button"
        aria-haspopup="dialog"
        aria-label="${t.shell.account}: ${fullName}"
        @click=${() => this.#show(true)}
      >
        ${avatar(fullName)}
      </button>
      ${this.#isOpen ? modal(t.shell.account, this.#drawMenu(), () => this.#show(false), 'drawer') : nothing}
    `
  }

  #drawMenu(): TemplateResult {
    const { fullName, email } = myself()
    const themes = THEMES.map((theme) => [theme, t.shell[theme]] as const)
    const languages: (readonly [Language, string])[] = [
      ['vi', LANGUAGES.vi],
      ['en', LANGUAGES.en],
    ]
    return html`
      <div class="stack">
        <div class="person">
          ${avatar(fullName)}
          <div>
            <p class="strong">${fullName}</p>
            <p class="quiet">${email}</p>
          </div>
        </div>
        ${this.#drawChoice<Theme>(t.shell.theme, 'theme', themes, currentTheme(), chooseTheme)}
        ${this.#drawChoice<Language>(t.shell.language, 'language', languages, language, chooseEverywhere)}
        <bellhop-account-security></bellhop-account-security>
        <button class="button" @click=${signOut}>${t.shell.signOut}</button>
      </div>
    `
  }

  #drawChoice<Value extends string>(
    title: string,
    name: string,
    choices: readonly (readonly [Value, string])[],
    current: Value,
    choose: (value: Value) => unknown,
  ): TemplateResult {
    return html`<fieldset class="choices">
      <legend>${title}</legend>
      ${choices.map(
        ([value, text]) =>
          html`<label
            ><input
              type="radio"
              name=${name}
              .checked=${value === current}
              @change=${() => choose(value)}
            /><span>${text}</span></label
          >`,
      )}
    </fieldset>`
  }

  /** What is rarely wanted is loaded when it is. */
  #show(isOpen: boolean): void {
    if (isOpen) void import('./account-security.ts')
    this.#isOpen = isOpen
    this.requestUpdate()
  }
}
customElements.define('bellhop-account-menu', AccountMenu)

/** Whoever signed in with another system leaves it, too. */
async function signOut(): Promise<void> {
  const { next } = await client.signOut().catch(() => ({ next: undefined }))
  if (next !== undefined) location.assign(next)
}

/** What the server writes, as notifications and mails, comes in the same language. */
async function chooseEverywhere(chosen: Language): Promise<void> {
  await client.api.patchAuthMe({ body: { locale: chosen } }).catch((error: unknown) => say(sayProblem(error)))
  chooseLanguage(chosen)
}
