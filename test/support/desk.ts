// A house whose desk answers customers. Call it inside of a `describe`: it opens and ends a world of its own.
// It is Monday, 9:00 in Hồ Chí Minh City, and the office has just opened; nobody of the staff has a socket.

import { expect } from 'chai'
import type { Message } from '../../shared/chat/schema.ts'
import { caller, type Caller, type Reply } from './client.ts'
import { aWorld, type Person, type World } from './world.ts'

export interface Customer extends Caller {
  roomId: string
  say(content: string): Promise<Message>
  /** What the desk said by itself, oldest first. */
  heard(): Promise<Message[]>
}

interface Here {
  w: World
  admin: Person
  staff: Person
  /** The demonstration's own. */
  linh: Customer
}

export function aDesk() {
  // Set before the first test.
  const here = {} as Here
  beforeEach(async () => {
    here.w = await aWorld()
    ;[here.admin, here.staff] = [await here.w.as('admin'), await here.w.as('staff')]
    const { db } = here.w.runtime
    // What the demonstration says would answer for what a test says.
    await db('auto_responses').del()
    await db('faqs').del()
    here.linh = await aCustomer(await here.w.as('customer'))
  })
  afterEach(() => here.w.end())

  async function aCustomer(by: Caller): Promise<Customer> {
    const { status, body } = await by.post('/chat/rooms/create', { userName: 'Không cần' })
    expect(status, JSON.stringify(body)).to.equal(201)
    await here.w.settle()
    const roomId: string = body.id
    return {
      ...by,
      roomId,
      async say(content) {
        const reply = await by.post(`/chat/rooms/${roomId}/messages`, { content })
        expect(reply.status, JSON.stringify(reply.body)).to.equal(201)
        await here.w.settle()
        return reply.body
      },
      async heard() {
        const { body: messages } = await by.get(`/chat/rooms/${roomId}/messages?after=0&limit=100`)
        return messages.filter(({ senderType }: Message) => senderType === 'bot')
      },
    }
  }

  return {
    here,
    aCustomer,
    async aGuest(name = 'Khách lạ'): Promise<Customer> {
      const { body } = await here.w.anybody.post('/auth/guest', { org: 'demo', name })
      return aCustomer(caller(here.w.url, body.accessToken))
    },
    /** Somebody of the staff sits down. @returns what they hear; closing it is leaving */
    sitDown: () => here.staff.socket(),
    async answers(roomId: string, content = 'Em đây ạ'): Promise<void> {
      const { status } = await here.staff.post(`/chat/rooms/${roomId}/messages`, { content })
      expect(status).to.equal(201)
      await here.w.settle()
    },
    responds: (response: object): Promise<Reply> =>
      here.staff.post('/chat/auto-responses', {
        name: 'Một',
        responseType: 'custom',
        message: 'Một',
        ...response,
      }),
    knows: (question: string, answer: string, more: object = {}): Promise<Reply> =>
      here.staff.post('/chat/faqs', { question, answer, ...more }),
  }
}
