// One of the demonstration's people: signed in, with a socket of their own, and a memory of everything they heard.
// Promise: `hear` answers with what the socket says; HTTP is asked only after a gap, or when patience has run out.

import type { Name } from './day.ts'
import { Http, type Session } from './http.ts'
import { openSocket, type Socket } from './socket.ts'
import { contentOf, type EventData, type EventFrame, type EventName, type UserSeen } from './wire.ts'

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
  heard(who: Person, frame: EventFrame, at: number): void
  trouble(who: Name, what: string): void
  problem(what: string): void
}

/** A job of a killed worker comes back after some 25 s, one that Redis lost within a minute. */
const PATIENCE = 90_000

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
  readonly #socket: Socket

  constructor(name: Name, user: UserSeen, session: Session, url: string, reports: Reports) {
    this.name = name
    this.user = user
    this.#reports = reports
    this.http = new Http(url, session, (why) => reports.trouble(name, `tries again: ${why}`))
    this.#socket = openSocket(`${url.replace(/^http/, 'ws')}/ws`, session, {
      event: (frame, epoch) => this.#take(frame, epoch),
      gap: (why) => this.#gap(why),
      back: (count) => {
        this.returns += 1
        reports.trouble(name, `was away and is back; ${count} missed events were told again`)
      },
    })
  }

  get ready(): Promise<void> {
    return this.#socket.ready
  }

  close(): void {
    this.#socket.close()
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

  #take(frame: EventFrame, epoch: string): void {
    this.frames += 1
    if (frame.id !== undefined) this.#mustBeNew(`${epoch}/${frame.id}`, frame)
    // Events that this play does not know are only counted.
    if (!(frame.ev in this.heard)) return
    this.#mustSaySomethingNew(frame, epoch)
    const at = performance.now()
    this.#remember(frame.ev, { ev: frame.ev, data: frame.data, at })
    this.#reports.heard(this, frame, at)
    for (const wait of this.#waits) wait.look()
  }

  #remember<E extends EventName>(ev: E, heard: Heard<E>): void {
    this.heard[ev].push(heard)
  }

  /** @param id with its epoch: a log that was lost begins again at 1 */
  #mustBeNew(id: string, frame: EventFrame): void {
    if (this.#ids.has(id)) this.#reports.problem(`${this.name} heard event ${frame.id} (${frame.ev}) twice`)
    this.#ids.add(id)
  }

  /** A log that was lost may repeat what it no longer knows it had said. */
  #mustSaySomethingNew(frame: EventFrame, epoch: string): void {
    const content = `${frame.ch} ${contentOf(frame)}`
    const before = this.#contents.get(content)
    this.#contents.set(content, epoch)
    if (before === epoch)
      this.#reports.problem(`${this.name} heard ${contentOf(frame)} in two events; the second is ${frame.id}`)
    else if (before !== undefined)
      this.#reports.trouble(this.name, `heard ${contentOf(frame)} again after the log was lost`)
  }

  #gap(why: string): void {
    this.gaps += 1
    this.#reports.trouble(this.name, `hears "${why}" and asks HTTP for what it waits for`)
    for (const wait of this.#waits) void wait.ask()
  }
}
