// Guests cost nothing to whoever makes them up: one who never wrote leaves nothing behind, one who wrote keeps everything.

import { expect } from 'chai'
import { expireSilentGuestsJob } from '../../shared/erasure/jobs.ts'
import { HOUR, plusMs } from '../../shared/kit/time/time.ts'
import { caller, type Caller } from '../support/client.ts'
import { carryOut } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

const TRACES = [
  'rooms',
  'room_members',
  'room_events',
  'messages',
  'inbox_conversations',
  'push_subscriptions',
  'preferences',
  'notifications',
  'idempotency_keys',
] as const

interface Guest {
  id: string
  roomId: string
  rest: Caller
}

describe('guests who never wrote', () => {
  let w: World
  before(async () => {
    w = await aWorld({ with: ['api', 'workers'], env: { GUEST_PATIENCE: '24h' } })
  })
  after(() => w.end())

  async function aGuest(name = 'Nobody'): Promise<Guest> {
    const { body } = await w.anybody.post('/auth/guest', { org: 'demo', name, email: 'nobody@example.com' })
    const rest = caller(w.url, body.accessToken)
    const room = await rest.post('/chat/rooms/create', { userId: body.user.id, userName: name })
    await w.settle()
    return { id: body.user.id, roomId: room.body.id, rest }
  }

  async function counts(): Promise<Record<string, number>> {
    const found = await Promise.all(
      TRACES.map(
        async (table) => [table, (await w.runtime.db(table).select(w.runtime.db.raw('1'))).length] as const,
      ),
    )
    return Object.fromEntries(found)
  }

  const sweep = (): Promise<void> => carryOut(w, expireSilentGuestsJob.name, {})
  const rowOf = (id: string) =>
    w.runtime.db('users').where({ id }).first('fullName', 'contactEmail', 'isActive', 'isKept')
  const later = (milliseconds: number): void => w.clock.moveTo(plusMs(w.clock.now(), milliseconds))

  it('are ended after a day, and leave nothing but the audit and a row without a name', async () => {
    const before = await counts()
    const guest = await aGuest()
    expect((await counts())['messages']).to.be.greaterThan(before['messages'] ?? 0)
    later(24 * HOUR - 1000)
    await sweep()
    expect((await guest.rest.get('/chat/rooms')).status).to.equal(200)
    later(2000)
    for (const _ of ['once', 'twice']) await sweep()
    expect((await guest.rest.get('/chat/rooms')).status).to.equal(401)
    expect(await counts()).to.deep.equal(before)
    expect(await rowOf(guest.id)).to.deep.equal({
      fullName: 'Erased person',
      contactEmail: null,
      isActive: false,
      isKept: false,
    })
    const audit = await w.runtime
      .db('audit_log')
      .whereIn('action', ['guest_created', 'logout'])
      .where({ actorId: guest.id })
      .orderBy('id')
      .select('action', 'metadata')
    expect(audit).to.deep.equal([
      { action: 'guest_created', metadata: {} },
      { action: 'logout', metadata: { reason: 'guest_silent' } },
    ])
  })

  it('are told from those who wrote, to whom somebody wrote, or of whom somebody takes care: these keep everything', async () => {
    const [wrote, addressed, assigned] = [
      await aGuest('Wrote'),
      await aGuest('Addressed'),
      await aGuest('Assigned'),
    ]
    const staff = await w.as('staff')
    expect(
      (await wrote.rest.post(`/chat/rooms/${wrote.roomId}/messages`, { content: 'Is anybody there?' }))
        .status,
    ).to.equal(201)
    expect(
      (await staff.post(`/chat/rooms/${addressed.roomId}/messages`, { content: 'May we help?' })).status,
    ).to.equal(201)
    await w.runtime
      .db('inbox_conversations')
      .where({ roomId: assigned.roomId })
      .update({ assigneeId: staff.user.id })
    await w.settle()
    const before = await counts()
    later(25 * HOUR)
    for (const _ of ['once', 'twice']) await sweep()
    expect(await counts()).to.deep.equal(before)
    for (const { id } of [wrote, addressed, assigned])
      expect(await rowOf(id)).to.include({ isActive: true, isKept: true, contactEmail: 'nobody@example.com' })
    expect((await wrote.rest.get('/chat/rooms')).status).to.equal(200)
  })

  it('are taken in slices, however many there are', async () => {
    const before = await counts()
    const ids: string[] = []
    for (let i = 0; i < 55; i += 1)
      ids.push((await w.anybody.post('/auth/guest', { org: 'demo', name: 'One of many' })).body.user.id)
    later(25 * HOUR)
    await sweep()
    await w.settle()
    expect(
      await w.runtime.db('users').whereIn('id', ids).where({ isActive: true }).pluck('id'),
    ).to.deep.equal([])
    expect(
      await w.runtime.db('sessions').whereIn('userId', ids).whereNull('endedAt').pluck('id'),
    ).to.deep.equal([])
    expect(await counts()).to.deep.equal(before)
  })
})
