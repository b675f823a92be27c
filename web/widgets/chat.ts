// `<bellhop-chat>`: the person's conversations, or with `room` one of them alone.

import { html, nothing, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { icon } from '../elements/icon.ts'
import '../shared/conversation.ts'
import { emptyState } from '../shared/drawings.ts'
import { liveLines } from '../shared/live-lines.ts'
import type { Place, Room } from '../shared/place.ts'
import { nameOfRoomAt } from '../shared/room.ts'
import { drawRoomLine } from '../shared/room-line.ts'
import { chatTexts } from '../shared/texts/chat.ts'
import { widgetTexts } from './texts.ts'
import { Widget } from './widget.ts'

class Chat extends Widget {
  static override properties = { ...Widget.properties, room: {} }
  /** Id of a room; one that is given is shown alone. */
  declare room: string | undefined
  readonly #rooms = this.follow(({ client }) => client.live.rooms())
  #chosen: string | undefined

  protected override draw(place: Place): TemplateResult {
    const id = this.room || this.#chosen
    if (id === undefined) return this.#drawRooms(place)
    const room = this.#rooms.list?.get().find((each) => each.id === id)
    return html`${keyed(
      id,
      html`<bellhop-conversation
        part="conversation"
        .place=${place}
        .roomId=${id}
        .room=${room}
        .head=${this.#drawHead(place, room)}
      ></bellhop-conversation>`,
    )}`
  }

  #drawRooms(place: Place): TemplateResult {
    const text = chatTexts[place.language]
    return liveLines(place.language, {
      list: this.#rooms.list,
      draw: (room: Room) =>
        html`<li>
          <button class="line room" @click=${() => this.#choose(room.id)}>
            ${drawRoomLine(place, room)}
          </button>
        </li>`,
      empty: emptyState('chat', text.empty, text.emptyWhy),
      name: text.rooms,
    })
  }

  #drawHead(place: Place, room: Room | undefined): TemplateResult {
    return html`<header class="conversation-head">
      ${
        this.room
          ? nothing
          : html`<button
              class="icon-button"
              aria-label=${widgetTexts[place.language].back}
              @click=${() => this.#choose(undefined)}
            >
              ${icon('back')}
            </button>`
      }
      <h2 class="clip">${room ? nameOfRoomAt(place, room) : chatTexts[place.language].messages}</h2>
    </header>`
  }

  #choose(id: string | undefined): void {
    this.#chosen = id
    this.tell('room', { roomId: id })
    this.requestUpdate()
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>(id ? 'textarea' : '.room')?.focus(),
    )
  }
}
customElements.define('bellhop-chat', Chat)
