// What people and things are called. Bookings and messages carry ids; the names are asked for together, once each, as they are shown.

import type { ReactiveControllerHost } from 'lit'
import { ProblemError } from '../client/src/index.ts'
import { client, isStaff, Shared } from './client.ts'
import { Watched } from './page.ts'
import { t } from './texts/console.ts'

/** Milliseconds in which what is shown is asked for together. */
const TOGETHER = 20
const MOST = 100
/** Milliseconds after which what could not be asked for is. */
const RETRY = 2000

type Named = readonly (readonly [id: string, name: string])[]

class NameBook extends Shared<ReadonlyMap<string, string>> {
  readonly #look: (ids: readonly string[]) => Promise<Named>
  readonly #asked = new Set<string>()
  #wanted: string[] = []

  constructor(look: (ids: readonly string[]) => Promise<Named>) {
    super(new Map())
    this.#look = look
  }

  /** undefined: not known yet, or to nobody here; who shows it is drawn again once it is. */
  of(id: string): string | undefined {
    if (!this.#asked.has(id)) {
      this.#asked.add(id)
      if (this.#wanted.length === 0) setTimeout(() => void this.#lookUp(), TOGETHER)
      this.#wanted.push(id)
    }
    return this.get().get(id)
  }

  learn(named: Named): void {
    for (const [id] of named) this.#asked.add(id)
    this.set(new Map([...this.get(), ...named]))
  }

  /** By whoever shows them still. */
  #askAgain(ids: readonly string[]): void {
    setTimeout(() => {
      for (const id of ids) this.#asked.delete(id)
      this.set(new Map(this.get()))
    }, RETRY)
  }

  async #lookUp(): Promise<void> {
    const ids = this.#wanted.splice(0)
    for (let at = 0; at < ids.length; at += MOST)
      await this.#look(ids.slice(at, at + MOST)).then(
        (named) => this.learn(named),
        () => this.#askAgain(ids),
      )
  }
}

/** The directory knows colleagues; of others those know who share a booking or a room with them. */
async function lookUpPeople(ids: readonly string[]): Promise<Named> {
  const listed = (await unlessRefused(client.api.getPeople({ query: { ids: [...ids], limit: MOST } }))) ?? []
  const known = listed.map(({ id, fullName }) => [id, fullName] as const)
  const others = ids.filter((id) => !listed.some((person) => person.id === id))
  return [
    ...known,
    ...(await lookUpEach(others, async (id) => (await client.api.getUsersById({ path: { id } })).fullName)),
  ]
}

async function lookUpResources(ids: readonly string[]): Promise<Named> {
  const listed = isStaff() ? await client.api.getResources({ query: { limit: MOST } }) : []
  const known = listed.map(({ id, name }) => [id, name] as const)
  const others = ids.filter((id) => !listed.some((resource) => resource.id === id))
  return [
    ...known,
    ...(await lookUpEach(others, async (id) => (await client.api.getResourcesById({ path: { id } })).name)),
  ]
}

async function lookUpEach(ids: readonly string[], look: (id: string) => Promise<string>): Promise<Named> {
  const found = await Promise.all(
    ids.map(async (id) => {
      const name = await unlessRefused(look(id))
      return name === undefined ? undefined : ([id, name] as const)
    }),
  )
  return found.filter((each) => each !== undefined)
}

/** Whom one may not know stays without a name; who only could not be asked for is asked for again. */
const unlessRefused = <Answer>(answer: Promise<Answer>): Promise<Answer | undefined> =>
  answer.catch((error: unknown) => {
    if (error instanceof ProblemError && !error.isPassing) return undefined
    throw error
  })

export const people = new NameBook(lookUpPeople)
export const resources = new NameBook(lookUpResources)

/** Names for a part of a page, which is drawn again when one becomes known. */
export class Names extends Watched {
  constructor(host: ReactiveControllerHost) {
    super(host, people, resources)
  }

  person = (id: string | null): string => (id === null ? t.person.unknown : (people.of(id) ?? '…'))
  resource = (id: string | null): string => (id === null ? '' : (resources.of(id) ?? '…'))
}
