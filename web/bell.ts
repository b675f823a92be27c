// What was told to the person, with how much of it is unread; the same in every tab.

import { html, nothing, type TemplateResult } from 'lit'
import { client, type Notification } from './client.ts'
import { icon } from './elements/icon.ts'
import { modal } from './elements/modal.ts'
import { Followed, Part } from './page.ts'
import { linkTo, navigate } from './router.ts'
import { drawTold } from './shared/told.ts'
import { t } from './texts/console.ts'
import { language } from './texts/language.ts'

class Bell extends Part {
  readonly #followed = new Followed(this, () => client.live.notifications())
  #isOpen = false

  override render(): TemplateResult {
    const unread = this.#followed.list?.unread() ?? 0
    return html`
      <button
        class="icon-button bell"
        aria-haspopup="dialog"
        aria-label=${t.bell.label(unread)}
        @click=${() => this.#show(true)}
      >
        ${icon('bell')}
        ${unread > 0 ? html`<span class="count" aria-hidden="true">${unread > 99 ? '99+' : unread}</span>` : nothing}
      </button>
      <span class="sr-only" role="status">${unread > 0 ? t.bell.label(unread) : ''}</span>
      ${this.#isOpen ? modal(t.bell.title, this.#drawList(), () => this.#show(false), 'drawer') : nothing}
    `
  }

  #drawList(): TemplateResult {
    return drawTold(language, this.#followed.list, {
      open: (told) => void this.#open(told),
      readAll: () => void client.api.postNotificationsReadAll(),
    })
  }

  async #open(told: Notification): Promise<void> {
    const to = placeOf(told)
    if (to) {
      this.#show(false)
      navigate(to)
    }
    if (told.readAt === null) await client.api.patchNotificationsByIdRead({ path: { id: told.id } })
  }

  #show(isOpen: boolean): void {
    this.#isOpen = isOpen
    this.requestUpdate()
  }
}
customElements.define('bellhop-bell', Bell)

/** Where one sees what it is about. */
function placeOf({ category, bookingId, data }: Notification): string | undefined {
  const of = (name: string): string | undefined => {
    const value: unknown = Reflect.get(data, name)
    return typeof value === 'string' ? value : undefined
  }
  const room = of('roomId')
  if (category === 'chat' && room) return linkTo('chat', room)
  const approval = of('approvalId')
  if (category === 'approval' && approval) return linkTo('approvals', approval)
  return bookingId ? linkTo('bookings', bookingId) : undefined
}
