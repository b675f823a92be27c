// The three policies of docs/POLICIES.md, and what happens under them: however they were set.

import { expect } from 'chai'
import type { PolicyRule } from '../../shared/approvals/policy/schema.ts'
import { tripOnItsDay, type Name } from './people.ts'
import { approvalOf, bookingOf, toldTo } from './story.ts'
import type { World } from './world.ts'

type Asked = { id: string; bookingId: string }

export interface PolicyStory {
  /** Foretold and asked for. @returns the approval, after its simulation was held against it */
  ask(more: object): Promise<Asked>
  approve(name: Name, id: string): Promise<string | number>
  change(name: Name, patch: object): Promise<void>
  statusOf(bookingId: string): Promise<string>
  /** As the ADMIN sees it. */
  shown(
    id: string,
  ): Promise<{ expiresAt: string; steps: { dueAt: string; deciders: { person: { id: string } }[] }[] }>
}

export function tellPolicies(w: World): PolicyStory {
  const shown: PolicyStory['shown'] = async (id) => (await (await w.as('admin')).get(`/approvals/${id}`)).body
  return {
    shown,
    async ask(more) {
      const trip = { ...tripOnItsDay(), ...more }
      const employee = await w.as('employee')
      const { body: foretold } = await employee.post('/approvals/simulate', trip)
      const { body, status } = await employee.post('/bookings', trip)
      expect([status, body.detail]).to.deep.equal([201, undefined])
      await w.settle()
      expect(body.status).to.equal(foretold.status)
      if (foretold.approvalType !== 'MANAGER_APPROVAL') return { id: '', bookingId: body.id }
      const { id } = await approvalOf(w, body.id)
      const { steps } = await shown(id)
      expect(steps.length).to.equal(foretold.steps.length)
      const asked = steps[0]?.deciders.map(({ person }) => person.id)
      expect(asked).to.have.members(foretold.steps[0].asked.map((each: { id: string }) => each.id))
      expect(steps[0]?.dueAt).to.equal(foretold.steps[0].expiresAt)
      return { id, bookingId: body.id }
    },
    async approve(name, id) {
      const { body } = await (await w.as(name)).post(`/approvals/${id}/approve`)
      await w.settle()
      return body.status
    },
    async change(name, patch) {
      const reply = await (await w.as('admin')).patch(`/users/${await w.idOf(name)}`, patch)
      expect([reply.status, reply.body.detail]).to.deep.equal([200, undefined])
      await w.settle()
    },
    statusOf: async (bookingId) => (await bookingOf(w, bookingId)).status,
  }
}

/** Business trips pass; private ones go to the head of the department, far ones to finance as well. */
export async function fleetRules(w: World): Promise<PolicyRule[]> {
  const { change } = tellPolicies(w)
  for (const name of ['admin', 'employee', 'manager', 'staff'] as const)
    await change(name, { department: 'Kinh doanh' })
  await change('supervisor', { department: 'Tài chính' })
  const isPrivate = { fact: 'isBusinessTrip', equals: false } as const
  const head = {
    approvers: [{ departmentHead: true }],
    need: 'any',
    ttl: '1d',
    onExpiry: 'escalate',
  } as const
  const finance = [{ userIds: [await w.idOf('supervisor')] }]
  return [
    {
      name: 'Private, far',
      when: { all: [isPrivate, { fact: 'distanceKm', atLeast: 200.01 }] },
      steps: [
        { ...head, approvers: [...head.approvers] },
        { approvers: finance, need: 'any', ttl: '1d', onExpiry: 'cancel' },
      ],
    },
    { name: 'Private', when: isPrivate, steps: [{ ...head, approvers: [...head.approvers] }] },
    { name: 'Business', steps: [] },
  ]
}

/** The head who is asked leaves in the middle: the next one decides, and finance after them. */
export async function runFleet(w: World): Promise<void> {
  const { ask, approve, change, shown, statusOf } = tellPolicies(w)
  await change('staff', { positionLevel: 'MGR' })
  await change('manager', { positionLevel: 'DIRECTOR' })
  const far = await ask({ isBusinessTrip: false, distanceKm: 640 })
  await change('manager', { isActive: false })
  const { steps } = await shown(far.id)
  expect(steps[0]?.deciders.map(({ person }) => person.id)).to.deep.equal([await w.idOf('staff')])
  expect(await approve('staff', far.id)).to.equal('PENDING')
  expect(await approve('supervisor', far.id)).to.equal('APPROVED')
  expect(await statusOf(far.bookingId)).to.equal('PENDING')
}

/** Either of two duty managers, within a quarter of an hour in which it is open; else the owner, whom both report to. */
export async function hotelRules(w: World): Promise<PolicyRule[]> {
  const { change } = tellPolicies(w)
  const owner = await w.idOf('owner')
  for (const name of ['supervisor', 'staff'] as const) await change(name, { managerId: owner })
  const duty = await Promise.all((['supervisor', 'staff'] as const).map((name) => w.idOf(name)))
  return [
    {
      name: 'Duty managers, else the owner',
      steps: [
        { approvers: [{ userIds: duty }], need: 'any', ttl: '15m', hours: 'open', onExpiry: 'escalate' },
      ],
    },
  ]
}

/** A holiday comes in between, and after it one of the two leaves. */
export async function runHotel(w: World): Promise<void> {
  const { ask, approve, change, shown, statusOf } = tellPolicies(w)
  const admin = await w.as('admin')
  const { body: calendar, headers } = await admin.get('/organisation/calendar')
  const days = { weekly: calendar.weekly, holidays: [{ date: '2031-03-04', name: 'Lễ' }] }
  const set = await admin.put('/organisation/calendar', days, { 'if-match': headers.get('etag') ?? '' })
  expect([set.status, set.body.detail]).to.deep.equal([200, undefined])
  await w.advance('530 minutes')
  const { id, bookingId } = await ask({})
  expect((await shown(id)).expiresAt, 'ten minutes today, five on the day after').to.equal(
    '2031-03-05T02:05:00.000Z',
  )
  await w.advance('39 hours')
  expect(await approve('owner', id), 'not asked yet').to.equal(403)
  await w.advance('20 minutes')
  expect(await toldTo(w, 'owner')).to.include('APPROVAL_REQUIRED')
  expect(await approve('owner', id)).to.equal('APPROVED')
  expect(await statusOf(bookingId)).to.equal('PENDING')
  const next = await ask({})
  await change('staff', { isActive: false })
  expect(await approve('supervisor', next.id)).to.equal('APPROVED')
}

/** Nobody decides, the staff is told. */
export const STATION_RULES: PolicyRule[] = [{ name: 'Stations', steps: [], copyTo: [{ role: 'STAFF' }] }]

/** Somebody of the staff leaves, and on a holiday it is as on any day. */
export async function runStations(w: World): Promise<void> {
  const { ask, change, statusOf } = tellPolicies(w)
  const { bookingId } = await ask({})
  expect(await statusOf(bookingId)).to.equal('PENDING')
  expect(await toldTo(w, 'staff')).to.include('BOOKING_CC_NOTIFICATION')
  expect(await toldTo(w, 'manager')).to.deep.equal([])
  await change('staff', { isActive: false })
  expect(await statusOf((await ask({})).bookingId)).to.equal('PENDING')
}
