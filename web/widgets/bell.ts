// `<bellhop-bell>`: what was told to the person, with how much of it is unread.

import { html, nothing, type TemplateResult } from 'lit'
import { icon } from '../elements/icon.ts'
import { attemptAt } from '../shared/attempt.ts'
import type { Notification, Place } from '../shared/place.ts'
import { commonTexts } from '../shared/texts/everywhere.ts'
import { drawTold } from '../shared/told.ts'
import { drawPanel } from './panel.ts'
import { Widget } from './widget.ts'

const OWN = { except: 'audit' } as const

class Bell extends Widget {
  readonly #list = this.follow(({ client }) => client.live.notifications(OWN))
  #isOpen = false
  #unread = 0

  protected override draw(place: Place): TemplateResult {
    const text = commonTexts[place.language].bell
    const unread = this.#list.list?.unread() ?? 0
    return html`
      ${this.#drawButton(text.label(unread), unread)}
      <span class="sr-only" role="status">${unread > 0 ? text.label(unread) : ''}</span>
      ${
        this.#isOpen
          ? drawPanel(this, {
              language: place.language,
              title: text.title,
              body: this.#drawList(place),
              close: () => this.#show(false),
            })
          : nothing
      }
    `
  }

  /** Where it stands in a page there is no room for words. */
  protected override drawWaiting(): TemplateResult {
    return this.#drawButton(commonTexts[this.language].bell.title, 0)
  }

  protected override drawNobody(): TemplateResult {
    return this.drawWaiting()
  }

  #drawButton(label: string, unread: number): TemplateResult {
    return html`<button
      class="icon-button bell"
      part="button"
      aria-haspopup="dialog"
      aria-expanded=${this.#isOpen}
      aria-label=${label}
      ?disabled=${!this.place}
      @click=${() => this.#show(!this.#isOpen)}
    >
      ${icon('bell')}
      ${unread > 0 ? html`<span class="count" part="count" aria-hidden="true">${unread > 99 ? '99+' : unread}</span>` : nothing}
    </button>`
  }

  #drawList(place: Place): TemplateResult {
    return drawTold(place.language, this.#list.list, {
      open: (told) => void this.#open(place, told),
      readAll: () => void attemptAt(place, () => place.client.api.postNotificationsReadAll({ query: OWN })),
    })
  }

  async #open(place: Place, told: Notification): Promise<void> {
    if (this.tell('open', { notification: told })) this.#show(false)
    const path = { id: told.id }
    if (told.readAt === null)
      await attemptAt(place, () => place.client.api.patchNotificationsByIdRead({ path }))
  }

  #show(isOpen: boolean): void {
    this.#isOpen = isOpen
    this.requestUpdate()
    if (!isOpen) this.renderRoot.querySelector<HTMLElement>('.bell')?.focus()
  }

  protected override updated(): void {
    const unread = this.#list.list?.unread() ?? 0
    if (unread === this.#unread) return
    this.#unread = unread
    this.tell('unread', { count: unread })
  }
}
customElements.define('bellhop-bell', Bell)
