import { expect } from 'chai'
import { roomChannel } from '../../shared/chat/events.ts'
import { declaredEvents, roleChannel, userChannel } from '../../shared/kit/declare/event.ts'
import { ChatShelf } from '../support/chat-shelf.ts'
import { tripOnItsDay, type Name } from '../support/people.ts'
import type { Frame, Socket } from '../support/socket.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

type Row = {
  category?: string
  id?: string
  createdAt?: string
  readAt?: string | null
  roomId?: string
  version?: number
  updatedAt?: string
}
type Shelf = Map<string, Row>
const keyOf = ({ id, roomId }: Row): string => id ?? roomId ?? ''

/** How a client keeps each event: the thing it carries replaces the one it has, unless it is older. */
const KEPT: Readonly<
  Record<
    string,
    'bookings' | 'approvals' | 'notifications' | 'conversations' | 'tickets' | 'chat' | 'nothing'
  >
> = {
  'booking.created': 'bookings',
  'booking.changed': 'bookings',
  'approval.requested': 'approvals',
  'approval.reminded': 'approvals',
  'approval.decided': 'approvals',
  'approval.commented': 'approvals',
  'approval.step_decided': 'approvals',
  'approval.expired': 'approvals',
  'notification.created': 'notifications',
  'notification.changed': 'notifications',
  'room.created': 'chat',
  'room.changed': 'chat',
  'room.member_added': 'chat',
  'room.member_removed': 'chat',
  'message.created': 'chat',
  'message.changed': 'chat',
  'message.deleted': 'chat',
  'messages.read': 'chat',
  'messages.delivered': 'chat',
  'inbox.conversation_opened': 'conversations',
  'inbox.conversation_changed': 'conversations',
  'ticket.created': 'tickets',
  'ticket.updated': 'tickets',
  'ticket.resolved': 'tickets',
  'ticket.deleted': 'tickets',
  // Of these there is nothing to read.
  'presence.changed': 'nothing',
  typing: 'nothing',
  'inbox.attention': 'nothing',
  'session.ended': 'nothing',
  // For ADMINs, of whom nobody watches here: what the audit once said it goes on saying, and an export only goes forward.
  'audit.recorded': 'nothing',
  'export.progress': 'nothing',
  // Of one thing, which doors/what-changes-is-told compares, or of ids alone, which are read anew.
  'calendar.changed': 'nothing',
  'organisation.changed': 'nothing',
  'people.changed': 'nothing',
  'faq.changed': 'nothing',
  'resource.changed': 'nothing',
}

const READS: Readonly<Record<string, (person: Person) => Promise<Row[]>>> = {
  bookings: async (person) => (await person.get('/bookings?limit=100')).body,
  async conversations(person) {
    if (person.user.role !== 'STAFF') return []
    return (await person.get('/chat/rooms?kind=SUPPORT&limit=100')).body.map(
      ({ id, status, customer, assignee, priority, tags, waitingSince, notesRoomId, rating }: any) => ({
        roomId: id,
        status,
        customer,
        assignee,
        priority,
        tags,
        waitingSince,
        notesRoomId,
        rating,
      }),
    )
  },
  tickets: async (person) => (await person.get('/supports?limit=100')).body,
  notifications: async (person) => (await person.get('/notifications?limit=100')).body,
  async approvals(person) {
    const [own, asked] = [
      (await person.get('/approvals/my-requests?limit=100')).body,
      (await person.get('/approvals/pending?limit=100')).body,
    ]
    return [...own, ...asked]
  },
}

