// Where the console begins: who is signed in sees it, anybody else is asked who they are.

import { html, type TemplateResult } from 'lit'
import { client, me } from './client.ts'
import { problemNote, skeleton } from './elements/basic.ts'
import { people } from './names.ts'
import { Part, Watched } from './page.ts'
import './shell.ts'
import './sign-in.ts'
import { t } from './texts/console.ts'
import { language, preferLanguage } from './texts/language.ts'
import { applyTheme } from './theme.ts'

document.documentElement.lang = language
applyTheme()

class Console extends Part {
  protected readonly watched = new Watched(this, me)
  #problem: unknown

  override connectedCallback(): void {
    super.connectedCallback()
    this.addEventListener('signed-in', () => void this.#recognise())
    if (client.isSignedIn) void this.#recognise()
  }

  override render(): TemplateResult {
    if (me.get()) return html`<bellhop-shell></bellhop-shell>`
    if (!client.isSignedIn) return html`<bellhop-sign-in></bellhop-sign-in>`
    if (this.#problem === undefined) return html`<main id="content">${skeleton(5)}</main>`
    return html`<main class="sign-in" id="content">
      ${problemNote(this.#problem)}
      <button class="button" @click=${() => this.#recognise()}>${t.problem.retry}</button>
    </main>`
  }

  async #recognise(): Promise<void> {
    try {
      const person = await client.api.getAuthMe()
      preferLanguage(person.locale)
      people.learn([[person.id, person.fullName]])
      me.set(person)
      this.#problem = undefined
    } catch (error) {
      this.#problem = error
    }
    this.requestUpdate()
  }
}
customElements.define('bellhop-console', Console)
