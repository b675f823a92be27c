// A day of work whose every acceptance is written down, so that it can be held against what Bellhop knows afterwards,
// whatever was done to it meanwhile. People ask again until they are answered, as clients do; each thing has a name of its own.

import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { connect, type Client } from '../../client/src/socket/connect.ts'
import { rowsOf, type Db } from '../../shared/kit/store/db.ts'
import type { Reply } from './client.ts'
import { TRIP } from './people.ts'
import type { Member, Processes } from './processes.ts'
import { until } from './until.ts'

export interface Ledger {
  /** What was accepted so far. */
  readonly counts: { bookings: number; messages: number; tickets: number; decisions: number }
  /** Answers that asked to come back, e.g. "503 POST /bookings at http://127.0.0.1:3000". */
  readonly refusals: readonly string[]
  /** Waits until so much more of everything was accepted. */
  more(amount: number): Promise<void>
  /** Resolves when nothing is under way. @throws what somebody was refused for good */
  stop(): Promise<void>
  /** Waits until everything is done that is due. @returns sentences, none when the accounts are even */
  balance(): Promise<string[]>
  close(): void
}

interface Heard {
  client: Client
  ids: string[]
  /** Since it was last told to fetch: what a log that was lost had told may stand in the next one as well. */
  since: Set<string>
  repeats: string[]
  refetches: string[]
}

const AGAIN = 200
/** Milliseconds that somebody goes on asking: longer than anything stays away in these tests. */
const LONGEST = 180_000

/** @param origin where REST calls go at that moment; a deploy moves it */
export async function openLedger(
  bellhop: Processes,
  origin: () => string = () => bellhop.url,
): Promise<Ledger> {
  const [employee, manager, customer] = [
    await bellhop.as('employee'),
    await bellhop.as('manager'),
    await bellhop.as('customer'),
  ]
  const room = await employee.post('/chat/conversations/with-user', { userId: manager.user.id })
  const roomId = String(room.body.id)
  const accepted = {
    bookings: [] as string[],
    messages: [] as string[],
    tickets: [] as string[],
    decisions: [] as string[],
  }
  const refusals: string[] = []
  const ears = [listenTo(bellhop, manager), listenTo(bellhop, customer)]
  await until('everybody listens', async () => ears.every(({ client }) => client.state === 'live'))
  let isOver = false
  let isClosed = false

  async function insist(person: Member, path: string, body: object, key: string): Promise<Reply> {
    for (const latest = Date.now() + LONGEST; ; await pause(AGAIN)) {
      if (isClosed) throw new Error('The day is over.')
      const asked = origin()
      const reply = await call(asked, person, path, body, key).catch(asNoAnswer)
      if (reply && reply.status < 500 && reply.status !== 429) return reply
      if (reply) refusals.push(`${reply.status} POST ${path.replaceAll(/[0-9a-f-]{36}/g, ':id')} at ${asked}`)
      if (Date.now() > latest) throw new Error(`Nobody takes ${path}: ${JSON.stringify(reply?.body)}`)
    }
  }

  async function repeat(kind: keyof typeof accepted, act: (name: string) => Promise<Reply>): Promise<void> {
    for (let n = 0; !isOver; n++) {
      const name = `${kind}-${n}`
      const { status, body } = await act(name)
      if (status !== 201) throw new Error(`${name} was refused: ${status} ${JSON.stringify(body)}`)
      accepted[kind].push(name)
      await pause(20)
    }
  }

  async function decide(): Promise<void> {
    while (!isOver) {
      const pending = await fetch(`${origin()}/approvals/pending?limit=1`, {
        headers: { authorization: `Bearer ${manager.accessToken}` },
      }).then(
        (reply) => (reply.ok ? reply.json() : []),
        () => [],
      )
      const [next] = Array.isArray(pending) ? pending : []
      if (next) {
        const reply = await insist(manager, `/approvals/${next.id}/approve`, {}, `approve-${next.id}`)
        if (reply.status !== 201 && reply.status !== 409)
          throw new Error(`An approval was refused: ${reply.status} ${JSON.stringify(reply.body)}`)
        if (reply.status === 201) accepted.decisions.push(next.bookingId)
      }
      await pause(100)
    }
  }

  const working = Promise.all([
    repeat('bookings', (name) => insist(employee, '/bookings', { ...TRIP, purpose: name }, name)),
    repeat('messages', (name) =>
      insist(employee, `/chat/rooms/${roomId}/messages`, { content: name, clientMsgId: name }, name),
    ),
    repeat('tickets', (name) => insist(customer, '/supports', { description: name }, name)),
    decide(),
  ])
  // Told by `stop`.
  working.catch(() => undefined)

  const counts = (): Ledger['counts'] => ({
    bookings: accepted.bookings.length,
    messages: accepted.messages.length,
    tickets: accepted.tickets.length,
    decisions: accepted.decisions.length,
  })
  return {
    get counts() {
      return counts()
    },
    refusals,
    async more(amount) {
      const before = counts()
      await Promise.race([
        working,
        until(
          `${amount} more of everything`,
          async () =>
            counts().bookings >= before.bookings + amount &&
            counts().messages >= before.messages + amount &&
            counts().tickets >= before.tickets + amount,
          LONGEST,
        ),
      ])
    },
    async stop() {
      isOver = true
      await working
    },
    async balance() {
      await untilDone(bellhop.db)
      return [
        ...twiceOrNever(
          'booking',
          accepted.bookings,
          await namesOf(bellhop.db, `select purpose as name from bookings where purpose like 'bookings-%'`),
        ),
        ...twiceOrNever(
          'message',
          accepted.messages,
          await namesOf(bellhop.db, `select content as name from messages where room_id = '${roomId}'`),
        ),
        ...twiceOrNever(
          'ticket',
          accepted.tickets,
          await namesOf(
            bellhop.db,
            `select description as name from tickets where description like 'tickets-%'`,
          ),
        ),
        ...(await misrouted(bellhop.db)),
        ...(await untold(bellhop.db)),
        ...(await unheard(bellhop.db, ears, [manager, customer])),
      ]
    },
    close() {
      isOver = isClosed = true
      for (const { client } of ears) client.close()
    },
  }
}