describe('applying events to an old read', function () {
  let w: World
  before(async () => {
    w = await aWorld({ env: { APPROVAL_MAX_REMINDERS: '1' } })
  })
  after(() => w.end())

  it('is known for every declared event', () => {
    expect(Object.keys(KEPT).toSorted()).to.deep.equal(
      declaredEvents()
        .map(({ name }) => name)
        .toSorted(),
    )
  })

  it('gives what a fresh read gives, whatever happened in between', async () => {
    const watchers = await Promise.all(
      (['employee', 'manager', 'staff', 'driver', 'sic'] satisfies Name[]).map((name) => watch(w, name)),
    )
    await aDay(w)
    await aRequestOfTwoSteps(w)
    await aConversation(w)
    await aCustomersDay(w)
    await someTickets(w)
    await w.settle()
    const happened = new Set<string>()
    for (const { person, socket, shelves, chat } of watchers) {
      await quiet(w, person, socket)
      for (const frame of socket.frames) if (frame.t === 'event') apply({ shelves, chat }, frame, happened)
      await mustShow(person, chat)
      for (const [name, read] of Object.entries(READS)) {
        const fresh = await read(person)
        // A list of what waits loses what is decided; whatever it shows must be as the events left it.
        for (const row of fresh)
          expect(shelves[name]?.get(keyOf(row)), `${person.user.email} ${name}`).to.deep.equal(row)
        if (name !== 'approvals') expect(shelves[name]?.size).to.equal(fresh.length)
      }
    }
    expect([...happened].toSorted()).to.deep.equal(
      Object.keys(KEPT)
        .filter((name) => KEPT[name] !== 'nothing')
        .toSorted(),
    )
  })
})

async function watch(
  w: World,
  name: Name,
): Promise<{ person: Person; socket: Socket; shelves: Record<string, Shelf>; chat: ChatShelf }> {
  const person = await w.as(name)
  const socket = await person.socket()
  const shelves: Record<string, Shelf> = {}
  for (const [shelf, read] of Object.entries(READS))
    shelves[shelf] = new Map((await read(person)).map((row) => [keyOf(row), row]))
  return { person, socket, shelves, chat: new ChatShelf(person.user.id) }
}

function apply(
  { shelves, chat }: { shelves: Record<string, Shelf>; chat: ChatShelf },
  frame: Frame,
  happened: Set<string>,
): void {
  if (KEPT[frame.ev ?? ''] === 'chat') {
    happened.add(frame.ev ?? '')
    return chat.apply(frame)
  }
  const shelf = shelves[KEPT[frame.ev ?? ''] ?? '']
  if (!shelf) return
  happened.add(frame.ev ?? '')
  if (frame.ev === 'notification.changed') return change(shelf, frame['data'])
  const [now, before]: [Row, Row | undefined] = [frame['data'], shelf.get(keyOf(frame['data']))]
  const isOlder =
    before !== undefined &&
    ((before.version ?? 0) > (now.version ?? 0) || (before.updatedAt ?? '') > (now.updatedAt ?? ''))
  if (frame.ev === 'ticket.deleted') shelf.delete(keyOf(now))
  else if (!isOlder) shelf.set(keyOf(now), now)
}

/** One that was read stays so, whatever is heard later. */
function change(shelf: Shelf, { id, until, category, except, readAt, isDeleted }: Frame['data']): void {
  for (const [key, row] of shelf) {
    const isOfKind = row.category !== except && (!category || row.category === category)
    if (key !== id && !(until && (row.createdAt ?? '') <= until && isOfKind)) continue
    if (isDeleted) shelf.delete(key)
    else shelf.set(key, { ...row, readAt: row.readAt ?? readAt })
  }
}

/** Rooms and their messages, as far as they were there from the room's beginning: whoever came later fetches what was before. */
async function mustShow(person: Person, chat: ChatShelf): Promise<void> {
  const byId = (one: { userId: string }, other: { userId: string }): number =>
    one.userId < other.userId ? -1 : 1
  // The second name of a support room's id is for clients that read by REST.
  const sorted = (rooms: any[]) =>
    rooms
      .map(({ _id, ...room }) => ({ ...room, members: room.members.toSorted(byId) }))
      .toSorted((one, other) => (one.id < other.id ? -1 : 1))
  const fresh = (await person.get('/chat/rooms?limit=100')).body.filter(({ id }: Row) => chat.knows(id ?? ''))
  expect(sorted(chat.rooms), `${person.user.email} rooms`).to.deep.equal(sorted(fresh))
  for (const { id } of fresh) {
    const { body } = await person.get(`/chat/rooms/${id}/messages?after=0&limit=100`)
    expect(chat.messagesOf(id), `${person.user.email} messages`).to.deep.equal(body)
  }
}

