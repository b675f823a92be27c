// Two organisations for the matrix: in each a stranger of every role; in one of them, people whom its things concern,
// and the things. Written into the tables as they are, so that each of a thousand cells has a fresh one.

import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { openStorage } from '../../shared/files/storage/open.ts'
import { plusMs } from '../../shared/kit/time/time.ts'
import { ROLES, type Role } from '../../shared/organisations/roles.ts'
import { hashPassword } from '../../shared/users/passwords.ts'
import { signAccessToken } from '../../shared/users/tokens.ts'
import { caller, type Caller } from './client.ts'
import type { World } from './world.ts'

export interface Member {
  id: string
  orgId: string
  role: Role
}

/** Of strangers and foreigners; the others have none. */
export const CAST_PASSWORD = 'long-enough'

export const CONCERNED = {
  requester: 'EMPLOYEE',
  approver: 'EMPLOYEE',
  delegate: 'EMPLOYEE',
  driver: 'DRIVER',
} as const satisfies Record<string, Role>
export type Concerned = keyof typeof CONCERNED

export interface Cast {
  /** Of the organisation, and nothing to do with its things. */
  strangers: readonly Member[]
  /** The same, of another organisation. */
  foreigners: readonly Member[]
  concerned: Readonly<Record<Concerned, Member>>
  resourceId: string
  /** An automatic reply of the demonstration. */
  responseId: string
  /** A fresh thing. @returns its id, as it stands in the path */
  make(thing: Thing): Promise<string>
  /** Signs a person in, with a session of their own. */
  enter(member: Member): Promise<Caller>
}

export type Thing = keyof ReturnType<typeof thingsOf>

export async function aCast(w: World): Promise<Cast> {
  const { db } = w.runtime
  const organisations = await db('organisations').orderBy('slug')
  const known = await hashPassword(CAST_PASSWORD)
  const [demo = '', other = ''] = organisations.map(({ id }) => id)

  async function member(orgId: string, role: Role, passwordHash?: string): Promise<Member> {
    const id = randomUUID()
    await db('users').insert({
      id,
      orgId,
      email: `${id}@cast.test`,
      fullName: `Somebody, ${role}`,
      role,
      passwordHash,
      createdAt: w.clock.now(),
      updatedAt: w.clock.now(),
    })
    return { id, orgId, role }
  }

  const everyRole = (orgId: string): Promise<Member[]> =>
    Promise.all(ROLES.map((role) => member(orgId, role, known)))
  const [requester, approver, delegate, driver] = await Promise.all(
    Object.values(CONCERNED).map((role) => member(demo, role)),
  )
  if (!requester || !approver || !delegate || !driver) throw new Error('The cast is not complete.')
  const concerned = { requester, approver, delegate, driver }
  const { id: resourceId } = await db('resources').where({ orgId: demo }).first('id')
  const things = thingsOf(w, concerned, resourceId, (role = 'STAFF') => member(demo, role))
  await things.delegation()

  return {
    strangers: await everyRole(demo),
    foreigners: await everyRole(other),
    concerned,
    resourceId,
    responseId: await things.autoResponse(),
    make: (thing) => things[thing](),
    async enter({ id, orgId, role }) {
      const sid = await aSession(w, { id, orgId })
      return caller(
        w.url,
        signAccessToken(w.runtime.config, { sub: id, org: orgId, role, email: 'x', sid }, w.clock.now())
          .token,
      )
    },
  }
}

async function aSession(w: World, { id: userId, orgId }: Pick<Member, 'id' | 'orgId'>): Promise<string> {
  const [id, now] = [randomUUID(), w.clock.now()]
  await w.runtime
    .db('sessions')
    .insert({ id, orgId, userId, createdAt: now, lastUsedAt: now, expiresAt: plusMs(now, 1e9) })
  return id
}

