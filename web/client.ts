// The one client of the page, and who is signed in.

import { createClient, type ReplyOf, type State } from '../client/src/index.ts'

export type Me = ReplyOf<'getAuthMe'>
export type Organisation = ReplyOf<'getOrganisation'>
export type Booking = ReplyOf<'getBookings'>[number]
export type { Approval, Message, Notification, Room } from './shared/place.ts'

export const client = createClient({
  url: location.origin,
  onState: (state) => connection.set(state),
  onSignedOut: () => me.set(undefined),
})

/** Something that is shown in several places, and tells them when it changes. */
export class Shared<Value> {
  readonly #hearers = new Set<() => void>()
  #value: Value

  constructor(value: Value) {
    this.#value = value
  }

  get(): Value {
    return this.#value
  }

  set(value: Value): void {
    if (value === this.#value) return
    this.#value = value
    for (const hear of this.#hearers) hear()
  }

  /** @returns what ends it */
  subscribe(hear: () => void): () => void {
    this.#hearers.add(hear)
    return () => this.#hearers.delete(hear)
  }
}

export const connection = new Shared<State>('connecting')
/** Who is signed in, and where they belong; undefined: nobody. */
export const me = new Shared<(Me & { organisation: Organisation }) | undefined>(undefined)

/** Who it is whose page this is. @throws Error where nobody is signed in, which no page is shown to */
export function myself(): Me & { organisation: Organisation } {
  const person = me.get()
  if (!person) throw new Error('Nobody is signed in')
  return person
}

/** Under which name a form keeps what they type: whoever signs in next in this tab finds nothing of it. */
export const ownDraft = (form: string): string => `${form}.${myself().id}`

const STAFF = ['ADMIN', 'SUPERVISOR', 'OWNER', 'STAFF']
export const isStaff = (): boolean => STAFF.includes(myself().role)
