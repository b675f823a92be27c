// Which program stands behind a key: whether it may come in here, and for whom it speaks.

import { setTimeout as pause } from 'node:timers/promises'
import type { Request } from 'express'
import { forbidden, malformed, unauthorized } from '../../shared/kit/declare/errors.ts'
import { isAddressWithin } from '../../shared/kit/outside/client-address.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { rememberValue } from '../../shared/kit/process/remember-value.ts'
import { makeStatement } from '../../shared/kit/store/change.ts'
import { retryOnOutage } from '../../shared/kit/store/retry-on-outage.ts'
import { MINUTE } from '../../shared/kit/time/time.ts'
import { recordKeyUse } from '../../shared/integrations/actions/keys.ts'
import { findKeyHolder, listKeysEndedSince } from '../../shared/integrations/queries.ts'
import type { KeyHolder } from '../../shared/integrations/schema.ts'
import { mayActAs, reachesAdmins } from '../../shared/integrations/scopes.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import { findRepresented } from '../../shared/users/queries.ts'
import { sha256Hex } from '../../shared/users/tokens.ts'
import { RememberedCallers } from './remembered-callers.ts'
import type { Route } from './route.ts'

/** Keys whose use is remembered, at some 100 bytes each. */
const REMEMBERED = 10_000
/** Milliseconds that a request waits until its key's use is written down. */
const PATIENCE = 500

export class KnownKeys {
  readonly #runtime: Runtime
  readonly #holders: RememberedCallers<KeyHolder>
  /** When the use of a key was last written down, by its id. */
  readonly #usedAt = new Map<string, Date>()

  constructor(runtime: Runtime) {
    this.#runtime = runtime
    this.#holders = new RememberedCallers<KeyHolder>(runtime, {
      part: 'programs',
      find: findKeyHolder,
      listEndedSince: listKeysEndedSince,
      idOf: ({ id }) => id,
    })
  }

  /** @throws AppError 401 for a key that is not good, 403 for a browser or another address */
  async admit(key: string, req: Request): Promise<KeyHolder> {
    const holder = await this.#holders.find(sha256Hex(key))
    const now = this.#runtime.clock.now()
    if (!holder || (holder.goodUntil && holder.goodUntil <= now))
      throw unauthorized('An API key is missing or not valid (X-API-Key: bh_…)')
    if (req.get('origin') !== undefined)
      throw forbidden('Keys are for servers: a page in a browser signs a person in')
    if (holder.addresses.length > 0 && !isAddressWithin(req.address, holder.addresses))
      throw forbidden(`This key is not good from the address ${req.address}`)
    await this.#recordUse(holder, now)
    return holder
  }

  /** Its keys are read again. */
  forgetOrganisation(orgId: string): void {
    this.#holders.forget((holder) => holder.orgId === orgId)
  }

  /** No request fails of it, nor waits for long: somebody may keep the keys locked. */
  async #recordUse({ id, orgId, lastUsedAt }: KeyHolder, now: Date): Promise<void> {
    const usedAt = this.#usedAt.get(id) ?? lastUsedAt
    if (usedAt && now.getTime() - usedAt.getTime() < MINUTE) return
    rememberValue(this.#usedAt, id, now, REMEMBERED)
    const { shares, log } = this.#runtime
    const recording = shares
      .hold({ part: 'uses of keys' }, () =>
        makeStatement(this.#runtime, { requestId: 'key-use', orgId }, (change) => recordKeyUse(change, id)),
      )
      .catch((err: unknown) => log.warn({ err, keyId: id }, 'the use of a key was not written down'))
    await Promise.race([recording, pause(PATIENCE, undefined, { ref: false })])
  }
}

/** @throws AppError 403 for what the key is not good for */
export function mustHaveScope({ name, scopes }: KeyHolder, { scope }: Pick<Route, 'scope'>): void {
  if (scope === undefined) throw forbidden('This is for people: no key is good for it')
  if (!scopes.includes(scope)) throw forbidden(`The key "${name}" has no scope ${scope}`)
}

const ACT_AS = 'x-act-as'

/** The person whom X-Act-As names, or else the program itself, as an ADMIN whose id is the key's. @throws AppError 400, 403 */
export async function findSpeaker(
  { db, shares }: Runtime,
  holder: KeyHolder,
  { asItself }: Pick<Route, 'asItself'>,
  req: Request,
): Promise<Actor> {
  const program = { keyId: holder.id, reachesAdmins: reachesAdmins(holder.scopes) }
  const named = req.get(ACT_AS)
  if (named === undefined) {
    if (!asItself) throw forbidden('A person does this: name whom the program acts for (X-Act-As)')
    const { id, orgId, name: fullName, locale } = holder
    return { id, orgId, role: 'ADMIN', email: '', fullName, sessionId: '', locale, ...program }
  }
  if (!mayActAs(holder.scopes)) throw forbidden(`The key "${holder.name}" has no scope act-as`)
  const who = readName(named)
  const person = await shares.hold({ part: 'programs' }, () =>
    retryOnOutage(() => findRepresented(db, holder.orgId, who)),
  )
  if (!person)
    throw malformed([{ path: `/headers/${ACT_AS}`, message: 'is nobody who is active in the organisation' }])
  if (person.role === 'ADMIN' && !program.reachesAdmins)
    throw forbidden(`The key "${holder.name}" acts for no ADMIN (it has no scope act-as:admin)`)
  return { ...person, ...program }
}

/** Headers take no letters beyond ASCII: such ones are percent-encoded. @throws AppError 400 */
function readName(named: string): { id: string } | { externalId: string } {
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(named)) return { id: named.toLowerCase() }
  const [, external] = /^external:(.{1,1800})$/.exec(named) ?? []
  try {
    if (external !== undefined) return { externalId: decodeURIComponent(external) }
  } catch {
    // It is refused below.
  }
  throw malformed([
    {
      path: `/headers/${ACT_AS}`,
      message: 'must be the id of a person, or external: and what they are called where they come from',
    },
  ])
}
