// What people of one organisation say at the same time is written by one statement, and nobody notices.

import { expect } from 'chai'
import { rowsOf } from '../../shared/kit/store/db.ts'
import type { Reply } from '../support/client.ts'
import { gate, untilItWaits } from '../support/gate.ts'
import { watchGatherings } from '../support/gatherings.ts'
import { aHouseThatTalks, times } from '../support/rooms.ts'
import { until } from '../support/until.ts'
import type { Person } from '../support/world.ts'

interface Row {
  seq: number
  content: string
  by: string
}

describe('messages that are said at the same time', () => {
  const { here, idOf, talk } = aHouseThatTalks()
  const gatherings = watchGatherings('/chat/rooms/:id/messages')

  let driver: string
  let director: string
  let employee: string
  beforeEach(async () => {
    driver = (await talk('manager', 'driver')).body.id
    director = (await talk('manager', 'director')).body.id
    employee = (await talk('employee', 'sic')).body.id
    await here.w.settle()
  })

  const speak =
    (by: Person, roomId: string, content: string, more: object = {}) =>
    (): Promise<Reply> =>
      by.post(`/chat/rooms/${roomId}/messages`, { content, ...more })

  /** Somebody changes the organisation, for which whoever writes in it waits, until all of them have come. */
  async function speakTogether(asks: readonly (() => Promise<Reply>)[]): Promise<Reply[]> {
    gatherings.begin()
    const [taken, held] = [gate(), gate()]
    const holding = here.w.owner.transaction(async (trx) => {
      await trx('organisations').where({ slug: 'demo' }).forUpdate().select('id')
      taken.open()
      await held.opened
    })
    await taken.opened
    const first = speak(here.people.employee, employee, 'Trước')()
    await untilItWaits(here.w, first)
    const others = asks.map((ask) => ask())
    await gatherings.untilJoined(asks.length + 1).finally(held.open)
    await holding
    expect((await first).status).to.equal(201)
    return Promise.all(others)
  }

  const rowsIn = (roomId: string): Promise<Row[]> =>
    rowsOf(
      here.w.owner,
      'select seq, content, xmin::text as by from messages where room_id = ? order by seq',
      [roomId],
    )

  it('are one statement, each with its number, its audit and its place in what is told', async () => {
    const { manager, driver: atWheel } = here.people
    const before = [(await rowsIn(driver)).length, (await rowsIn(director)).length] as const
    const replies = await speakTogether([
      speak(manager, driver, 'Một'),
      speak(atWheel, driver, 'Hai'),
      speak(manager, director, 'Ba'),
      speak(manager, driver, 'Bốn'),
    ])
    expect(replies.map(({ status }) => status)).to.deep.equal([201, 201, 201, 201])
    expect(replies.map(({ body }) => body.sender.id)).to.deep.equal(
      (['manager', 'driver', 'manager', 'manager'] as const).map(idOf),
    )
    const rows = [...(await rowsIn(driver)).slice(before[0]), ...(await rowsIn(director)).slice(before[1])]
    expect(rows.map(({ seq }) => seq)).to.deep.equal([
      ...times(3).map((n) => before[0] + 1 + n),
      before[1] + 1,
    ])
    expect(rows.map(({ content, seq }) => ({ content, seq }))).to.have.deep.members(
      replies.map(({ body: { content, seq } }) => ({ content, seq })),
    )
    expect(new Set(rows.map(({ by }) => by)).size).to.equal(1)
    const audit = await rowsOf<{ seq: number; actorId: string }>(
      here.w.owner,
      `select (metadata->>'seq')::int as seq, actor_id from audit_log where entity_id = any(?)`,
      [replies.map(({ body }) => body.id)],
    )
    expect(audit).to.have.deep.members(
      replies.map(({ body }) => ({ seq: body.seq, actorId: body.sender.id })),
    )
    await here.w.settle()
    expect(await here.w.owner('room_events').whereIn('roomId', [driver, director])).to.deep.equal([])
  })

  it('are answered each by itself where some are refused', async () => {
    const { manager, director: above, foreigner, driver: atWheel } = here.people
    const replies = await speakTogether([
      speak(manager, driver, 'Được'),
      speak(above, driver, 'Không ở đây'),
      speak(manager, driver, 'Trả lời', { replyTo: '00000000-0000-4000-8000-000000000000' }),
      speak(atWheel, driver, 'Cũng được'),
    ])
    expect(replies.map(({ status }) => status)).to.deep.equal([201, 404, 422, 201])
    expect((await foreigner.post(`/chat/rooms/${driver}/messages`, { content: 'Lạ' })).status).to.equal(404)
    expect((await rowsIn(driver)).slice(-2).map(({ content }) => content)).to.have.members([
      'Được',
      'Cũng được',
    ])
  })

  it('are one message under one clientMsgId, and refused under it with other words', async () => {
    const { manager, driver: atWheel } = here.people
    const key = { clientMsgId: 'at-once' }
    const before = (await rowsIn(driver)).length
    const replies = await speakTogether([
      speak(manager, driver, 'Một lần', key),
      speak(manager, driver, 'Một lần', key),
      speak(atWheel, driver, 'Một lần', key),
    ])
    expect(replies.map(({ status }) => status)).to.deep.equal([201, 201, 201])
    expect(replies[0]?.body.id).to.equal(replies[1]?.body.id)
    expect(await rowsIn(driver)).to.have.length(before + 2)
    const again = await speakTogether([
      speak(manager, driver, 'Một lần', key),
      speak(manager, driver, 'Khác', key),
      speak(atWheel, driver, 'Mới'),
    ])
    expect(again.map(({ status }) => status)).to.deep.equal([201, 422, 201])
    expect(again[0]?.body.id).to.equal(replies[0]?.body.id)
    expect(await rowsIn(driver)).to.have.length(before + 3)
  })

  it('are kept back by no room and no person that somebody holds', async () => {
    const { employee: free, driver: atWheel, director: above } = here.people
    const lock = await here.w.owner.transaction()
    await lock('rooms').where({ id: director }).forUpdate().select('id')
    await lock('users')
      .where({ id: idOf('driver') })
      .forUpdate()
      .select('id')
    const held = [speak(above, director, 'Chờ'), speak(atWheel, driver, 'Chờ')].map((ask) => ask())
    const replies = await Promise.all(times(4).map((n) => speak(free, employee, `${n}`)()))
    await until('they wait', async () => (await waiting()) >= 2).finally(() => lock.rollback())
    expect(replies.map(({ status }) => status)).to.deep.equal([201, 201, 201, 201])
    // 503 where five seconds had passed.
    for (const { status } of await Promise.all(held)) expect(status).to.be.oneOf([201, 503])
  })

  async function waiting(): Promise<number> {
    const rows = await rowsOf(
      here.w.owner,
      `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
    return rows.length
  }

  it('are told together to come back while the whole table is locked, and none waits for those ahead and then again', async () => {
    const waits: number[] = []
    const listen = ({ sql }: { sql: string }): void => {
      const [, rest] = /^set local lock_timeout = (\d+)$/.exec(sql) ?? []
      if (rest) waits.push(Number(rest))
    }
    here.w.runtime.db.on('query', listen)
    gatherings.begin()
    const lock = await here.w.owner.transaction()
    await lock.raw('lock table messages')
    const first = speak(here.people.employee, employee, 'Trước')()
    await untilItWaits(here.w, first)
    const others = times(20).map((n) => speak(here.people.manager, driver, `${n}`)())
    await gatherings.untilJoined(21)
    const replies = await Promise.all([first, ...others])
    await lock.rollback()
    here.w.runtime.db.removeListener('query', listen)
    for (const { status, body, headers } of replies) {
      expect([status, body.code], JSON.stringify(body)).to.deep.equal([503, 'unavailable'])
      expect(headers.get('retry-after')).to.equal('1')
    }
    // Those behind went in groups, or not at all where they had waited as long as the first.
    expect(waits.length).to.be.below(others.length)
    for (const rest of waits) expect(rest).to.be.below(5000)
    expect(waits).to.not.have.lengthOf(0)
  })

  it('are said by whoever of the staff was not in the conversation, too', async () => {
    const { body: room } = await here.people.customer.post('/chat/rooms/create', { userName: 'Khách' })
    const { staff, supervisor, manager } = here.people
    const replies = await speakTogether([
      speak(staff, room.id, 'Chào anh'),
      speak(supervisor, room.id, 'Chào'),
      speak(manager, driver, 'Một'),
    ])
    expect(replies.map(({ status }) => status)).to.deep.equal([201, 201, 201])
    expect(new Set(replies.slice(0, 2).map(({ body }) => body.seq)).size).to.equal(2)
  })
})
