// Sentences that many stories share: somebody asks, somebody is told, a job rings again.

import { requestBooking } from '../../shared/bookings/actions/request.ts'
import { cancelBooking } from '../../shared/bookings/actions/move.ts'
import type { Booking } from '../../shared/bookings/schema.ts'
import type { ApprovalRow } from '../../shared/approvals/table.ts'
import type { Delegation } from '../../shared/approvals/schema.ts'
import { delegateApprovals } from '../../shared/approvals/actions/delegate.ts'
import type { OrganisationSettings } from '../../shared/organisations/schema.ts'
import { makeChange, type Change } from '../../shared/kit/store/change.ts'
import { plusMs } from '../../shared/kit/time/time.ts'
import { readEntries } from '../../shared/kit/store/log-redaction.ts'
import type { LogEntry } from '../../shared/kit/store/stream.ts'
import { queueOf } from '../../shared/kit/store/queue.ts'
import { handlersByName } from '../../workers/handlers/all.ts'
import type { OutsideHandler } from '../../workers/handlers/handler.ts'
import { lengthOf } from './clock.ts'
import { PEOPLE, TRIP, type Name } from './people.ts'
import { longWorkOf } from '../../workers/outside.ts'
import { until } from './until.ts'
import { ringDue, type World } from './world.ts'
import type { Actor } from '../../shared/organisations/roles.ts'

export async function actorOf(w: World, name: Name): Promise<Actor> {
  const { id, orgId, role, email, fullName } = await w.runtime
    .db('users')
    .where({ email: PEOPLE[name] })
    .first()
  return { id, orgId, role, email, fullName, sessionId: '' }
}

/** Somebody asks for a trip. @param before what happens before a worker can route it */
export async function ask(
  w: World,
  name: Name = 'employee',
  before?: (change: Change, booking: Booking, actor: Actor) => Promise<unknown>,
): Promise<Booking> {
  const actor = await actorOf(w, name)
  if (!before) return w.change((change) => requestBooking(change, actor, { ...TRIP }))
  const { outbox } = w.runtime
  const holding = { ...w.runtime, outbox: { ...outbox, shipSoon: () => undefined } }
  const booking = await makeChange(holding, { requestId: 'test' }, (change) =>
    requestBooking(change, actor, { ...TRIP }),
  )
  await w.change((change) => before(change, booking, actor))
  await outbox.sweep(0)
  return booking
}

/** For `ask`: the requester changes their mind at once. */
export async function cancelAtOnce(change: Change, { id }: Booking, actor: Actor): Promise<void> {
  await cancelBooking(change, actor, { id, ifMatch: undefined }, { reason: 'USER_REQUEST' })
}

/** For `ask`: everybody who could approve leaves at once. */
export async function managersLeave(change: Change): Promise<void> {
  await change.db('users').whereIn('email', [PEOPLE.manager, PEOPLE.director]).update({ isActive: false })
}

export async function bookingOf(w: World, id: string): Promise<Booking> {
  return w.runtime.db('bookings').where({ id }).first()
}

/** Oldest first: an escalation stands behind what it came from. */
export async function approvalsOf(w: World, bookingId: string): Promise<ApprovalRow[]> {
  return w.runtime.db('approvals').where({ subjectId: bookingId }).orderBy(['createdAt', 'escalatedFromId'])
}

export async function approvalOf(w: World, bookingId: string): Promise<ApprovalRow> {
  const approval = (await approvalsOf(w, bookingId)).at(-1)
  if (!approval) throw new Error('The booking was not routed.')
  return approval
}

/** Somebody asks, and it is routed. */
export async function askAndRoute(
  w: World,
  name: Name = 'employee',
): Promise<{ booking: Booking; approval: ApprovalRow }> {
  const booking = await ask(w, name)
  await w.settle()
  return { booking, approval: await approvalOf(w, booking.id) }
}

/** What a person was told, oldest first. */
export async function toldTo(w: World, name: Name): Promise<string[]> {
  return w.runtime
    .db('notifications')
    .where({ userId: await w.idOf(name) })
    .orderBy(['createdAt', 'type'])
    .pluck('type')
}

export async function setPolicy(w: World, settings: OrganisationSettings): Promise<void> {
  await w.runtime.db('organisations').where({ slug: 'demo' }).update({ settings })
}

