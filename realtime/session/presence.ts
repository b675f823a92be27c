// Tells the presence store who is here on this node, and everybody who may know when somebody comes or goes.
// Leaving is damped: who comes back within GRACE was never away, so that a deploy or a lift makes no storm.

import { repeatEvery } from '../../shared/kit/process/repeat.ts'
import { listThoseWhoShareRoom } from '../../shared/chat/queries/members.ts'
import { roleChannel, userChannel } from '../../shared/kit/declare/event.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { Present, PresenceStore } from '../../shared/kit/store/presence.ts'
import { plusMs, SECOND } from '../../shared/kit/time/time.ts'
import { presenceChangedEvent } from '../../shared/users/events.ts'
import { isStaff, STAFF_ROLES, type Actor } from '../../shared/organisations/roles.ts'
import type { Membership } from './membership.ts'
import type { EphemeralBus } from './ephemeral-bus.ts'

const GRACE = 5 * SECOND
const LOOK = SECOND

interface Guest extends Present {
  sockets: number
  /** When they are taken for gone; undefined while a socket is open. */
  leavesAt: Date | undefined
}

export class Presence {
  readonly #runtime: Runtime
  readonly #node: string
  readonly #store: PresenceStore
  readonly #whispers: EphemeralBus
  readonly #membership: Membership
  readonly #guests = new Map<string, Guest>()
  #refreshAt: Date
  #stop: () => Promise<void> = async () => undefined

  constructor(runtime: Runtime, node: string, whispers: EphemeralBus, membership: Membership) {
    this.#runtime = runtime
    this.#node = node
    this.#store = runtime.presence
    this.#whispers = whispers
    this.#membership = membership
    this.#refreshAt = runtime.clock.now()
  }

  start(): void {
    this.#stop = repeatEvery(this.#runtime, 'presence', LOOK, () => this.#look())
  }

  /** Whoever comes back to another node within GRACE stays online: the rest is left to that node's look. */
  async close(): Promise<void> {
    await this.#stop()
    const soon = plusMs(this.#runtime.clock.now(), 2 * GRACE)
    await Promise.all(
      [...this.#guests.values()].map((guest) => this.#store.arrive(guest, this.#node, soon)),
    ).catch(() => undefined)
  }

  came({ orgId, id, role }: Actor): void {
    const guest = this.#guests.get(id)
    if (guest) {
      guest.sockets++
      guest.leavesAt = undefined
      return
    }
    const fresh = { orgId, userId: id, role, sockets: 1, leavesAt: undefined }
    this.#guests.set(id, fresh)
    this.#arrive(fresh).catch((error: unknown) =>
      this.#runtime.log.warn({ err: error }, 'presence could not be updated in time'),
    )
  }

  went({ id }: Actor): void {
    const guest = this.#guests.get(id)
    if (!guest || --guest.sockets > 0) return
    guest.leavesAt = plusMs(this.#runtime.clock.now(), GRACE)
  }

  /** On this node. */
  socketsOf(userId: string): number {
    return this.#guests.get(userId)?.sockets ?? 0
  }

  /** Of these people, those whom the actor may know about: the staff knows of all, others of whom they share a room with. */
  async online(actor: Actor, userIds: readonly string[]): Promise<string[]> {
    const known = isStaff(actor.role)
      ? userIds
      : await listThoseWhoShareRoom(this.#runtime.db, actor.id, userIds)
    return this.#store.online(actor.orgId, known)
  }

  counts(orgId: string): Promise<Record<string, number>> {
    return this.#store.counts(orgId)
  }

  /** A store that was emptied is filled again by the refresh. */
  async #look(): Promise<void> {
    const now = this.#runtime.clock.now()
    await this.#seeOff([...this.#guests.values()].filter((guest) => guest.leavesAt && guest.leavesAt <= now))
    if (now >= this.#refreshAt) {
      this.#refreshAt = plusMs(now, this.#runtime.config.PRESENCE_TTL / 3)
      await Promise.all([...this.#guests.values()].map((guest) => this.#arrive(guest)))
    }
    for (const gone of await this.#store.expire(now)) await this.#tell(gone, false)
  }

  /** All in one moment: who comes back while the store is told of it arrives anew, after that. */
  async #seeOff(leaving: readonly Guest[]): Promise<void> {
    for (const { userId } of leaving) this.#guests.delete(userId)
    await Promise.all(leaving.map((guest) => this.#depart(guest)))
  }

  async #depart(guest: Guest): Promise<void> {
    try {
      if (await this.#store.depart(guest, this.#node)) await this.#tell(guest, false)
    } catch (error) {
      // The next look tries again, unless they are here by then.
      if (!this.#guests.has(guest.userId)) this.#guests.set(guest.userId, guest)
      throw error
    }
  }

  async #arrive(guest: Present): Promise<void> {
    const expiresAt = plusMs(this.#runtime.clock.now(), this.#runtime.config.PRESENCE_TTL)
    if (await this.#store.arrive(guest, this.#node, expiresAt)) await this.#tell(guest, true)
  }

  /** To the person's own devices, the staff, and everybody who shares a room with them. */
  async #tell({ orgId, userId, role }: Present, isOnline: boolean): Promise<void> {
    const staff = STAFF_ROLES.map((each) => roleChannel(orgId, each))
    const rooms = await this.#membership.channelsOf(userId)
    const channels = [...rooms, ...(isStaff(role as Actor['role']) ? staff : [userChannel(userId), ...staff])]
    await this.#whispers.say(presenceChangedEvent, channels, { userId, isOnline })
  }
}
