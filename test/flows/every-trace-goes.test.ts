// From every place in which people write something: when it is deleted, or they are erased, it is nowhere any more.

import { expect } from 'chai'
import { applyDecisionJob } from '../../shared/bookings/jobs.ts'
import { sealAll } from '../../workers/audit-sealer.ts'
import { caller } from '../support/client.ts'
import { anHttpPeer, type HttpPeer } from '../support/http-peer.ts'
import { TRIP } from '../support/people.ts'
import { tracesOf } from '../support/traces.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const MARK = 'dấu-vết-5190'

interface Trace {
  /** Somebody writes the mark somewhere. */
  write: () => Promise<unknown>
  /** Tables in which it must be found then: a walk that finds nothing there proves nothing. */
  into: readonly string[]
  go: () => Promise<unknown>
  /** Where it stays, and why. */
  stays?: Record<string, string>
}

describe('what somebody wrote', () => {
  let w: World
  let people: Record<'admin' | 'staff' | 'customer' | 'employee' | 'manager', Person>
  let ids: Record<string, string>
  let receiver: HttpPeer
  beforeEach(async () => {
    receiver = await anHttpPeer()
    w = await aWorld({
      listens: true,
      with: ['api', 'workers'],
      env: { OUTGOING_ALLOWED: '127.0.0.1' },
    })
    const [admin, staff, customer, employee, manager] = await Promise.all([
      w.as('admin'),
      w.as('staff'),
      w.as('customer'),
      w.as('employee'),
      w.as('manager'),
    ])
    people = { admin, staff, customer, employee, manager }
    ids = {}
  })
  afterEach(async () => {
    await w.end()
    await receiver.close()
  })

  async function made(
    reply: Promise<{ status: number; body: { id: string } & Record<string, string> }>,
  ): Promise<Record<string, string>> {
    const { status, body } = await reply
    expect(status, JSON.stringify(body)).to.be.below(300)
    await w.settle()
    return body
  }
  const erase = (who: keyof typeof people) => async (): Promise<unknown> =>
    made(people.admin.post(`/users/${people[who].user.id}/erase`))

  async function aTicket(description = 'Pin hỏng'): Promise<void> {
    const { id = '', roomId = '' } = await made(
      people.customer.post('/support', { description }, { 'idempotency-key': 'ticket' }),
    )
    ids = { ticket: id, room: roomId }
  }
  async function aTicketMessage(by: Person): Promise<void> {
    await aTicket()
    const { id = '' } = await made(
      by.post(
        `/chat/rooms/${ids['room']}/messages`,
        { content: `Nói ${MARK}` },
        { 'idempotency-key': 'message' },
      ),
    )
    ids['message'] = id
  }
  async function aBooking(more: object): Promise<void> {
    const { id = '' } = await made(
      people.employee.post('/bookings', { ...TRIP, ...more }, { 'idempotency-key': 'booking' }),
    )
    ids['booking'] = id
    ids['approval'] = (await made(people.manager.get(`/approvals/booking/${id}`)))['id'] ?? ''
  }
  async function tellFromOutside(payload: object, type = 'payment.received'): Promise<void> {
    const { key = '' } = await made(people.admin.post('/api-keys', { name: 'Cổng' }))
    await made(caller(w.url, key).post('/api/events', { id: 'e-1', type, payload }))
  }

  const traces: Record<string, Trace> = {
    'in a ticket, by a customer who is erased': {
      write: () => aTicket(`Hỏng ${MARK}`),
      into: ['tickets', 'notifications', 'idempotency_keys', 'redis {.log.#}:entries'],
      go: erase('customer'),
    },
    'in a ticket that is deleted': {
      write: () => aTicket(`Hỏng ${MARK}`),
      into: ['tickets', 'notifications'],
      go: () => made(people.staff.delete(`/support/${ids['ticket']}`)),
      stays: {
        tickets: "out of everybody's sight, until its owner is erased",
        notifications: 'what was told of it',
        idempotency_keys: "the owner's own answer, for a day",
        'redis {.log.#}:entries': 'for a day',
      },
    },
    'as the answer to a ticket, whose owner is erased': {
      write: async () => {
        await aTicket()
        await made(
          people.staff.patch(
            `/support/${ids['ticket']}`,
            { response: `Thay ${MARK}` },
            { 'idempotency-key': 'answer' },
          ),
        )
        await made(people.staff.patch(`/support/${ids['ticket']}`, { response: 'Thay xong' }))
      },
      into: ['ticket_timeline', 'notifications', 'idempotency_keys'],
      go: erase('customer'),
    },
    "in a ticket's room, in a message that is deleted": {
      write: () => aTicketMessage(people.customer),
      into: ['messages', 'notifications', 'redis {.log.#}:entries'],
      go: () => made(people.customer.delete(`/chat/messages/${ids['message']}`)),
    },
    "in a ticket's room, in a message that is changed": {
      write: () => aTicketMessage(people.customer),
      into: ['messages', 'notifications'],
      go: () => made(people.customer.patch(`/chat/messages/${ids['message']}`, { content: 'Khác' })),
    },
    "in a ticket's room, by a customer who is erased": {
      write: () => aTicketMessage(people.customer),
      into: ['messages', 'notifications'],
      go: erase('customer'),
    },
    "in a ticket's room, by an agent who is erased": {
      write: () => aTicketMessage(people.staff),
      into: ['messages', 'notifications'],
      go: erase('staff'),
    },
    'as the purpose and the notes of a booking, by a requester who is erased': {
      write: () => aBooking({ purpose: `Gặp ${MARK}`, notes: `Nhớ ${MARK}` }),
      into: ['bookings', 'approvals', 'notifications', 'idempotency_keys'],
      go: erase('employee'),
    },
    'as the reason of a refusal, by a manager who is erased': {
      write: async () => {
        await aBooking({})
        await made(
          people.manager.post(
            `/approvals/${ids['approval']}/reject`,
            { notes: `Không vì ${MARK}` },
            { 'idempotency-key': 'decision' },
          ),
        )
      },
      into: ['approvals', 'bookings', 'notifications', 'idempotency_keys'],
      go: erase('manager'),
    },
    'as the reason of a decision that was not carried out yet, by a manager who is erased': {
      write: () =>
        w.change(
          async (change) =>
            void change.enqueue(
              applyDecisionJob,
              {
                orgId: people.admin.user.orgId,
                subjectId: people.admin.user.id,
                outcome: 'rejected',
                decidedBy: 'person',
                decidedById: people.manager.user.id,
                notes: `Không vì ${MARK}`,
              },
              new Date('2032-01-01'),
            ),
        ),
      into: ['jobs'],
      go: erase('manager'),
    },
    'as the reason of a cancellation, by a requester who is erased': {
      write: async () => {
        await aBooking({})
        await made(
          people.employee.post(
            `/bookings/${ids['booking']}/cancel`,
            { reason: 'OTHER', notes: `Bận ${MARK}` },
            { 'idempotency-key': 'cancel' },
          ),
        )
      },
      into: ['bookings', 'idempotency_keys'],
      go: erase('employee'),
    },
    'as the name of a file that was never sent, by a person who is erased': {
      write: async () => {
        const form = new FormData()
        form.append('file', new Blob([Buffer.from(`%PDF-1.7\n${MARK}\n%%EOF\n`)]), `${MARK}.pdf`)
        await made(people.employee.post('/chat/attachments', form))
      },
      into: ['files', 'files kept'],
      go: erase('employee'),
    },
    'as the name and the description of a group that is closed': {
      write: async () => {
        ids['group'] =
          (
            await made(
              people.admin.post('/chat/groups', {
                name: `Nhóm ${MARK}`,
                description: `Về ${MARK}`,
                memberIds: [people.manager.user.id],
              }),
            )
          )['id'] ?? ''
      },
      into: ['rooms'],
      go: () => made(people.admin.delete(`/chat/groups/${ids['group']}`)),
      stays: {
        rooms: 'its members still read what was said in it',
        'redis {.log.#}:entries': 'for a day, the same',
      },
    },
    'as a frequent question that is deleted': {
      write: async () => {
        ids['faq'] =
          (
            await made(
              people.staff.post(
                '/chat/faqs',
                { question: `Hỏi ${MARK} gì`, answer: `Đáp ${MARK}` },
                { 'idempotency-key': 'faq' },
              ),
            )
          )['id'] ?? ''
      },
      into: ['faqs', 'idempotency_keys'],
      go: () => made(people.staff.delete(`/chat/faqs/${ids['faq']}`)),
      stays: {
        faqs: 'what it answered and was offered for still leads to it',
        idempotency_keys: "the organisation's own words, for a day",
      },
    },
    'about a client from outside, who is known here and is erased': {
      write: () =>
        tellFromOutside({
          payment: { amount: 1, clientName: `Lan ${MARK}` },
          customer: { email: people.customer.user.email, note: MARK },
        }),
      into: ['received_events', 'notifications', 'redis {.log.#}:entries'],
      go: erase('customer'),
    },
    'as the purpose of a booking and the reason of its refusal, sent whole to a webhook, by people who are erased':
      {
        write: async () => {
          await made(people.admin.post('/webhooks', { url: receiver.url, events: ['*'], form: 'full' }))
          await aBooking({ purpose: `Gặp ${MARK}` })
          await made(
            people.manager.post(`/approvals/${ids['approval']}/reject`, { notes: `Không vì ${MARK}` }),
          )
        },
        into: ['fact_deliveries'],
        go: async () => {
          await erase('employee')()
          await erase('manager')()
        },
      },
    'as a ticket and its answer, sent whole to a webhook, by a customer who is erased': {
      write: async () => {
        await made(people.admin.post('/webhooks', { url: receiver.url, events: ['*'], form: 'full' }))
        await aTicket(`Hỏng ${MARK}`)
        await made(people.staff.patch(`/support/${ids['ticket']}`, { response: `Thay ${MARK}` }))
      },
      into: ['fact_deliveries'],
      go: erase('customer'),
    },
    'as the name of a guest who asked something, sent whole to a webhook, and who is erased': {
      write: async () => {
        await made(people.admin.post('/webhooks', { url: receiver.url, events: ['*'], form: 'full' }))
        const { body } = await w.anybody.post('/auth/guest', { org: 'demo', name: `Khách ${MARK}` })
        ids['guest'] = body.user.id
        const guest = caller(w.url, body.accessToken)
        const { id = '' } = await made(guest.post('/chat/rooms/create', {}))
        await made(guest.post(`/chat/rooms/${id}/messages`, { content: 'Còn phòng không' }))
      },
      into: ['fact_deliveries', 'rooms', 'users'],
      go: () => made(people.admin.post(`/users/${ids['guest']}/erase`)),
    },
    'in the audit of what was taken out, by a name that is erased': {
      write: async () => {
        await made(people.admin.patch(`/users/${people.employee.user.id}`, { fullName: `Bà ${MARK}` }))
        await sealAll(w.runtime)
        ids['export'] = (await made(people.admin.post('/audit/exports', { format: 'json' })))['id'] ?? ''
      },
      into: ['users', 'files kept'],
      go: erase('employee'),
    },
  }

  for (const [what, { write, into, go, stays = {} }] of Object.entries(traces)) {
    it(`${what}, is nowhere afterwards${Object.entries(stays)
      .map(([place, why]) => `; but ${place}: ${why}`)
      .join('')}`, async () => {
      await write()
      expect(await tracesOf(w, [MARK])).to.include.members([...into])
      await go()
      await w.settle()
      expect((await tracesOf(w, [MARK])).filter((place) => !(place in stays))).to.deep.equal([])
    })
  }
})
