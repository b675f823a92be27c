// A customer and the staff as existing clients of the inbox have them: REST under /api, and a socket of /realtime.

import { caller, type Caller } from './client.ts'
import { Clients, type SocketioPerson } from './socketio.ts'
import { until } from './until.ts'
import { aWorld, type Person, type World } from './world.ts'

export interface AtClient {
  rest: Caller
  socket: SocketioPerson
  user: Person['user']
  accessToken: string
}

export interface InRoom extends AtClient {
  roomId: string
  says(content: string): void
}

/** Whoever asks. What they claim of themselves beside it is somebody else. */
const CLAIMS = { senderId: 'ai-do', senderType: 'staff', senderName: 'Ai Đó Khác' }
export const FAQ = {
  question: 'What are the opening hours?',
  answer: 'Monday to Friday 9 to 18, Saturday 10 to 16.',
  keywords: ['open', 'hours'],
  alternativeQuestions: ['When do you open?'],
  category: 'general',
  confidenceThreshold: 70,
  priority: 10,
}
export const WELCOME = {
  name: 'Welcome',
  responseType: 'welcome',
  message: 'Xin chào {name}!',
  trigger: { event: 'user-joined' },
}

/** @param length how long after Monday, 9:00 in Hồ Chí Minh City */
export async function aCustomerDesk(length = '0 seconds') {
  const w: World = await aWorld()
  // What the demonstration says would answer for what a test says.
  await w.runtime.db('auto_responses').del()
  await w.runtime.db('faqs').del()
  await w.advance(length)
  const clients = new Clients(w.url)

  async function at(
    person: Pick<Person, 'user' | 'accessToken'>,
    transports?: readonly string[],
  ): Promise<AtClient> {
    const socket = await clients.as(person, '/realtime', transports)
    return {
      rest: caller(`${w.url}/api`, person.accessToken),
      socket,
      user: person.user,
      accessToken: person.accessToken,
    }
  }

  /** Connects first and opens the room then, so that they hear it from its beginning. */
  async function comeIn(
    person: Pick<Person, 'user' | 'accessToken'>,
    transports?: readonly string[],
  ): Promise<InRoom> {
    const here = await at(person, transports)
    const { body } = await here.rest.post('/chat/rooms/create', {
      userId: here.user.id,
      userName: 'Linh',
      userEmail: 'linh@example.com',
      userPhone: '+84900000000',
    })
    const roomId: string = body._id
    await w.settle()
    here.socket.says('chat:join-room', { roomId })
    return {
      ...here,
      roomId,
      says: (content) => here.socket.says('chat:send-message', { roomId, content, ...CLAIMS }),
    }
  }

  return {
    w,
    at,
    comeIn,
    claims: CLAIMS,
    async guest(name = 'Khách Lạ'): Promise<Pick<Person, 'user' | 'accessToken'>> {
      return (await w.anybody.post('/auth/guest', { org: 'demo', name })).body
    },
    /** Somebody of the staff at their dashboard, counted as being there. */
    async sitDown(): Promise<AtClient> {
      const staff = await at(await w.as('staff'))
      await until(
        'they are online',
        async () => (await w.runtime.presence.online(staff.user.orgId, [staff.user.id])).length === 1,
      )
      return staff
    },
    /** Everything that was said by now has been answered and heard. */
    async quiet(...here: AtClient[]): Promise<void> {
      for (const { socket, accessToken } of here) await socket.asks('token', { token: accessToken })
      await w.settle()
      for (const { socket, accessToken } of here) await socket.asks('token', { token: accessToken })
    },
    leave: () => clients.leave(),
    async end(): Promise<void> {
      clients.leave()
      await w.end()
    },
  }
}
