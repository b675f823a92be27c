// The frame around every page: where one can go, what is new, who one is.

import { html, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { chatUnread, followChatUnread } from './chat-unread.ts'
import { connection, myself } from './client.ts'
import { emptyState, pageHead, problemNote, skeleton } from './elements/basic.ts'
import { icon } from './elements/icon.ts'
import './elements/toast.ts'
import './account-menu.ts'
import './bell.ts'
import './palette.ts'
import { Part, Watched } from './page.ts'
import { pagesOf, type PageEntry } from './pages.ts'
import { address, followLinks, linkTo } from './router.ts'
import { chatText } from './texts/chat.ts'
import { t } from './texts/console.ts'
import { noteOfZone } from './zone.ts'

/** Sections that a phone shows beside each other; the others are found by the palette. */
const ON_A_PHONE = 4

class Shell extends Part {
  protected readonly watched = new Watched(this, address, connection, chatUnread)
  readonly #pages = pagesOf(myself().role)
  readonly #loaded = new Set<PageEntry>()
  readonly #zone = noteOfZone(myself().organisation.timezone)
  #problem: unknown
  #shownAt = ''
  #ends: (() => void)[] = []

  override connectedCallback(): void {
    super.connectedCallback()
    this.#ends = [
      followLinks((section) => this.#pages.some((page) => page.section === section)),
      followChatUnread(),
    ]
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    for (const end of this.#ends.splice(0)) end()
  }

  override render(): TemplateResult {
    const page = this.#page()
    return html`
      <a class="skip" href="#content" @click=${this.#skip}>${t.skip}</a>
      <div class="shell">
        <nav class="nav" aria-label=${t.shell.navigation}>
          <a class="brand" href="/">${icon('bell')}<span>${t.name}</span></a>
          <ul>
            ${this.#pages.map((each) => this.#drawLink(each, each === page))}
            ${this.#pages.length > ON_A_PHONE ? this.#drawMore() : nothing}
          </ul>
        </nav>
        <div class="column">
          <header class="top">
            <a class="brand" href="/">${t.name}</a>
            <bellhop-palette></bellhop-palette>
            <bellhop-bell></bellhop-bell>
            <bellhop-account-menu></bellhop-account-menu>
          </header>
          ${this.#drawConnection()}
          <main id="content" tabindex="-1">${page ? this.#drawPage(page) : this.#drawNotFound()}</main>
          ${this.#zone ? html`<footer class="quiet">${icon('clock')}${this.#zone}</footer>` : nothing}
        </div>
      </div>
      <bellhop-toasts></bellhop-toasts>
    `
  }

  #page(): PageEntry | undefined {
    const { section } = address.get()
    return this.#pages.find((each) => each.section === section)
  }

  #drawLink({ section, title, icon: drawing }: PageEntry, isCurrent: boolean): TemplateResult {
    return html`<li>
      <a href=${linkTo(section)} aria-current=${isCurrent ? 'page' : nothing}
        >${icon(drawing)}<span>${title}</span>${section === 'chat' ? drawUnread() : nothing}</a
      >
    </li>`
  }

  #drawMore(): TemplateResult {
    const show = (): void => this.querySelector<HTMLElement>('.search-button')?.click()
    return html`<li class="more">
      <button @click=${show}>${icon('more')}<span>${t.shell.more}</span></button>
    </li>`
  }

  /** Another thing is another page; another query is the same one. */
  #drawPage(page: PageEntry): unknown {
    if (this.#problem !== undefined) return problemNote(this.#problem)
    if (!this.#loaded.has(page)) return skeleton(5)
    const { section, id } = address.get()
    return keyed(`${section}/${id ?? ''}`, page.show(address.get()))
  }

  #drawNotFound(): TemplateResult {
    return html`${pageHead(t.shell.notFound)}
    ${emptyState('search', t.shell.notFound, t.shell.notFoundWhy, html`<a class="button" href="/">${t.shell.home}</a>`)}`
  }

  #drawConnection(): TemplateResult {
    const isAway = connection.get() === 'away'
    return html`<div role="status">
      ${isAway ? html`<p class="away">${icon('alert')}${t.shell.away}</p>` : nothing}
    </div>`
  }

  protected override willUpdate(): void {
    const page = this.#page()
    if (page && !this.#loaded.has(page)) void this.#load(page)
    document.title = page ? `${page.title} · ${t.name}` : t.name
  }

  /** A reader of the screen is told where they are: the focus goes to the heading of the page, unless it is the first. */
  protected override updated(_changed: PropertyValues): void {
    const at = location.pathname
    if (this.#shownAt && at !== this.#shownAt)
      this.querySelector<HTMLElement>('#content')?.focus({ preventScroll: true })
    this.#shownAt = at
  }

  async #load(page: PageEntry): Promise<void> {
    try {
      await page.load()
      this.#loaded.add(page)
      this.#problem = undefined
    } catch (error) {
      this.#problem = error
    }
    this.requestUpdate()
  }

  #skip = (event: Event): void => {
    event.preventDefault()
    this.querySelector<HTMLElement>('#content')?.focus()
  }
}
customElements.define('bellhop-shell', Shell)

function drawUnread(): TemplateResult | typeof nothing {
  const count = chatUnread.get()
  if (count === 0) return nothing
  return html`<span class="count" role="img" aria-label=${chatText.unread(count)}
    >${count > 99 ? '99+' : count}</span
  >`
}
