// Everything by the keyboard: Ctrl-K, a few letters, Enter. Pages, what one can begin, and colleagues to talk to.

import { html, nothing, type TemplateResult } from 'lit'
import { client, myself } from './client.ts'
import { sayProblem } from './elements/basic.ts'
import { icon, type IconName } from './elements/icon.ts'
import { modal } from './elements/modal.ts'
import { attempt } from './loaded.ts'
import { Part } from './page.ts'
import { pagesOf } from './pages.ts'
import { linkTo, navigate } from './router.ts'
import { bookingText } from './texts/booking.ts'
import { chatText } from './texts/chat.ts'
import { t } from './texts/console.ts'

interface Choice {
  text: string
  about: string
  icon: IconName
  go: () => unknown
}

/** Milliseconds of calm before colleagues are looked for. */
const CALM = 200

class Palette extends Part {
  #isOpen = false
  #typed = ''
  #chosen = 0
  #colleagues: readonly Choice[] = []
  /** Why colleagues could not be looked for. */
  #problem = ''
  #timer: ReturnType<typeof setTimeout> | undefined

  override connectedCallback(): void {
    super.connectedCallback()
    document.addEventListener('keydown', this.#hear)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    document.removeEventListener('keydown', this.#hear)
  }

  override render(): TemplateResult {
    return html`
      <button class="search-button" aria-haspopup="dialog" aria-keyshortcuts="Control+K" @click=${this.show}>
        ${icon('search')}<span>${t.shell.search}</span><kbd aria-hidden="true">Ctrl K</kbd>
      </button>
      ${this.#isOpen ? modal(t.palette.title, this.#drawInside(), this.#close) : nothing}
    `
  }

  show = (): void => {
    this.#isOpen = true
    this.#type('')
  }

  #close = (): void => {
    this.#isOpen = false
    this.requestUpdate()
  }

  #hear = (event: KeyboardEvent): void => {
    if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    this.show()
  }

  #drawInside(): TemplateResult {
    const choices = this.#choices()
    return html`<div class="stack">
      <input
        type="search"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-choices"
        aria-activedescendant=${choices.length > 0 ? `palette-${this.#chosen}` : nothing}
        aria-label=${t.palette.hint}
        placeholder=${t.palette.hint}
        autocomplete="off"
        autofocus
        @input=${({ target }: Event) => target instanceof HTMLInputElement && this.#type(target.value)}
        @keydown=${this.#press}
      />
      <ul class="lines" id="palette-choices" role="listbox" aria-label=${t.palette.title}>
        ${choices.map((choice, at) => this.#drawChoice(choice, at))}
      </ul>
      <p class="quiet" role="status">${this.#problem || (choices.length === 0 ? t.palette.none : '')}</p>
    </div>`
  }

  #drawChoice(choice: Choice, at: number): TemplateResult {
    return html`<li
      class="line plain choice"
      id="palette-${at}"
      role="option"
      aria-selected=${at === this.#chosen ? 'true' : 'false'}
      @click=${() => this.#go(choice)}
    >
      ${icon(choice.icon)}<span class="line-main">${choice.text}</span
      ><span class="quiet">${choice.about}</span>
    </li>`
  }

  #choices(): readonly Choice[] {
    const pages = pagesOf(myself().role).map(({ section, title, icon }) => ({
      text: title,
      about: '',
      icon,
      go: () => navigate(linkTo(section)),
    }))
    const ask: Choice = {
      text: bookingText.new,
      about: '',
      icon: 'plus',
      go: () => navigate(linkTo('bookings', 'new')),
    }
    const wanted = fold(this.#typed)
    return [...pages, ask].filter(({ text }) => fold(text).includes(wanted)).concat(this.#colleagues)
  }

  #type(typed: string): void {
    this.#typed = typed.trim()
    this.#chosen = 0
    this.#colleagues = []
    this.#problem = ''
    clearTimeout(this.#timer)
    if (this.#typed) this.#timer = setTimeout(() => void this.#lookUp(this.#typed), CALM)
    this.requestUpdate()
  }

  /** Who has no directory finds none. */
  async #lookUp(q: string): Promise<void> {
    if (['CUSTOMER', 'GUEST'].includes(myself().role)) return
    const found = await client.api
      .getPeople({ query: { q, limit: 5 } })
      .catch((error: unknown) => sayProblem(error))
    if (q !== this.#typed) return
    this.#problem = typeof found === 'string' ? found : ''
    this.#colleagues = (typeof found === 'string' ? [] : found)
      .filter(({ id }) => id !== myself().id)
      .map(({ id, fullName }) => ({
        text: fullName,
        about: chatText.new,
        icon: 'chat',
        go: () => attempt(() => talkTo(id)),
      }))
    this.requestUpdate()
  }

  #press = (event: KeyboardEvent): void => {
    const choices = this.#choices()
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined && event.key !== 'Enter') return
    event.preventDefault()
    const choice = choices[this.#chosen]
    if (step === undefined) return choice && this.#go(choice)
    this.#chosen = (this.#chosen + step + choices.length) % Math.max(choices.length, 1)
    this.requestUpdate()
  }

  #go(choice: Choice): void {
    this.#close()
    void choice.go()
  }
}
customElements.define('bellhop-palette', Palette)

async function talkTo(userId: string): Promise<void> {
  const { id } = await client.api.postChatConversationsWithUser({ body: { userId } })
  navigate(linkTo('chat', id))
}

/** Found with accents or without. */
const fold = (text: string): string =>
  text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'd').toLowerCase()