export async function leave(w: World, ...names: Name[]): Promise<void> {
  for (const name of names)
    await w.runtime
      .db('users')
      .where({ id: await w.idOf(name) })
      .update({ isActive: false })
}

/** @param after how long from now it begins · @param length how long it holds, e.g. "1 day" */
export async function delegateTo(
  w: World,
  from: Name,
  to: Name,
  after = '0 hours',
  length = '10 days',
): Promise<Delegation> {
  const [actor, delegateId] = [await actorOf(w, from), await w.idOf(to)]
  const start = plusMs(w.clock.now(), lengthOf(after))
  return w.change((change) =>
    delegateApprovals(change, actor, {
      delegateId,
      from: start.toISOString(),
      until: plusMs(start, lengthOf(length)).toISOString(),
    }),
  )
}

/** Carries a job's handler out once more, past every guard of the queue. */
export async function carryOut(w: World, name: string, payload: unknown): Promise<void> {
  const handler = handlersByName().get(name)
  if (!handler) throw new Error(`Nobody handles ${name}.`)
  if ('run' in handler) await w.change((change) => handler.run([{ change, payload }]))
  else await carryOutside(w, handler, payload)
  await w.settle()
}

/** Claim, reach, record: the steps of a job that reaches outside. */
async function carryOutside(
  w: World,
  { claim, reach, record }: OutsideHandler,
  payload: unknown,
): Promise<void> {
  const claimed = await w.change((change) => claim(change, payload))
  if (!claimed || 'notBefore' in claimed) return
  const attempt = await reach(
    { ...w.runtime, now: w.clock.now() },
    claimed.work,
    longWorkOf(w.runtime, { progress: async () => undefined }),
  )
  await w.change((change) => record(change, claimed.work, attempt))
}

/** Hands every finished job of this name to Redis again, as a sweep that does not know better would. @returns how many */
export async function ringAgain(w: World, name: string): Promise<number> {
  const queue = w.runtime.queues.get(queueOf(name))
  const done = (await queue.getCompleted()).filter((job) => job.name === name)
  for (const job of done) {
    await job.remove()
    await w.runtime.queues.add([
      { id: job.id ?? '', name, payload: job.data.payload, dueAt: null, requestId: 'again', orgId: null },
    ])
  }
  await until(
    'the repeated jobs are through',
    async () => (await queue.getCompleted()).filter((job) => job.name === name).length >= done.length,
  )
  await w.settle()
  return done.length
}

/** Bellhop stands still for a while; then everything that fell due meanwhile rings at once. */
export async function sleepThrough(w: World, length: string): Promise<void> {
  w.clock.moveTo(plusMs(w.clock.now(), lengthOf(length)))
  await ringDue(w.runtime)
  await w.settle()
}

/** Payloads of the jobs of this name that are still to be done, by their time. */
export async function alarmsOf(
  w: World,
  name: string,
): Promise<{ payload: Record<string, string>; dueAt: Date }[]> {
  return w.runtime.db('jobs').where({ name }).orderBy('dueAt').select('payload', 'dueAt')
}

/** What the log of a partition holds about a channel, oldest first, as a node reads it: without words that were taken out. */
export async function eventsOn(
  { runtime: { outbox, redis, stream } }: World,
  channel: string,
): Promise<{ ev: string; data: Record<string, unknown> }[]> {
  await outbox.settled()
  const partition = stream.partitionOf(channel)
  const head = (await stream.positions([channel])).cursor[partition] ?? 0
  const entries: LogEntry[] = []
  for (
    let page = await readEntries(redis, stream, partition, 1, head);
    page.length > 0;
    page = await readEntries(redis, stream, partition, (page.at(-1)?.seq ?? head) + 1, head)
  )
    entries.push(...page)
  return entries.map(({ frame }) => JSON.parse(frame)).filter((frame) => frame.ch === channel)
}

/** Everything a person could notice: rows of these tables, so that a test can say "nothing happened". */
export async function stateOf(w: World, ...tables: string[]): Promise<Record<string, unknown[]>> {
  const rows = await Promise.all(tables.map((table) => w.runtime.db(table).orderBy('id')))
  return Object.fromEntries(tables.map((table, at) => [table, rows[at] ?? []]))
}

export async function auditOf(w: World, where: Record<string, unknown>): Promise<Record<string, unknown>[]> {
  return w.runtime.db('audit_log').where(where).orderBy('id')
}