/** Rooms whose people come and go, and everything that can be done with words. */
async function aConversation(w: World): Promise<void> {
  const [admin, employee, manager, staff, driver, sic] = await Promise.all([
    w.as('admin'),
    w.as('employee'),
    w.as('manager'),
    w.as('staff'),
    w.as('driver'),
    w.as('sic'),
  ])
  const [socket, theirs] = [await employee.socket(), await manager.socket()]
  const { body: group } = await admin.post('/chat/groups', {
    name: 'Đội xe',
    memberIds: [employee, manager, driver].map(({ user }) => user.id),
  })
  const { body: talk } = await employee.post('/chat/conversations/with-user', { userId: staff.user.id })
  const say = async (by: Person, roomId: string, content: string, more: object = {}): Promise<string> =>
    (await by.post(`/chat/rooms/${roomId}/messages`, { content, ...more })).body.id
  const first = await say(employee, group.id, 'Xe nào đi Thủ Đức?')
  const second = await say(driver, group.id, `Xe tôi. ${'👍🏽'.repeat(150)}`, {
    replyTo: first,
    metadata: { seats_left: 3 },
    clientMsgId: 'second',
  })
  await manager.post(`/chat/rooms/${group.id}/delivered`, {})
  await driver.post(`/chat/rooms/${group.id}/read`, { upTo: 1 })
  await theirs.command('messages.read', { roomId: group.id })
  await socket.command('typing', { roomId: group.id, isTyping: true })
  await admin.post(`/chat/groups/${group.id}/members`, { userId: sic.user.id })
  await sic.post(`/chat/rooms/${group.id}/read`, {})
  const third = await say(sic, group.id, 'Tôi đi cùng')
  await employee.patch(`/chat/messages/${first}`, { content: 'Xe nào đi Bình Thạnh?' })
  await driver.delete(`/chat/messages/${second}`)
  await employee.patch(`/chat/messages/${third}/read`)
  await admin.patch(`/chat/groups/${group.id}`, {
    name: 'Đội xe sáng',
    permissions: { canAddMembers: ['EMPLOYEE'] },
  })
  await say(manager, group.id, 'Được')
  await admin.delete(`/chat/groups/${group.id}/members/${driver.user.id}`)
  await employee.post(`/chat/groups/${group.id}/members`, { userId: staff.user.id })
  const last = await say(staff, group.id, 'Chào cả nhà')
  await staff.patch(`/chat/messages/${last}`, { content: 'Chào mọi người' })
  await say(employee, talk.id, 'Một')
  await say(staff, talk.id, 'Hai')
  await staff.put(`/chat/rooms/${talk.id}/archive`, {})
}

/** A customer who waits, is answered, is put away, and comes back. */
async function aCustomersDay(w: World): Promise<void> {
  const [customer, staff] = await Promise.all([w.as('customer'), w.as('staff')])
  const {
    body: { id: roomId },
  } = await customer.post('/chat/rooms/create', {})
  const writes = async (by: Person, content: string): Promise<void> => {
    await by.post(`/chat/rooms/${roomId}/messages`, { content })
    await w.settle()
  }
  await writes(customer, 'Chào shop')
  await staff.post(`/chat/rooms/${roomId}/assign`, {})
  await staff.patch(`/chat/rooms/${roomId}/inbox`, { priority: 'high', tags: ['vip'] })
  await staff.post(`/chat/rooms/${roomId}/notes`, { content: 'Khách quen' })
  await writes(staff, 'Chào chị')
  await staff.put(`/chat/rooms/${roomId}/archive`, {})
  await customer.post('/chat/rooms/create', {})
  await writes(customer, 'Em hỏi thêm')
}

