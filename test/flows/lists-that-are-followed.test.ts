// Whatever happens, in whatever order, and however often the network goes away meanwhile: lists that are followed show at the end
// what reading them again shows.

import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { WebSocket } from 'ws'
import { DEMO_PASSWORD } from '../../shared/demonstration/seed.ts'
import { buildClient } from '../support/client-build.ts'
import { PEOPLE, tripOnItsDay, type Name } from '../support/people.ts'
import { choicesOf, seedOfThisRun, type Choices } from '../support/seed.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

const HISTORIES = 3
const STEPS = 25

/** Its types are held by the projects into which it is installed. */
type Client = any
type Act = (choices: Choices) => Promise<unknown>

describe('lists that are followed, under a history that a seed decides', function () {
  let w: World
  const open: Client[] = []
  const sockets: WebSocket[] = []
  class Cuttable extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols)
      sockets.push(this)
    }
  }
  let createClient: (options: object) => Client
  before(async () => {
    createClient = await buildClient()
    w = await aWorld()
  })
  after(async () => {
    for (const client of open) client.close()
    await w?.end()
  })

  async function clientOf(name: Name): Promise<Client> {
    const client = createClient({ url: w.url, WebSocket: Cuttable })
    open.push(client)
    await client.signIn({ emailOrPhone: PEOPLE[name], password: DEMO_PASSWORD })
    return client
  }

  const seed = seedOfThisRun()
  for (let history = 0; history < HISTORIES; history++)
    it(`apply what happens as reading again would (SEED=${seed + history})`, async () => {
      const choices = choicesOf(seed + history)
      const [employee, manager, staff] = [
        await clientOf('employee'),
        await clientOf('manager'),
        await clientOf('staff'),
      ]
      const { id: userId } = await manager.api.getAuthMe()
      const { id: roomId } = await employee.api.postChatConversationsWithUser({ body: { userId } })
      const lists: (readonly [string, Client, () => Promise<unknown>])[] = [
        ['bookings', employee.live.bookings(), () => employee.api.getBookings()],
        [
          'requests',
          employee.live.approvals({ as: 'requester' }),
          () => employee.api.getApprovals({ query: { as: 'requester' } }),
        ],
        [
          'asked',
          manager.live.approvals({ as: 'approver', status: 'PENDING' }),
          () => manager.api.getApprovals({ query: { as: 'approver', status: 'PENDING' } }),
        ],
        ['bell', employee.live.notifications(), () => employee.api.getNotifications()],
        ['tickets', employee.live.tickets(), () => employee.api.getSupports()],
        ['all tickets', staff.live.tickets(), () => staff.api.getSupports()],
        ['rooms', manager.live.rooms(), () => manager.api.getChatRooms()],
        [
          'messages',
          manager.live.messages(roomId),
          async () => (await manager.api.getChatRoomsByIdMessages({ path: { id: roomId } })).toReversed(),
        ],
      ]
      const acts = actsOf(employee, manager, staff, roomId)
      for (let step = 0; step < STEPS; step++) {
        await choices.oneOf(acts)(choices).catch(mustBeRefusal)
        if (choices.chance(0.15)) for (const socket of sockets.splice(0)) socket.terminate()
      }
      await w.settle()
      for (const [name, list, read] of lists) {
        await until(`${name} are live again`, async () => list.status === 'live')
        const isSame = async (): Promise<boolean> =>
          JSON.stringify(list.get()) === JSON.stringify(await read())
        await until(`${name} are as they are read`, isSame).catch(() => undefined)
        expect(list.get(), name).to.deep.equal(await read())
        list.close()
      }
    })
})

/** Two of them may contradict each other: what was decided is decided once. */
function mustBeRefusal(error: unknown): void {
  const status: unknown = Reflect.get(Object(error), 'status')
  if (typeof status !== 'number' || status < 400 || status >= 500) throw error
}

/** Where there is none, of something that there is not: that is refused, too. */
const idOf = (choices: Choices, rows: readonly { id: string }[]): string =>
  rows.length > 0 ? choices.oneOf(rows).id : randomUUID()

function actsOf(employee: Client, manager: Client, staff: Client, roomId: string): readonly Act[] {
  const room = { path: { id: roomId } }
  return [
    () => employee.api.postBookings({ body: tripOnItsDay() }),
    async (choices) => {
      const id = idOf(choices, await employee.api.getBookings())
      await employee.api.postBookingsByIdCancel({ path: { id }, body: { reason: 'USER_REQUEST' } })
    },
    async (choices) => {
      const id = idOf(
        choices,
        await manager.api.getApprovals({ query: { as: 'approver', status: 'PENDING' } }),
      )
      if (choices.chance(0.5)) await manager.api.postApprovalsByIdApprove({ path: { id }, body: {} })
      else await manager.api.postApprovalsByIdReject({ path: { id }, body: { notes: 'Để sau' } })
    },
    () => employee.api.postSupports({ body: { description: 'Hỏng đèn' } }),
    async (choices) => {
      const id = idOf(choices, await staff.api.getSupports())
      await staff.api.patchSupportsById({
        path: { id },
        body: { status: choices.oneOf(['in_progress', 'closed'] as const) },
      })
    },
    async (choices) => {
      const id = idOf(choices, await staff.api.getSupports())
      await staff.api.deleteSupportsById({ path: { id } })
    },
    () => employee.api.postChatRoomsByIdMessages({ ...room, body: { content: 'Chào anh' } }),
    () => manager.api.postChatRoomsByIdMessages({ ...room, body: { content: 'Chào chị' } }),
    async (choices) => {
      const id = idOf(choices, await employee.api.getChatRoomsByIdMessages(room))
      if (choices.chance(0.5)) await employee.api.deleteChatMessagesById({ path: { id } })
      else await employee.api.patchChatMessagesById({ path: { id }, body: { content: 'Chào anh ạ' } })
    },
    () => employee.api.postChatRoomsByIdRead({ ...room, body: {} }),
    async (choices) => {
      const id = idOf(choices, await employee.api.getNotifications())
      if (choices.chance(0.5)) await employee.api.patchNotificationsByIdRead({ path: { id } })
      else await employee.api.deleteNotificationsById({ path: { id } })
    },
    () => employee.api.postNotificationsReadAll(),
  ]
}
