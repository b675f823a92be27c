import { expect } from 'chai'
import type { Reply } from '../support/client.ts'
import { TRIP } from '../support/people.ts'
import { auditOf } from '../support/story.ts'
import { formWith, PNG } from '../support/upload.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

interface AuditRow {
  action: string
  orgId: string
  ip: string
  description: string
  actorId: string | null
  entity: string
  entityId: string
  metadata: { roomId?: string }
}

describe('the audit of chat', () => {
  let w: World
  let people: Record<'admin' | 'employee' | 'manager' | 'driver' | 'staff' | 'customer', Person>
  before(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    people = {
      admin: await w.as('admin'),
      employee: await w.as('employee'),
      manager: await w.as('manager'),
      driver: await w.as('driver'),
      staff: await w.as('staff'),
      customer: await w.as('customer'),
    }
  })
  after(() => w.end())

  type Who = keyof typeof people
  const idOf = (name: Who): string => people[name].user.id
  const made = async (reply: Promise<Reply>): Promise<string> => {
    const { status, body } = await reply
    expect(status, JSON.stringify(body)).to.be.below(300)
    return body.id
  }
  const aGroup = (): Promise<string> =>
    made(people.admin.post('/chat/groups', { name: 'Đội xe', memberIds: [idOf('employee')] }))
  const aConversation = (): Promise<string> =>
    made(people.employee.post('/chat/conversations/with-user', { userId: idOf('manager') }))
  const aMessage = async (): Promise<string> =>
    made(people.employee.post(`/chat/rooms/${await aGroup()}/messages`, { content: 'Một lời mật' }))
  const archived = async (): Promise<string> =>
    made(people.manager.put(`/chat/rooms/${await aConversation()}/archive`, {}))

  async function aTrip(): Promise<string> {
    const bookingId = await made(people.manager.post('/bookings', { ...TRIP, bookingType: 'BLOCK_SCHEDULE' }))
    const {
      body: [vehicle],
    } = await people.staff.get('/resources?kind=VEHICLE')
    await made(
      people.staff.post(`/bookings/${bookingId}/assign`, {
        resourceId: vehicle.id,
        driverId: idOf('driver'),
      }),
    )
    return bookingId
  }

  async function underWay(): Promise<string> {
    const bookingId = await aTrip()
    await made(people.driver.post(`/bookings/${bookingId}/start`))
    return bookingId
  }

  interface Verb {
    verb: string
    actions: readonly string[]
    by: Who
    /** Prepares, without being looked at. */
    is?: () => Promise<string>
    does: (by: Person, id: string, headers: Record<string, string>) => Promise<Reply>
  }

  const VERBS: readonly Verb[] = [
    {
      verb: 'opening a conversation',
      actions: ['room_created'],
      by: 'driver',
      does: (by, _, headers) => by.post('/chat/conversations/with-user', { userId: idOf('staff') }, headers),
    },
    {
      verb: 'finding the one that there is',
      actions: [],
      by: 'staff',
      does: (by, _, headers) => by.post('/chat/conversations/with-user', { userId: idOf('driver') }, headers),
    },
    {
      verb: 'opening the room of a pair',
      actions: ['room_created'],
      by: 'customer',
      does: (by, _, headers) =>
        by.post(
          '/chat/rooms',
          { type: 'customer_admin', participant1Id: idOf('customer'), participant2Id: idOf('admin') },
          headers,
        ),
    },
    {
      verb: 'opening a room of the team',
      actions: ['room_created'],
      by: 'staff',
      does: (by, _, headers) => by.post('/chat/rooms', { type: 'team', name: 'Ca sáng' }, headers),
    },
    {
      verb: 'archiving a room',
      actions: ['room_archived'],
      by: 'manager',
      is: aConversation,
      does: (by, id, headers) => by.put(`/chat/rooms/${id}/archive`, {}, headers),
    },
    {
      verb: 'reactivating it',
      actions: ['room_active'],
      by: 'employee',
      is: archived,
      does: (by, _, headers) =>
        by.post('/chat/conversations/with-user', { userId: idOf('manager') }, headers),
    },
    {
      verb: 'completing a trip that has a room',
      actions: ['booking_completed', 'room_archived'],
      by: 'driver',
      is: underWay,
      does: (by, id, headers) => by.post(`/bookings/${id}/complete`, {}, headers),
    },
    {
      verb: 'cancelling a trip that has a room',
      actions: ['booking_cancelled', 'room_closed'],
      by: 'manager',
      is: aTrip,
      does: (by, id, headers) => by.post(`/bookings/${id}/cancel`, { reason: 'WEATHER' }, headers),
    },
    {
      verb: 'saying something',
      actions: ['message_sent'],
      by: 'employee',
      is: aGroup,
      does: (by, id, headers) => by.post(`/chat/rooms/${id}/messages`, { content: 'Một lời mật' }, headers),
    },
    {
      verb: 'sharing a file',
      actions: ['message_sent', 'file_shared'],
      by: 'employee',
      is: aGroup,
      does: async (by, id, headers) =>
        by.post(
          `/chat/rooms/${id}/messages`,
          { content: 'Ảnh', attachments: [await made(by.post('/chat/attachments', formWith(PNG, 'a.png')))] },
          headers,
        ),
    },
    {
      verb: 'changing what was said',
      actions: ['message_edited'],
      by: 'employee',
      is: aMessage,
      does: (by, id, headers) => by.patch(`/chat/messages/${id}`, { content: 'Một lời mật khác' }, headers),
    },
    {
      verb: 'taking it back',
      actions: ['message_deleted'],
      by: 'employee',
      is: aMessage,
      does: (by, id, headers) => by.delete(`/chat/messages/${id}`, headers),
    },
    {
      verb: 'deleting what another said',
      actions: ['message_deleted'],
      by: 'admin',
      is: aMessage,
      does: (by, id, headers) => by.delete(`/chat/messages/${id}`, headers),
    },
    {
      verb: 'making a group',
      actions: ['group_created'],
      by: 'admin',
      does: (by, _, headers) => by.post('/chat/groups', { name: 'Đội xe' }, headers),
    },
    {
      verb: 'changing a group',
      actions: ['group_changed'],
      by: 'admin',
      is: aGroup,
      does: (by, id, headers) => by.patch(`/chat/groups/${id}`, { name: 'Đội khác' }, headers),
    },
    {
      verb: 'deleting a group',
      actions: ['group_deleted'],
      by: 'admin',
      is: aGroup,
      does: (by, id, headers) => by.delete(`/chat/groups/${id}`, headers),
    },
    {
      verb: 'bringing somebody in',
      actions: ['member_added'],
      by: 'admin',
      is: aGroup,
      does: (by, id, headers) => by.post(`/chat/groups/${id}/members`, { userId: idOf('driver') }, headers),
    },
    {
      verb: 'putting somebody out',
      actions: ['member_removed'],
      by: 'admin',
      is: aGroup,
      does: (by, id, headers) => by.delete(`/chat/groups/${id}/members/${idOf('employee')}`, headers),
    },
    {
      verb: 'leaving',
      actions: ['member_removed'],
      by: 'employee',
      is: aGroup,
      does: (by, id, headers) => by.post(`/chat/groups/${id}/leave`, {}, headers),
    },
    {
      verb: 'reading',
      actions: [],
      by: 'employee',
      is: aMessage,
      does: (by, id, headers) => by.patch(`/chat/messages/${id}/read`, {}, headers),
    },
  ]

  for (const { verb, actions, by, is, does } of VERBS) {
    it(`has ${actions.length === 0 ? 'no row' : 'its rows'} for ${verb}`, async () => {
      const id = (await is?.()) ?? ''
      const requestId = `audit-${verb.replaceAll(/\W/g, '-')}`
      const { status, body } = await does(people[by], id, { 'x-request-id': requestId })
      expect(status, JSON.stringify(body)).to.be.below(300)
      const rows = ((await auditOf(w, { requestId })) as unknown as AuditRow[]).filter(
        ({ action }) => action !== 'file_uploaded',
      )
      expect(rows.map(({ action }) => action)).to.deep.equal(actions)
      for (const { action, orgId, ip, actorId, entity, entityId, metadata } of rows) {
        expect([orgId, ip]).to.deep.equal([people.admin.user.orgId, '127.0.0.1'])
        const [about = ''] = action.split('_')
        // By the system: what becomes of a room with its trip. Everything else by whoever did it.
        expect(actorId).to.equal(actions.length > 1 && about === 'room' ? null : idOf(by))
        if (['room', 'group', 'member'].includes(about))
          expect([entity, entityId]).to.deep.equal(['room', metadata.roomId])
        if (about === 'message')
          expect([entity, entityId, typeof metadata.roomId]).to.deep.equal(['message', body.id, 'string'])
      }
    })
  }

  it('has no row for what was refused', async () => {
    const [id, headers] = [await aMessage(), { 'x-request-id': 'audit-refused' }]
    await people.driver.patch(`/chat/messages/${id}`, { content: 'x' }, headers)
    await people.driver.delete(`/chat/messages/${id}`, headers)
    await people.employee.post('/chat/groups', { name: 'x' }, headers)
    await people.driver.post(`/chat/rooms/${await aGroup()}/messages`, { content: 'x' }, headers)
    expect(await auditOf(w, { requestId: 'audit-refused' })).to.deep.equal([])
  })

  it('repeats nothing of what was said', async () => {
    expect(JSON.stringify(await w.runtime.db('audit_log'))).not.to.include('lời mật')
  })
})