/** Tickets of every fate, one of which nobody answers in time. */
async function someTickets(w: World): Promise<void> {
  const [employee, driver, staff] = await Promise.all([w.as('employee'), w.as('driver'), w.as('staff')])
  const open = async (person: Person): Promise<{ id: string; roomId: string }> =>
    (await person.post('/supports', { description: 'Pin không sạc được', priority: 'urgent' })).body
  const [solved, deleted, answered] = [await open(employee), await open(driver), await open(driver)]
  await open(employee)
  await staff.patch(`/supports/${solved.id}`, {
    status: 'in_progress',
    assigneeId: staff.user.id,
    response: 'Đang tới',
  })
  await staff.patch(`/supports/${solved.id}/status`, { status: 'closed' })
  await employee.patch(`/supports/${solved.id}/rating`, { rating: 5 })
  await staff.delete(`/supports/${deleted.id}`)
  await staff.post(`/chat/rooms/${answered.roomId}/messages`, { content: 'Chào anh' })
  await w.advance('1 day')
}

/** Bookings of every fate. */
async function aDay(w: World): Promise<void> {
  const [employee, sic, manager, staff, driver] = await Promise.all([
    w.as('employee'),
    w.as('sic'),
    w.as('manager'),
    w.as('staff'),
    w.as('driver'),
  ])
  const ask = async (person: Person): Promise<string> =>
    (await person.post('/bookings', tripOnItsDay())).body.id
  const [approved, rejected, cancelled, expiring] = [
    await ask(employee),
    await ask(employee),
    await ask(employee),
    await ask(employee),
  ]
  const copied = await ask(sic)
  await w.settle()
  const approvalOf = async (booking: string): Promise<string> =>
    (await manager.get(`/approvals/booking/${booking}`)).body.id
  await manager.post(`/approvals/${await approvalOf(approved)}/approve`)
  await manager.post(`/approvals/${await approvalOf(rejected)}/reject`, { notes: 'không cần thiết' })
  await employee.post(`/bookings/${cancelled}/cancel`, { reason: 'USER_REQUEST' })
  await w.settle()
  const {
    body: [vehicle],
  } = await staff.get('/resources?kind=VEHICLE')
  for (const booking of [approved, copied]) {
    await staff.post(`/bookings/${booking}/confirm`)
    await staff.post(`/bookings/${booking}/assign`, { resourceId: vehicle.id, driverId: driver.user.id })
    await driver.post(`/bookings/${booking}/arriving`)
    await driver.post(`/bookings/${booking}/start`)
  }
  await driver.post(`/bookings/${approved}/complete`)
  await w.advance('1 hour')
  await w.advance('23 hours')
  expect((await employee.get(`/bookings/${expiring}`)).body.status).to.equal('PENDING')
}

/** One of two who are asked one after the other has approved. */
async function aRequestOfTwoSteps(w: World): Promise<void> {
  const [admin, employee, manager, staff] = await Promise.all([
    w.as('admin'),
    w.as('employee'),
    w.as('manager'),
    w.as('staff'),
  ])
  const steps = [{ approvers: [{ manager: 1 }] }, { approvers: [{ userIds: [staff.user.id] }] }]
  await admin.put('/organisation/approval-policies', { rules: [{ name: 'Hai bước', steps }] })
  const { body: booking } = await employee.post('/bookings', tripOnItsDay())
  await w.settle()
  const { body: approval } = await manager.get(`/approvals/booking/${booking.id}`)
  await manager.post(`/approvals/${approval.id}/approve`)
  await staff.post(`/approvals/${approval.id}/comment`, { text: 'Chờ xe về' })
  await w.settle()
}

/** What was said before on a channel comes before this on it. */
async function quiet(w: World, { user }: Person, socket: Socket): Promise<void> {
  const rooms: { roomId: string }[] = await w.runtime.db('roomMembers').where({ userId: user.id })
  for (const channel of [
    userChannel(user.id),
    roleChannel(user.orgId, user.role),
    ...rooms.map(({ roomId }) => roomChannel(roomId)),
  ]) {
    const id = await w.runtime.stream.append({
      key: `quiet.${user.id}.${channel}`,
      channel,
      event: 'test.quiet',
      at: w.clock.now(),
      data: {},
    })
    await socket.next((frame) => frame.id === id)
  }
}
