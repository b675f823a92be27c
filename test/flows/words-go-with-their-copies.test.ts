import { expect } from 'chai'
import { notifyAbsentMembers } from '../../shared/chat/actions/alert.ts'
import { readEntries } from '../../shared/kit/store/log-redaction.ts'
import { caller, type Caller } from '../support/client.ts'
import { gate, untilItWaits } from '../support/gate.ts'
import { formWith, PNG } from '../support/upload.ts'
import { openSocket, type Frame, type Socket } from '../support/socket.ts'
import { tracesOf } from '../support/traces.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const MARK = 'lời-phải-mất-7431'

describe('what somebody took back', () => {
  let w: World
  let people: Record<'employee' | 'manager' | 'staff' | 'admin', Person>
  let guest: Caller & { id: string }
  let roomId: string
  let deskId: string
  let hello: Frame
  const sockets: Socket[] = []
  beforeEach(async () => {
    w = await aWorld({ listens: true })
    people = {
      employee: await w.as('employee'),
      manager: await w.as('manager'),
      staff: await w.as('staff'),
      admin: await w.as('admin'),
    }
    const { body } = await w.anybody.post('/auth/guest', {
      org: 'demo',
      name: `Khách ${MARK}`,
      email: 'khach@example.com',
    })
    guest = { ...caller(w.url, body.accessToken), id: body.user.id }
    roomId = (await people.employee.post('/chat/conversations/with-user', { userId: people.manager.user.id }))
      .body.id
    deskId = (await guest.post('/chat/rooms/create', {})).body.id
    const socket = await connect(people.manager)
    hello = socket.hello
    await socket.socket.close()
  })
  afterEach(async () => {
    await Promise.all(sockets.splice(0).map((socket) => socket.close()))
    await w.end()
  })

  async function connect(by: Person): Promise<{ socket: Socket; hello: Frame }> {
    const socket = await openSocket(w.socketUrl, { headers: { authorization: `Bearer ${by.accessToken}` } })
    sockets.push(socket)
    return { socket, hello: await socket.next((frame) => frame.t === 'hello') }
  }

  /** What somebody who comes back is told of what they missed, once their node knows of all of it. */
  async function resumed(by: Person, from: Frame): Promise<Frame[]> {
    const { socket } = await connect(by)
    socket.send({ c: 'resume', ref: 1, data: { cursor: from['cursor'], epochs: from['epochs'] } })
    await socket.next((frame) => frame.t === 'resumed')
    await socket.close()
    return socket.frames.filter(({ t }) => t === 'event')
  }

  /** In a room of two, where it becomes a notification, and at the desk, where it becomes a question that nobody answered. */
  async function sayEverywhere(): Promise<{ said: string; asked: string }> {
    const { body: said } = await people.employee.post(
      `/chat/rooms/${roomId}/messages`,
      { content: `Nói ${MARK}`, metadata: { ghi: MARK } },
      { 'idempotency-key': 'mot' },
    )
    const { body: asked } = await guest.post(
      `/chat/rooms/${deskId}/messages`,
      { content: `Bao giờ thì có ${MARK} ở cửa hàng` },
      { 'idempotency-key': 'hai' },
    )
    await w.settle()
    return { said: said.id, asked: asked.id }
  }

  it('is gone from every table, every key and every answer, and who comes back is told what is left', async () => {
    const { said, asked } = await sayEverywhere()
    expect(await tracesOf(w, [`Nói ${MARK}`, `có ${MARK}`])).to.include.members([
      'messages',
      'notifications',
      'redis {.log.#}:entries',
      'unanswered_questions',
    ])
    expect((await people.employee.delete(`/chat/messages/${said}`)).status).to.equal(200)
    expect((await guest.delete(`/chat/messages/${asked}`)).status).to.equal(200)
    await w.settle()
    expect(await tracesOf(w, [`Nói ${MARK}`, `có ${MARK}`, `"ghi"`])).to.deep.equal([])
    await until(
      'the node has read of it',
      async () => !JSON.stringify(await resumed(people.manager, hello)).includes(MARK),
    )
    const created = (await resumed(people.manager, hello)).filter(({ ev }) => ev === 'message.created')
    expect(created.map(({ data }) => [data.id, data.content, data.deletedAt !== null])).to.deep.equal([
      [said, '', true],
    ])
    const again = await people.employee.post(
      `/chat/rooms/${roomId}/messages`,
      { content: `Nói ${MARK}`, metadata: { ghi: MARK } },
      { 'idempotency-key': 'mot' },
    )
    expect([again.status, again.body.id, JSON.stringify(again.body).includes(MARK)]).to.deep.equal([
      201,
      said,
      false,
    ])
  })

  it('is not in what people are told at the very moment at which it is deleted', async () => {
    const { body: said } = await people.employee.post(`/chat/rooms/${roomId}/messages`, {
      content: `Nói ${MARK}`,
    })
    await w.settle()
    const [told, mayCommit] = [gate(), gate()]
    const telling = w.change(async (change) => {
      await notifyAbsentMembers(change, said.id)
      told.open()
      await mayCommit.opened
    })
    await told.opened
    const deleting = people.employee.delete(`/chat/messages/${said.id}`)
    await untilItWaits(
      w,
      deleting.then(() =>
        until(
          'its copies are looked for',
          async () => (await w.runtime.db('jobs').where({ name: 'chat.forgetCopies' })).length === 0,
        ),
      ),
    )
    mayCommit.open()
    await Promise.all([telling, deleting])
    await w.settle()
    expect(await tracesOf(w, [`Nói ${MARK}`])).to.deep.equal([])
  })

  it('and wrote anew is told in its new words only', async () => {
    const { said } = await sayEverywhere()
    await people.employee.patch(`/chat/messages/${said}`, { content: 'Nói khác' })
    await w.settle()
    expect(await tracesOf(w, [`Nói ${MARK}`])).to.deep.equal([])
    await until(
      'the node has read of it',
      async () => !JSON.stringify(await resumed(people.manager, hello)).includes(`Nói ${MARK}`),
    )
    const told = (await resumed(people.manager, hello)).filter(({ ev }) => ev?.startsWith('message.'))
    expect(told.map(({ ev, data }) => [ev, data.content])).to.deep.equal([
      ['message.created', 'Nói khác'],
      ['message.changed', 'Nói khác'],
    ])
    const numbers = told.map(({ id }) => Number(id?.split(':')[1]))
    expect(numbers).to.deep.equal(numbers.toSorted((a, b) => a - b))
  })

  it('is read without a hole by a node that starts afterwards, and by one that never had it in memory', async () => {
    const { said } = await sayEverywhere()
    await people.employee.delete(`/chat/messages/${said}`)
    await people.employee.post(`/chat/rooms/${roomId}/messages`, { content: 'Sau đó' })
    await w.settle()
    const partition = w.runtime.stream.partitionOf(`room:${roomId}`)
    const { cursor } = await w.runtime.stream.positions([`room:${roomId}`])
    const entries = await readEntries(w.runtime.redis, w.runtime.stream, partition, 1, cursor[partition] ?? 0)
    expect(entries.map(({ seq }) => seq)).to.deep.equal(
      Array.from({ length: cursor[partition] ?? 0 }, (_, at) => at + 1),
    )
    for (const [at, entry] of entries.entries())
      if (at > 0) expect(entry.after).to.equal(entries[at - 1]?.mark)
  })

  it('goes with the person who is erased, whatever they wrote and are called; what others wrote stays', async () => {
    await sayEverywhere()
    await guest.post('/chat/rooms/create', {}, { 'idempotency-key': 'ba' })
    expect(await tracesOf(w, [`Khách ${MARK}`])).to.include.members([
      'idempotency_keys',
      'rooms',
      'users',
      'redis {.log.#}:entries',
    ])
    await people.staff.post(`/chat/rooms/${deskId}/messages`, { content: 'Chào bạn' })
    await people.manager.post(`/chat/rooms/${roomId}/messages`, { content: 'Lời của quản lý' })
    const { body: file } = await guest.post('/chat/attachments', formWith(PNG, `anh-${MARK}.png`))
    await guest.post(`/chat/rooms/${deskId}/messages`, { content: 'Ảnh', attachments: [file.id] })
    await w.settle()
    expect((await people.admin.post(`/users/${guest.id}/erase`)).status).to.equal(201)
    await w.settle()
    expect(
      await tracesOf(w, [`có ${MARK}`, `Khách ${MARK}`, `anh-${MARK}`, 'khach@example.com']),
    ).to.deep.equal([])
    expect(await tracesOf(w, ['Lời của quản lý'])).to.include('messages')
    expect(await tracesOf(w, [`Nói ${MARK}`])).to.include('messages')
  })
})
