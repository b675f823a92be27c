// The day of whoever sends out vehicles: what does not work out, what waits for a vehicle, and what is on its way.

import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { LiveList } from '../client/src/index.ts'
import './assign.ts'
import { findClashes, isLate, type Clash } from './clashes.ts'
import { client, myself, type Booking } from './client.ts'
import { dayAfter } from './days.ts'
import { badge, emptyState } from './elements/basic.ts'
import { bookingStatus, whenOf } from './elements/booking.ts'
import { icon, type IconName } from './elements/icon.ts'
import { modal } from './elements/modal.ts'
import { dateOf } from './elements/time.ts'
import { Names } from './names.ts'
import { Followed, Part } from './page.ts'
import { linkTo } from './router.ts'
import { drawMissing, drawWaiting, isWaitedFor } from './shared/live-lines.ts'
import { bookingText } from './texts/booking.ts'
import { dispatchText as text } from './texts/dispatch.ts'
import { language } from './texts/language.ts'
import { beginningOf } from './zone.ts'

/** Days that are looked at for what does not work out. */
const AHEAD = 7
const SHOWN = 8
/** More than these are looked at in the plan itself. */
const MOST_LOOKED_AT = 500
const A_MINUTE = 60_000

class Dispatch extends Part {
  readonly #names = new Names(this)
  readonly #today = dateOf(new Date())
  readonly #days = Array.from({ length: AHEAD }, (_, at) => dayAfter(this.#today, at))
  readonly #pending = new Followed(this, () => this.#follow({ status: 'PENDING' }))
  readonly #confirmed = new Followed(this, () => this.#follow({ status: 'CONFIRMED' }))
  readonly #ahead = new Followed(this, () =>
    this.#follow({ status: 'ASSIGNED', to: this.#beginningOf(AHEAD) }),
  )
  /** Also what should have been back the day before. */
  readonly #running = new Followed(this, () => client.live.bookings({ status: 'IN_PROGRESS' }))
  readonly #reading = new Set<LiveList<Booking>>()
  #assigned: Booking | undefined
  #timer: ReturnType<typeof setInterval> | undefined

  #beginningOf(days: number): string {
    return beginningOf(dayAfter(this.#today, days), myself().organisation.timezone)
  }

  #follow(query: { status: Booking['status']; to?: string }): LiveList<Booking> {
    return client.live.bookings({ from: this.#beginningOf(0), ...query })
  }

  override connectedCallback(): void {
    super.connectedCallback()
    // What is late becomes so by itself.
    this.#timer = setInterval(() => {
      if (dateOf(new Date()) === this.#today) this.requestUpdate()
      else this.dispatchEvent(new CustomEvent('day-over'))
    }, A_MINUTE)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.#timer)
  }

  protected override willUpdate(): void {
    for (const list of this.#lists())
      if (list?.status === 'live' && list.hasMore && list.get().length < MOST_LOOKED_AT)
        void this.#readOn(list)
  }

  /** Each time twice as many. */
  async #readOn(list: LiveList<Booking>): Promise<void> {
    if (this.#reading.has(list)) return
    this.#reading.add(list)
    await list.more(list.get().length)
    this.#reading.delete(list)
    this.requestUpdate()
  }

  #lists(): (LiveList<Booking> | undefined)[] {
    return [this.#pending, this.#confirmed, this.#ahead, this.#running].map(({ list }) => list)
  }

  override render(): TemplateResult {
    const lists = this.#lists()
    const missing = lists.find((list) => list?.isMissing)
    if (lists.some(isWaitedFor)) return html`${drawWaiting(language, missing, 4)}`
    const waiting = inOrder(this.#pending, this.#confirmed)
    const driven = inOrder(this.#ahead, this.#running)
    return html`<div class="sections">
      ${drawMissing(language, missing, text.missing)} ${this.#drawAttention(driven)}
      ${this.#drawWaiting(waiting)} ${this.#drawToday(driven)}
      ${
        this.#assigned
          ? modal(
              bookingText.assignTitle,
              html`<bellhop-assign .booking=${this.#assigned}></bellhop-assign>`,
              () => this.#assign(undefined),
            )
          : nothing
      }
    </div>`
  }

  #drawAttention(driven: readonly Booking[]): TemplateResult | typeof nothing {
    const now = new Date()
    const late = driven.filter((booking) => isLate(booking, now))
    const clashes = findClashes(driven, this.#days)
    if (late.length === 0 && clashes.length === 0) return nothing
    return html`<section aria-labelledby="attention">
      <h2 id="attention">${text.attention}</h2>
      <ul class="lines card">
        ${clashes.map((clash) => this.#drawClash(clash))}
        ${late.map((booking) =>
          this.#drawTrip(
            booking,
            badge(booking.status === 'ASSIGNED' ? text.lateStart : text.lateEnd, 'bad'),
          ),
        )}
      </ul>
    </section>`
  }

  #drawClash({ of, id, date, one, other }: Clash<Booking>): TemplateResult {
    const name = of === 'assignedResourceId' ? this.#names.resource(id) : this.#names.person(id)
    const link = (booking: Booking): TemplateResult =>
      html`<a href=${linkTo('bookings', booking.id)}>${titleOf(booking)}, ${booking.scheduledTime}</a>`
    return html`<li class="line">
      <span class="line-main">
        <span class="strong">${text.clash(name)}</span>
        <span>${link(one)} ${text.and} ${link(other)}</span>
      </span>
      <span class="line-side">
        <a href=${linkTo('bookings', 'grid', { day: date })}>${text.grid}</a>
        ${badge(bookingText.reason.SCHEDULE_CONFLICT, 'bad')}
      </span>
    </li>`
  }

  #drawWaiting(waiting: readonly Booking[]): TemplateResult {
    return this.#drawSection({
      title: text.waiting,
      link: html`<a href=${linkTo('bookings', 'grid', { view: 'week' })}>${text.week}</a>`,
      trips: waiting,
      draw: (booking) => this.#drawUnassigned(booking),
      empty: ['check', text.nothingWaits, text.nothingWaitsWhy],
    })
  }

  #drawToday(driven: readonly Booking[]): TemplateResult {
    const tomorrow = this.#beginningOf(1)
    return this.#drawSection({
      title: text.today,
      link: html`<a href=${linkTo('bookings', 'grid', { day: this.#today })}>${text.grid}</a>`,
      trips: driven.filter(({ startsAt }) => (startsAt ?? '') < tomorrow),
      draw: (booking) => this.#drawTrip(booking, bookingStatus(booking)),
      empty: ['calendar', text.nothingToday, text.nothingTodayWhy],
    })
  }

  #drawSection({ title, link, trips, draw, empty }: Section): TemplateResult {
    const left = trips.length - SHOWN
    return html`<section aria-label=${title}>
      <div class="section-head">
        <h2>${title}</h2>
        ${link}
      </div>
      ${
        trips.length === 0
          ? html`<div class="card">${emptyState(...empty)}</div>`
          : html`<ul class="lines card">
              ${repeat(trips.slice(0, SHOWN), ({ id }) => id, draw)}
            </ul>`
      }
      ${left > 0 ? html`<p class="quiet">${text.more(left)}</p>` : nothing}
    </section>`
  }

  #drawUnassigned(booking: Booking): TemplateResult {
    const isOverdue = (booking.startsAt ?? '') < new Date().toISOString()
    const note = isOverdue ? text.overdue : booking.waitingSince && text.noneFree
    return html`<li class="line">
      ${this.#drawMain(booking)}
      <span class="line-side">
        ${note ? badge(note, isOverdue ? 'bad' : 'wait') : nothing}
        <span class="when">${icon('calendar')}${whenOf(booking)}</span>
        <button @click=${() => this.#assign(booking)}>${bookingText.assign}</button>
      </span>
    </li>`
  }

  #drawTrip(booking: Booking, state: TemplateResult): TemplateResult {
    const { assignedResourceId, assignedDriverId } = booking
    const who = [
      assignedResourceId && this.#names.resource(assignedResourceId),
      assignedDriverId && this.#names.person(assignedDriverId),
    ]
    return html`<li class="line">
      ${this.#drawMain(booking, who.filter(Boolean).join(', '))}
      <span class="line-side">
        <span class="when">${icon('clock')}${whenOf(booking)}</span>
        ${state}
      </span>
    </li>`
  }

  #drawMain(booking: Booking, who = ''): TemplateResult {
    return html`<span class="line-main">
      <a class="strong" href=${linkTo('bookings', booking.id)}>${titleOf(booking)}</a>
      <span class="quiet"
        >${who ? `${who} · ` : ''}${this.#names.person(booking.requesterId)} ·
        ${bookingText.people(booking.passengerCount)}</span
      >
    </span>`
  }

  #assign(booking: Booking | undefined): void {
    this.#assigned = booking
    this.requestUpdate()
  }
}
customElements.define('bellhop-dispatch', Dispatch)

interface Section {
  title: string
  link: TemplateResult
  trips: readonly Booking[]
  draw: (booking: Booking) => TemplateResult
  empty: [IconName, string, string]
}

const titleOf = ({ purpose, bookingType }: Booking): string => purpose ?? bookingText.type[bookingType]

const inOrder = (...followed: readonly Followed<LiveList<Booking>>[]): Booking[] =>
  followed
    .flatMap(({ list }) => list?.get() ?? [])
    .toSorted((one, other) => (one.startsAt ?? '').localeCompare(other.startsAt ?? ''))
