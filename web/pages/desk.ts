// Conversations of customers: who waits, who has taken it, and the conversation itself beside them.

import { html, nothing, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { client, myself, type Room } from '../client.ts'
import '../shared/conversation.ts'
import '../canned-answers.ts'
import { avatar, badge, emptyState, pageHead } from '../elements/basic.ts'
import { liveList } from '../elements/live-list.ts'
import { conversationHead, nameOfRoom } from '../elements/room.ts'
import { tabs } from '../elements/tabs.ts'
import { ago } from '../elements/time.ts'
import { here } from '../here.ts'
import { attempt } from '../loaded.ts'
import { Followed, Page } from '../page.ts'
import { linkTo } from '../router.ts'
import { t } from '../texts/console.ts'
import { deskText } from '../texts/desk.ts'

const VIEWS = ['all', 'mine', 'closed'] as const

class Desk extends Page {
  readonly #rooms = new Followed(this, () => client.live.desk(this.#query()))
  #asked = ''

  get #view(): (typeof VIEWS)[number] {
    return VIEWS.find((each) => each === this.address.query.get('view')) ?? 'all'
  }

  #query(): { status: 'ACTIVE' | 'ARCHIVED' } {
    return { status: this.#view === 'closed' ? 'ARCHIVED' : 'ACTIVE' }
  }

  protected override willUpdate(): void {
    const asked = JSON.stringify(this.#query())
    if (this.#asked && asked !== this.#asked) this.#rooms.reopen()
    this.#asked = asked
  }

  override render(): TemplateResult {
    const { id } = this.address
    const view = this.#view
    const room = this.#rooms.list?.get().find((each) => each.id === id)
    return html`
      <div class="chat" data-open=${id !== undefined}>
        <section class="rooms" aria-label=${t.sections.desk}>
          ${pageHead(t.sections.desk)}
          <div class="filters">
            ${tabs(
              t.sections.desk,
              VIEWS.map((each) => [deskText[each], linkTo('desk', undefined, { view: each }), each === view]),
            )}
          </div>
          ${liveList(
            this.#rooms.list,
            (each) => this.#drawRoom(each),
            emptyState('desk', deskText.empty, deskText.emptyWhy),
            t.sections.desk,
            (rooms) => (view === 'mine' ? rooms.filter(isMine) : rooms).toSorted(byWaiting),
          )}
        </section>
        <section class="conversation" aria-label=${room ? nameOfCustomer(room) : deskText.choose}>
          ${
            id === undefined
              ? emptyState('desk', deskText.choose, deskText.chooseWhy)
              : keyed(
                  id,
                  html`${this.#drawActions(room)}<bellhop-conversation
                      .place=${here}
                      .roomId=${id}
                      .room=${room}
                      .head=${conversationHead(room)}
                    ></bellhop-conversation>`,
                )
          }
        </section>
      </div>
    `
  }

  #drawRoom(room: Room): TemplateResult {
    const { id, lastMessage, waitingSince, assignee } = room
    const name = nameOfCustomer(room)
    return html`<li>
      <a
        class="line room"
        href=${linkTo('desk', id, { view: this.#view })}
        aria-current=${id === this.address.id ? 'true' : nothing}
      >
        ${avatar(name)}
        <span class="line-main">
          <span class="strong clip">${name}</span>
          <span class="quiet clip">${lastMessage?.content ?? ''}</span>
          <span class="quiet clip">${assignee ? deskText.with(assignee.fullName) : deskText.nobody}</span>
        </span>
        <span class="line-side">
          ${waitingSince ? badge(deskText.waits, 'wait') : nothing}
          ${waitingSince ? html`<span class="quiet">${ago(waitingSince)}</span>` : nothing}
        </span>
      </a>
    </li>`
  }

  #drawActions(room: Room | undefined): TemplateResult | typeof nothing {
    if (!room) return nothing
    const path = { id: room.id }
    const act = (work: () => Promise<unknown>, done: string, undo: () => Promise<unknown>) => () =>
      void attempt(work, done, undo)
    const assigneeId = room.assignee?.id ?? null
    if (room.status !== 'ACTIVE')
      return html`<div class="desk-actions">
        ${room.rating ? badge(deskText.rated(room.rating), 'accent') : nothing}
        <button
          @click=${act(
            () => client.api.putChatRoomsByIdReopen({ path }),
            deskText.reopened,
            () => client.api.putChatRoomsByIdArchive({ path }),
          )}
        >
          ${deskText.reopen}
        </button>
      </div>`
    return html`<div class="desk-actions">
      ${
        isMine(room)
          ? nothing
          : html`<button
              class="primary"
              @click=${act(
                () => client.api.postChatRoomsByIdAssign({ path, body: {} }),
                deskText.taken,
                () => client.api.postChatRoomsByIdAssign({ path, body: { assigneeId } }),
              )}
            >
              ${deskText.take}
            </button>`
      }
      <bellhop-canned-answers .roomId=${room.id}></bellhop-canned-answers>
      <button
        @click=${act(
          () => client.api.putChatRoomsByIdArchive({ path }),
          deskText.closedNow,
          () => client.api.putChatRoomsByIdReopen({ path }),
        )}
      >
        ${deskText.close}
      </button>
    </div>`
  }
}
customElements.define('bellhop-desk-page', Desk)

const isMine = ({ assignee }: Room): boolean => assignee?.id === myself().id
const nameOfCustomer = (room: Room): string => room.customer?.fullName ?? nameOfRoom(room)

/** Who waits longest comes first, then those who do not wait as they are. */
const byWaiting = (one: Room, other: Room): number =>
  (one.waitingSince ?? '9') < (other.waitingSince ?? '9')
    ? -1
    : one.waitingSince === other.waitingSince
      ? 0
      : 1
