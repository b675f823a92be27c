// What was told to the person, with how much of it is unread; the same in every tab.

import { html, nothing, type TemplateResult } from 'lit'
import { client, myself, type Notification } from './client.ts'
import { icon } from './elements/icon.ts'
import { modal } from './elements/modal.ts'
import { attempt } from './loaded.ts'
import { Followed, Part } from './page.ts'
import { linkTo, navigate } from './router.ts'
import { drawTold } from './shared/told.ts'
import { t } from './texts/console.ts'
import { language } from './texts/language.ts'

const OWN = { except: 'audit' } as const
const AUDIT = { category: 'audit' } as const
type View = 'oneself' | 'audit'

class Bell extends Part {
  readonly #followed = new Followed(this, () => client.live.notifications(OWN))
  #isOpen = false
  #view: View = 'oneself'

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
      ${this.#isOpen ? modal(t.bell.title, this.#drawInside(), () => this.#show(false), 'drawer') : nothing}
    `
  }

  /** ADMINs are told of much that is written into the audit, too: it stands beside, and is not counted. */
  #drawInside(): TemplateResult {
    const open = (told: Notification): void => void this.#open(told)
    const readAll = (): void => void attempt(() => client.api.postNotificationsReadAll({ query: OWN }))
    const views = [
      ['oneself', t.shell.forYou],
      ['audit', t.sections.audit],
    ] as const
    return html`
      ${
        myself().role === 'ADMIN'
          ? html`<div class="choices" role="group" aria-label=${t.bell.title}>
              ${views.map(
                ([view, text]) =>
                  html`<label
                    ><input
                      type="radio"
                      name="bell"
                      .checked=${view === this.#view}
                      @change=${() => this.#look(view)}
                    /><span>${text}</span></label
                  >`,
              )}
            </div>`
          : nothing
      }
      ${
        this.#view === 'audit'
          ? html`<bellhop-bell-audit .open=${open}></bellhop-bell-audit>`
          : drawTold(language, this.#followed.list, { open, readAll })
      }
    `
  }

  #look(view: View): void {
    this.#view = view
    this.requestUpdate()
  }

  async #open(told: Notification): Promise<void> {
    const to = placeOf(told)
    if (to) {
      this.#show(false)
      navigate(to)
    }
    if (told.readAt === null)
      await attempt(() => client.api.patchNotificationsByIdRead({ path: { id: told.id } }))
  }

  #show(isOpen: boolean): void {
    this.#isOpen = isOpen
    this.requestUpdate()
  }
}
customElements.define('bellhop-bell', Bell)

class BellAudit extends Part {
  static override properties = { open: { attribute: false } }
  declare open: (told: Notification) => void
  readonly #followed = new Followed(this, () => client.live.notifications(AUDIT))

  override render(): TemplateResult {
    const readAll = (): void => void attempt(() => client.api.postNotificationsReadAll({ query: AUDIT }))
    return drawTold(language, this.#followed.list, { open: this.open, readAll })
  }
}
customElements.define('bellhop-bell-audit', BellAudit)

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
  if (bookingId) return linkTo('bookings', bookingId)
  return category === 'audit' ? linkTo('audit') : undefined
}