async function call(origin: string, person: Member, path: string, body: object, key: string): Promise<Reply> {
  const response = await fetch(origin + path, {
    method: 'POST',
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${person.accessToken}`,
      'idempotency-key': key,
    },
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

/** What `fetch` throws when there is nobody, or nobody any more; an answer that broke off in the middle is no JSON. */
function asNoAnswer(error: unknown): undefined {
  if (error instanceof TypeError || error instanceof SyntaxError || error instanceof DOMException)
    return undefined
  throw error
}

function listenTo(bellhop: Processes, person: Member): Heard {
  const heard: Heard = {
    ids: [],
    since: new Set(),
    repeats: [],
    refetches: [],
    client: connect({
      url: bellhop.url,
      token: () => person.accessToken,
      WebSocket,
      pauses: { first: 100, longest: 1000 },
      onRefetch({ reason }) {
        heard.refetches.push(reason)
        heard.since.clear()
      },
    }),
  }
  heard.client.on('notification.created', ({ id }) => {
    if (heard.since.has(id)) heard.repeats.push(id)
    heard.since.add(id)
    heard.ids.push(id)
  })
  return heard
}

async function untilDone(db: Db): Promise<void> {
  let open: unknown[] = []
  await until(
    'everything due is done',
    async () => {
      open = await rowsOf(
        db,
        `select name, payload::text, shipped_at, failed_at from jobs where due_at is null or due_at < now()
          union all select name, data::text, null, null from outbox limit 20`,
      )
      return open.length === 0 && (await rowsOf(db, 'select 1 from room_events limit 1')).length === 0
    },
    LONGEST,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}; open: ${JSON.stringify(open)}`)
  })
}

async function namesOf(db: Db, query: string): Promise<string[]> {
  return (await rowsOf<{ name: string }>(db, query)).map(({ name }) => name)
}

/** What was not answered may have been accepted all the same; what was answered is there, and nothing is there twice. */
function twiceOrNever(what: string, accepted: readonly string[], found: readonly string[]): string[] {
  const there = new Set(found)
  const lost = accepted
    .filter((name) => !there.has(name))
    .map((name) => `the ${what} ${name} was accepted and is not there`)
  return there.size === found.length
    ? lost
    : [...lost, `${found.length - there.size} of ${what}s stand there twice`]
}

async function misrouted(db: Db): Promise<string[]> {
  const odd = await rowsOf<{ code: string; booking: string; approvals: string }>(
    db,
    `
    select booking_code as code, b.status as booking, coalesce(string_agg(a.status, ','), 'none') as approvals
    from bookings b left join approvals a on a.subject_id = b.id where purpose like 'bookings-%' group by b.id
    having not (b.status = 'PENDING_APPROVAL' and array_agg(a.status) = '{PENDING}' or b.status = 'PENDING'
    and array_agg(a.status) = '{APPROVED}')`,
  )
  return odd.map(
    ({ code, booking, approvals }) => `booking ${code} is ${booking} with approvals ${approvals}`,
  )
}

/** Each notification that is promised once per person, told never or twice. */
async function untold(db: Db): Promise<string[]> {
  const odd = await rowsOf<{ type: string; about: string; count: number }>(
    db,
    `
    with promised as (
      select 'APPROVAL_REQUIRED' as type, id::text as about from bookings where purpose like 'bookings-%'
      union all select 'BOOKING_APPROVED', subject_id::text from approvals where status = 'APPROVED'),
    told as (select type, booking_id::text as about, count(*)::int as count from notifications
    where type in ('APPROVAL_REQUIRED', 'BOOKING_APPROVED') group by 1, 2)
    select promised.type, promised.about, coalesce(count, 0) as count from promised left
    join told using (type, about) where coalesce(count, 0) <> 1`,
  )
  return odd.map(({ type, about, count }) => `${type} of booking ${about} was told ${count} times`)
}

async function unheard(db: Db, ears: readonly Heard[], people: readonly Member[]): Promise<string[]> {
  const complaints: string[] = []
  for (const [at, { ids, repeats, refetches }] of ears.entries()) {
    const person = people[at]
    const stored = await namesOf(
      db,
      `select id as name from notifications where user_id = '${person?.user.id}'`,
    )
    const missing = (): string[] => stored.filter((id) => !ids.includes(id))
    await until('everybody has heard', async () => missing().length === 0 || refetches.length > 0).catch(
      () => undefined,
    )
    if (repeats.length > 0)
      complaints.push(
        `${person?.user.role} heard twice without being told to fetch in between: ${repeats.join(', ')}`,
      )
    if (missing().length > 0 && refetches.length === 0)
      complaints.push(
        `${person?.user.role} never heard ${missing().length} of ${stored.length} notifications, and was not told to fetch`,
      )
  }
  return complaints
}
