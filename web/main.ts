// Where the console begins: who is signed in sees it, anybody else is asked who they are.

import { html, type TemplateResult } from 'lit'
import { ProblemError } from '../client/src/index.ts'
import { chosenFiles } from './chosen-files.ts'
import { client, me, type Me, type Organisation } from './client.ts'
import { CONSOLE_DRAWINGS } from './console-icons.ts'
import { problemNote, skeleton } from './elements/basic.ts'
import { addDrawings } from './elements/icon.ts'
import { people } from './names.ts'
import { Part, Watched } from './page.ts'
import { addFieldForms } from './shared/texts/field-problems.ts'
import './shell.ts'
import './sign-in.ts'
import { t } from './texts/console.ts'
import { CONSOLE_FIELD_FORMS } from './texts/field-forms.ts'
import { showTimesIn } from './shared/times.ts'
import { chooseLanguage, language, wasJustChosen } from './texts/language.ts'
import { applyTheme } from './theme.ts'

document.documentElement.lang = language
applyTheme()
addFieldForms(CONSOLE_FIELD_FORMS)
addDrawings(CONSOLE_DRAWINGS)

/** As api/pages/issuer-sign-in.ts leads back. */
const SIGNED_IN = '#signed-in'

class Console extends Part {
  protected readonly watched = new Watched(this, me)
  #problem: unknown
  /** Somebody comes back from a sign-in elsewhere, and their session is not here yet. */
  #isTaking = false

  override connectedCallback(): void {
    super.connectedCallback()
    this.addEventListener('signed-in', () => void this.#recognise())
    if (location.hash === SIGNED_IN) void this.#takeSession()
    else if (client.isSignedIn) void this.#recognise()
  }

  override render(): TemplateResult {
    if (me.get()) return html`<bellhop-shell></bellhop-shell>`
    if (!client.isSignedIn && !this.#isTaking) return html`<bellhop-sign-in></bellhop-sign-in>`
    if (this.#problem === undefined) return html`<main id="content">${skeleton(5)}</main>`
    return html`<main class="sign-in" id="content">
      ${problemNote(this.#problem)}
      <button class="button" @click=${this.#tryAgain}>${t.problem.retry}</button>
    </main>`
  }

  #tryAgain = (): void => void (this.#isTaking ? this.#takeSession() : this.#recognise())

  /** Where nothing is there to take, the page of the sign-in stands. */
  async #takeSession(): Promise<void> {
    history.replaceState(history.state, '', location.pathname + location.search)
    this.#isTaking = true
    try {
      client.keepSession(await client.api.postAuthOidcSession())
      this.#isTaking = false
    } catch (error) {
      this.#isTaking = error instanceof ProblemError && error.isPassing
      this.#problem = error
    }
    this.requestUpdate()
    if (client.isSignedIn) await this.#recognise()
  }

  async #recognise(): Promise<void> {
    try {
      const [person, organisation] = await Promise.all([client.api.getAuthMe(), client.api.getOrganisation()])
      if (await agreeOnLanguage(person, organisation)) return
      showTimesIn(organisation.timezone)
      people.learn([[person.id, person.fullName]])
      await chosenFiles.load(person.id)
      me.set({ ...person, organisation })
      this.#problem = undefined
    } catch (error) {
      this.#problem = error
    }
    this.requestUpdate()
  }
}
customElements.define('bellhop-console', Console)

/**
 * What the server writes, as notifications and requests, and what stands around it are in one language: as chosen at the sign-in,
 * else as the person is told things, else as the console speaks here. @returns whether the page is read again for it
 */
async function agreeOnLanguage({ locale }: Me, organisation: Organisation): Promise<boolean> {
  if (locale !== null && !wasJustChosen()) return chooseLanguage(locale)
  if ((locale ?? organisation.locale) !== language)
    await client.api.patchAuthMe({ body: { locale: language } }).catch(() => undefined)
  return false
}
