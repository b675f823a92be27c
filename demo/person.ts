// One of the demonstration's people: signed in, with a socket of their own, and a memory of everything they heard.
// Promise: `hear` answers with what the socket says; HTTP is asked only after a gap, or when patience has run out.

import { WebSocket } from 'ws'
import { connect, type Client, type State, type StateReason } from '../client/src/socket/connect.ts'
import type { Name } from './day.ts'
import { Http, type Session } from './http.ts'
import {
  contentOf,
  EVENT_NAMES,
  type EventData,
  type EventName,
  type SeenEvent,
  type UserSeen,
} from './wire.ts'

export interface Heard<E extends EventName> {
  ev: E
  data: EventData[E]
  /** By performance.now(). */
  at: number
}

export interface Learnt<T> {
  data: T
  at: number
  by: 'socket' | 'http'
}

/** What one waits for, and where HTTP would show it. */
export interface Question<E extends EventName> {
  /** Any of these. */
  evs: readonly E[]
  code: string
  fits: (data: EventData[E]) => boolean
  lookUp: () => Promise<EventData[E] | undefined>
}

/** What a person tells of themselves to whoever watches. */
export interface Reports {
  heard(who: Person, frame: SeenEvent, at: number): void
  trouble(who: Name, what: string): void
  problem(what: string): void
}

/** A job of a killed worker comes back after some 25 s, one that Redis lost within a minute. */
const PATIENCE = 90_000

/** A playing day is short: it comes back sooner than a crowd may. */
const PAUSES = { first: 100, longest: 2000 }
const BAD_TOKEN = 4401

interface Wait {
  look(): boolean
  ask(): Promise<void>
}

export class Person {
  readonly name: Name
  readonly user: UserSeen
  readonly http: Http
  readonly heard: { readonly [E in EventName]: Heard<E>[] } = {
    'booking.created': [],
    'booking.changed': [],
    'approval.requested': [],
    'approval.reminded': [],
    'approval.decided': [],
    'approval.expired': [],
    'notification.created': [],
  }
  /** Times at which events may have been missed. */
  gaps = 0
  /** Times at which the socket was lost and came back with what it had missed. */
  returns = 0
  frames = 0
  readonly #reports: Reports
  readonly #waits = new Set<Wait>()
  readonly #ids = new Set<string>()
  readonly #contents = new Map<string, string>()
  readonly #session: Session
  readonly #client: Client
  #isTokenBad = false
  #wasLive = false
  #connected: () => void = () => undefined
  /** The first time that its socket is live. */
  readonly ready = new Promise<void>((resolve) => {
    this.#connected = resolve
  })

  constructor(name: Name, user: UserSeen, session: Session, url: string, reports: Reports) {
    this.name = name
    this.user = user
    this.#session = session
    this.#reports = reports
    this.http = new Http(url, session, (why) => reports.trouble(name, `tries again: ${why}`))
    this.#client = connect({
      url,
      WebSocket,
      pauses: PAUSES,
      token: () => this.#goodToken(),
      onState: (state, why) => this.#become(state, why),
      onRefetch: ({ reason }) => this.#gap(`refetch: ${reason}`),
    })
    this.#client.onAny((_data, { id, ev }) => this.#count(id, ev))
    for (const ev of EVENT_NAMES)
      this.#client.on(ev, (data: EventData[EventName], { id, ch }) => this.#take({ id, ch, ev, data }))
  }

  close(): void {
    this.#client.close()
  }

  /** A refused one is exchanged for another before the socket comes back. */
  async #goodToken(): Promise<string | undefined> {
    if (this.#isTokenBad) await this.#session.renew().catch(() => undefined)
    this.#isTokenBad = false
    return this.#session.token
  }

  #become(state: State, why?: StateReason): void {
    if (state === 'away') this.#isTokenBad = why?.code === BAD_TOKEN
    if (state === 'ended') this.#reports.problem(`the socket of ${this.name} ended for good: ${why?.reason}`)
    if (state !== 'live') return
    this.#connected()
    if (this.#wasLive) this.#comeBack()
    this.#wasLive = true
  }

  #comeBack(): void {
    this.returns += 1
    this.#reports.trouble(this.name, 'was away and is back; what was missed was told again')
  }

  /** Already heard or not. @throws Error when neither the socket nor HTTP knows of it within PATIENCE */
  hear<E extends EventName>({ evs, code, fits, lookUp }: Question<E>): Promise<Learnt<EventData[E]>> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => void giveUp(), PATIENCE)
      const done = (learnt: Learnt<EventData[E]>): void => {
        clearTimeout(late)
        this.#waits.delete(wait)
        resolve(learnt)
      }
      const ask = async (): Promise<void> => {
        const found = await lookUp().catch(() => undefined)
        if (found && fits(found) && this.#waits.has(wait))
          done({ data: found, at: performance.now(), by: 'http' })
      }
      const giveUp = async (): Promise<void> => {
        await ask()
        const outcome = this.#waits.delete(wait)
          ? 'and HTTP knows of nothing either'
          : 'although HTTP knows of it'
        this.#reports.problem(
          `${code}: ${this.name} did not hear ${evs.join(' or ')} within ${PATIENCE / 1000} s, ${outcome}`,
        )
        reject(new Error(`${this.name} waited in vain for ${evs.join(' or ')} about ${code}`))
      }
      const look = (): boolean => {
        const found = evs.flatMap((ev) => this.heard[ev]).find((each) => fits(each.data))
        if (found) done({ data: found.data, at: found.at, by: 'socket' })
        return found !== undefined
      }
      const wait = { look, ask }
      this.#waits.add(wait)
      // What is waited for may have been said in a gap, before anybody waited for it.
      if (!look() && this.gaps > 0) void ask()
    })
  }

  #count(id: string | undefined, ev: string): void {
    this.frames += 1
    if (id !== undefined) this.#mustBeNew(id, ev)
  }

  #take(event: SeenEvent): void {
    this.#mustSaySomethingNew(event)
    const at = performance.now()
    this.#remember(event.ev, { ev: event.ev, data: event.data, at })
    this.#reports.heard(this, event, at)
    for (const wait of this.#waits) wait.look()
  }

  #remember<E extends EventName>(ev: E, heard: Heard<E>): void {
    this.heard[ev].push(heard)
  }

  /** With its epoch: a log that was lost begins again at 1. */
  #mustBeNew(id: string, ev: string): void {
    const unique = `${this.#epochOf(id)}/${id}`
    if (this.#ids.has(unique)) this.#reports.problem(`${this.name} heard event ${id} (${ev}) twice`)
    this.#ids.add(unique)
  }

  /** A log that was lost may repeat what it no longer knows it had said. */
  #mustSaySomethingNew(event: SeenEvent): void {
    const content = `${event.ch} ${contentOf(event)}`
    const [before, epoch] = [this.#contents.get(content), this.#epochOf(event.id)]
    this.#contents.set(content, epoch)
    if (before === epoch)
      this.#reports.problem(`${this.name} heard ${contentOf(event)} in two events; the second is ${event.id}`)
    else if (before !== undefined)
      this.#reports.trouble(this.name, `heard ${contentOf(event)} again after the log was lost`)
  }

  #epochOf(id = ''): string {
    const [partition = ''] = id.split(':')
    return this.#client.cursor().epochs[partition] ?? ''
  }

  #gap(why: string): void {
    this.gaps += 1
    this.#reports.trouble(this.name, `hears "${why}" and asks HTTP for what it waits for`)
    for (const wait of this.#waits) void wait.ask()
  }
}
