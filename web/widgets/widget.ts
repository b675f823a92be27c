// What every widget is: an element with a root of its own, in the page's colours if it gives any, for whoever the page says.

import { html, LitElement, nothing, unsafeCSS, type PropertyValues, type TemplateResult } from 'lit'
import { memoryStorage, ProblemError, type LiveList, type Session } from '../../client/src/index.ts'
import { icon } from '../elements/icon.ts'
import { sayProblemIn, skeletonIn } from '../shared/drawings.ts'
import { spokenOf, type Language } from '../shared/language.ts'
import { drawRetry } from '../shared/live-lines.ts'
import { Followed } from '../shared/part.ts'
import type { Place } from '../shared/place.ts'
import { connectionFor, connectionOf, type Connection, type ConnectionHost, type Me } from './connection.ts'
import { sayRefusalsInVietnamese } from './refusals.ts'
import { widgetTexts } from './texts.ts'
import { askPageForToken, type Token } from './token-event.ts'
import styles from './widgets.css'

/** Milliseconds for which something is said in passing. */
const SAID_FOR = 6000

export abstract class Widget extends LitElement implements ConnectionHost {
  static override styles = unsafeCSS(styles)
  static override properties = { server: {}, token: {}, locale: {}, theme: { reflect: true } }
  /** Origin of Bellhop: where the script came from, unless given. */
  declare server: string | undefined
  /** Of whoever is signed in in the page; or what gives one, whenever one is needed. */
  declare token: string | ((refused?: string) => Token) | undefined
  /** `vi` or `en`: as the page has it, unless given. */
  declare locale: string | undefined
  /** As the device has it, unless given. */
  declare theme: 'light' | 'dark' | undefined
  protected place: Place | undefined
  protected me: Me | undefined
  readonly #followed: { reopen(): void }[] = []
  #connection: Connection | undefined
  #problem: unknown
  #isNobody = false
  #said = ''
  #saying: ReturnType<typeof setTimeout> | undefined
  /** Of two attempts that cross the later one holds. */
  #attempt = 0

  protected abstract draw(place: Place): TemplateResult

  /** What is shown where nobody is signed in. */
  protected drawNobody(): TemplateResult {
    return html`<p class="quiet nobody">${widgetTexts[this.language].nobody}</p>`
  }

  protected drawWaiting(): TemplateResult {
    return skeletonIn(this.language)
  }

  /** Followed as long as somebody is signed in, and the widget stands in the page. */
  protected follow<List extends LiveList<unknown>>(open: (place: Place) => List | undefined): Followed<List> {
    const followed = new Followed<List>(this, () => this.place && open(this.place))
    this.#followed.push(followed)
    return followed
  }

  protected get language(): Language {
    return spokenOf([
      this.locale ?? '',
      this.closest<HTMLElement>('[lang]')?.lang ?? '',
      ...navigator.languages,
    ])
  }

  protected get serverOrigin(): string {
    return new URL(this.server || import.meta.url, document.baseURI).origin
  }

  override connectedCallback(): void {
    super.connectedCallback()
    void pageIsReady().then(() => this.connect())
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#disconnect()
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.language === 'vi') sayRefusalsInVietnamese(this.serverOrigin)
    if (this.hasUpdated && (changed.has('token') || changed.has('server'))) void this.connect()
    if (this.place && changed.has('locale')) this.place = { ...this.place, language: this.language }
  }

  override render(): TemplateResult {
    return html`<div class="widget" part="widget" lang=${this.language}>
      ${this.#drawInside()}
      <p class="said-now" role="status">${this.#said}</p>
    </div>`
  }

  #drawInside(): TemplateResult {
    if (this.#problem !== undefined)
      return drawRetry(this.language, sayProblemIn(this.language, this.#problem), () => this.connect())
    if (this.#isNobody) return this.drawNobody()
    if (!this.place) return this.drawWaiting()
    const isAway = this.#connection?.state === 'away'
    return html`${this.draw(this.place)}
    ${isAway ? html`<p class="away" role="status">${icon('alert')}${widgetTexts[this.language].away}</p>` : nothing}`
  }

  /** Asks the page who is signed in, and becomes theirs. */
  protected async connect(): Promise<void> {
    if (!this.isConnected) return
    const mine = ++this.#attempt
    this.#problem = undefined
    try {
      const token = await this.askToken()
      if (mine !== this.#attempt) return
      if (token === undefined) this.#disconnect()
      this.#isNobody = token === undefined
      if (token !== undefined) await this.#become(connectionFor(this.serverOrigin, token), mine)
    } catch (error) {
      if (mine !== this.#attempt) return
      this.#disconnect()
      this.#problem = error
      this.tell('problem', { problem: error instanceof ProblemError ? error.problem : String(error) })
    }
    this.requestUpdate()
  }

  /** Of somebody who came in here, and whom the page does not know. */
  protected async comeIn(session: Session): Promise<void> {
    this.#isNobody = false
    await this.#become(connectionOf(this.serverOrigin, session), ++this.#attempt)
    this.requestUpdate()
  }

  /** Somebody is signed in now, and what is followed is read. */
  protected became(_place: Place): void {}

  async #become(connection: Connection, mine: number): Promise<void> {
    connection.join(this)
    if (connection !== this.#connection) {
      this.#disconnect()
      this.#connection = connection
    }
    const me = await connection.me
    if (mine !== this.#attempt || this.place?.client === connection.client) return
    this.me = me
    const { client } = connection
    const place = {
      client,
      userId: me.id,
      language: this.language,
      drafts: memoryStorage(),
      chosen: new Map(),
      showsPictures: false,
      say: (text: string) => this.say(text),
    }
    this.place = place
    for (const followed of this.#followed) followed.reopen()
    this.became(place)
    this.tell('ready', { userId: me.id })
  }

  #disconnect(): void {
    this.#connection?.leave(this)
    this.#connection = undefined
    this.place = undefined
    this.me = undefined
  }

  async askToken(refused?: string): Promise<string | undefined> {
    const given = typeof this.token === 'function' ? await this.token(refused) : this.token
    return given && given !== refused ? given : askPageForToken(this, refused)
  }

  connectionChanged(): void {
    this.requestUpdate()
  }

  protected say(text: string): void {
    this.#said = text
    clearTimeout(this.#saying)
    this.#saying = setTimeout(() => this.say(''), SAID_FOR)
    this.requestUpdate()
  }

  /** @returns whether the page leaves to us what follows */
  protected tell(what: string, detail: object): boolean {
    return this.dispatchEvent(
      new CustomEvent(`bellhop-${what}`, { detail, bubbles: true, composed: true, cancelable: true }),
    )
  }
}

/** A page whose scripts stand below the widgets has its listeners once all of them ran. */
async function pageIsReady(): Promise<void> {
  const [navigation] = performance.getEntriesByType('navigation')
  const hasRun =
    document.readyState === 'complete' ||
    (navigation instanceof PerformanceNavigationTiming && navigation.domContentLoadedEventStart > 0)
  if (hasRun) return
  await new Promise((ready) => document.addEventListener('DOMContentLoaded', ready, { once: true }))
}