function thingsOf(
  w: World,
  { requester, approver, delegate, driver }: Cast['concerned'],
  resourceId: string,
  someone: (role?: Role) => Promise<Member>,
) {
  const { db } = w.runtime
  const { orgId } = requester
  const times = { createdAt: w.clock.now(), updatedAt: w.clock.now() }
  let count = 0

  async function booking(
    status: string,
    approvalStatus = 'APPROVED',
  ): Promise<{ bookingId: string; approvalId: string }> {
    const [bookingId, approvalId] = [randomUUID(), randomUUID()]
    const driven = ['ASSIGNED', 'IN_PROGRESS'].includes(status)
    const code = `CAST-${++count}`
    // Each on a day of its own, so that whoever drives it drives nothing else.
    const day = new Date(Date.UTC(2031, 2, 10 + count)).toISOString().slice(0, 10)
    await db('bookings').insert({
      id: bookingId,
      orgId,
      bookingCode: code,
      requesterId: requester.id,
      bookingType: 'SINGLE_TRIP',
      status,
      approvalType: 'MANAGER_APPROVAL',
      scheduledDate: day,
      scheduledTime: '08:30',
      passengerCount: 1,
      ...(driven && { assignedDriverId: driver.id, assignedResourceId: resourceId }),
      ...times,
    })
    await db('approvals').insert({
      id: approvalId,
      orgId,
      subjectType: 'BOOKING',
      subjectId: bookingId,
      subjectLabel: { code, date: day },
      approverId: approver.id,
      requesterId: requester.id,
      approvalType: 'MANAGER_APPROVAL',
      status: approvalStatus,
      expiresAt: plusMs(w.clock.now(), 1e8),
      continuation: 'bookings.applyDecision',
      ...times,
    })
    return { bookingId, approvalId }
  }

  const inserted = async (table: string, row: object): Promise<string> =>
    (
      await db(table)
        .insert({ id: randomUUID(), orgId, ...row })
        .returning('id')
    )[0].id

  /** Of people whom the thing concerns; the first has said something. */
  async function room(columns: object, ...members: Member[]): Promise<{ roomId: string; messageId: string }> {
    const [roomId, messageId] = [randomUUID(), randomUUID()]
    await db('rooms').insert({
      id: roomId,
      orgId,
      lastSeq: 1,
      lastMessageAt: w.clock.now(),
      ...columns,
      ...times,
    })
    for (const { id: userId } of members)
      await db('roomMembers').insert({
        roomId,
        userId,
        roleInRoom: userId === driver.id ? 'driver' : userId === requester.id ? 'requester' : 'participant',
        joinedAt: w.clock.now(),
      })
    await db('messages').insert({
      id: messageId,
      roomId,
      seq: 1,
      senderId: members[0]?.id,
      content: 'Xin chào',
      createdAt: w.clock.now(),
    })
    return { roomId, messageId }
  }

  async function ticket(status: string): Promise<string> {
    const { roomId } = await room({ kind: 'SUPPORT', type: 'ticket' }, requester)
    return inserted('tickets', {
      supportId: 10_000 + ++count,
      userId: requester.id,
      roomId,
      type: 'other',
      priority: 'medium',
      description: 'Pin không sạc được',
      status,
      ...times,
    })
  }

  const words = { category: 'system', type: 'TRIP_STARTED', title: 'Một', message: 'Hai', priority: 'low' }

  return {
    waiting: async () => (await booking('PENDING_APPROVAL', 'PENDING')).bookingId,
    pending: async () => (await booking('PENDING')).bookingId,
    assigned: async () => (await booking('ASSIGNED')).bookingId,
    underway: async () => (await booking('IN_PROGRESS')).bookingId,
    approval: async () => (await booking('PENDING_APPROVAL', 'PENDING')).approvalId,
    async questioned() {
      const { approvalId } = await booking('PENDING_APPROVAL', 'PENDING')
      const openQuestion = { byId: approver.id, text: 'Vì sao?', at: w.clock.now().toISOString() }
      await db('approvals').where({ id: approvalId }).update({ openQuestion })
      return approvalId
    },
    delegation: () =>
      inserted('delegations', {
        delegatorId: approver.id,
        delegateId: delegate.id,
        fromAt: w.clock.now(),
        untilAt: plusMs(w.clock.now(), 1e9),
        createdAt: w.clock.now(),
      }),
    notification: () =>
      inserted('notifications', { userId: requester.id, createdAt: w.clock.now(), ...words }),
    subscription: () =>
      inserted('push_subscriptions', {
        userId: requester.id,
        endpoint: `https://push.example/${randomUUID()}`,
        keys: '{}',
        createdAt: w.clock.now(),
      }),
    deadLetter: async () => {
      const notificationId = await inserted('notifications', {
        userId: requester.id,
        createdAt: w.clock.now(),
        ...words,
      })
      return inserted('deliveries', {
        notificationId,
        userId: requester.id,
        channel: 'EMAIL',
        status: 'FAILED',
        ...times,
      })
    },
    webhook: () =>
      inserted('webhooks', {
        channel: 'WEBHOOK',
        url: 'https://hooks.example',
        secret: 'whsec_AAAA',
        ...times,
      }),
    issuer: () =>
      inserted('issuers', {
        name: 'Ứng dụng',
        issuer: 'https://id.example',
        audience: randomUUID(),
        jwksUrl: 'https://id.example/keys',
        claims: JSON.stringify({
          subject: 'sub',
          email: 'email',
          emailVerified: 'email_verified',
          name: 'name',
          role: 'role',
          manager: null,
          department: null,
        }),
        roleMap: '{}',
        reaches: [],
        provisioning: 'none',
        emailDomains: [],
        subjectPrefix: '',
        isEnabled: true,
        ...times,
      }),
    session: () => aSession(w, requester),
    file: async () => {
      const storageKey = `${orgId}/${randomUUID()}`
      const kept = await openStorage(w.runtime.config).put(
        storageKey,
        Readable.from([Buffer.from('Xin chào')]),
        w.clock.now(),
      )
      return inserted('files', {
        uploaderId: requester.id,
        name: 'a.txt',
        contentType: 'application/octet-stream',
        kind: 'file',
        storageKey,
        createdAt: w.clock.now(),
        ...kept,
      })
    },
    conversation: async () => (await room({ kind: 'DIRECT' }, requester, approver)).roomId,
    message: async () => (await room({ kind: 'DIRECT' }, requester, approver)).messageId,
    async customerRoom() {
      const customer = await someone('CUSTOMER')
      const { roomId } = await room(
        { kind: 'SUPPORT', isOpenToStaff: true, onlyKey: `customer|${customer.id}` },
        customer,
      )
      await db('inbox_conversations').insert({ roomId, orgId, customerId: customer.id, ...times })
      return roomId
    },
    faq: () =>
      inserted('faqs', {
        question: 'Mấy giờ?',
        answer: 'Chín giờ.',
        keywords: [],
        alternativeQuestions: [],
        confidenceThreshold: 70,
        priority: 0,
        isActive: true,
        ...times,
      }),
    autoResponse: () =>
      inserted('auto_responses', {
        name: 'Chào',
        responseType: 'welcome',
        message: 'Xin chào',
        trigger: { event: 'user-joined' },
        quickReplies: '[]',
        isActive: true,
        ...times,
      }),
    tripRoom: async () =>
      (await room({ kind: 'BOOKING', bookingId: (await booking('ASSIGNED')).bookingId }, requester, driver))
        .roomId,
    group: async () => (await room({ kind: 'GROUP', type: 'custom', name: 'Đội xe' }, requester)).roomId,
    export: () =>
      inserted('exports', {
        askerId: requester.id,
        scope: 'all',
        format: 'csv',
        filter: {},
        storageKey: 'dd',
        createdAt: w.clock.now(),
      }),
    failure: () =>
      inserted('jobs', {
        name: 'bookings.applyDecision',
        payload: {},
        requestId: 'cast',
        shippedAt: w.clock.now(),
        failedAt: w.clock.now(),
        failedReason: 'Error',
      }),
    failedExport: () =>
      inserted('exports', {
        askerId: requester.id,
        scope: 'all',
        format: 'csv',
        filter: {},
        storageKey: 'dd',
        status: 'FAILED',
        reason: 'the storage was full',
        createdAt: w.clock.now(),
      }),
    resource: () => inserted('resources', { kind: 'VEHICLE', name: '51A', ...times }),
    station: () => inserted('resources', { kind: 'STATION', name: 'Trạm 1', ...times }),
    ticket: () => ticket('open'),
    closedTicket: () => ticket('closed'),
    apiKey: () =>
      inserted('api_keys', {
        name: 'Cổng thanh toán',
        hint: 'bh_abcd',
        hash: randomUUID(),
        createdById: requester.id,
        createdAt: w.clock.now(),
      }),
    calendarFeed: async () =>
      inserted('calendar_feeds', {
        ownerId: requester.id,
        resourceId: await inserted('resources', { kind: 'VEHICLE', name: '51A', ...times }),
        createdAt: w.clock.now(),
      }),
    colleague: async () => (await someone()).id,
    requester: async () => requester.id,
    driver: async () => driver.id,
  }
}
