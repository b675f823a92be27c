// What people are shown of their rooms, and how far they page.

import { expect } from 'chai'
import type { Reply } from '../support/client.ts'
import { mustBeProblem, problemsIn } from '../support/problems.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const idsOf = ({ body }: Reply): string[] => body.map(({ id }: { id: string }) => id)
const seqsOf = ({ body }: Reply): number[] => body.map(({ seq }: { seq: number }) => seq)
const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.abs(to - from) + 1 }, (_, at) => (from < to ? from + at : from - at))

describe('the list of rooms', () => {
  let w: World
  let admin: Person
  let employee: Person
  const rooms: Record<string, string> = {}
  before(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    ;[admin, employee] = [await w.as('admin'), await w.as('employee')]
    const inRooms = [employee.user.id]
    for (const [key, name, type] of [
      ['percent', 'Giảm 100% giá', 'custom'],
      ['underscore', 'xe_51', 'operational'],
      ['backslash', String.raw`đường\dẫn`, 'department'],
      ['plain', 'Giảm 1000 giá xe 51', 'custom'],
    ] as const) {
      rooms[key] = (await admin.post('/chat/groups', { name, type, memberIds: inRooms })).body.id
    }
    rooms['manager'] = (
      await employee.post('/chat/conversations/with-user', { userId: (await w.as('manager')).user.id })
    ).body.id
    rooms['driver'] = (
      await employee.post('/chat/conversations/with-user', { userId: (await w.as('driver')).user.id })
    ).body.id
    await (await w.as('driver')).put(`/chat/rooms/${rooms['driver']}/archive`, {})
    for (const key of ['plain', 'manager', 'percent', 'backslash', 'underscore']) {
      await w.advance('1 minute')
      await employee.post(`/chat/rooms/${rooms[key]}/messages`, { content: `Về ${key}` })
    }
    await w.advance('1 minute')
    rooms['empty'] = (await admin.post('/chat/groups', { name: 'Trống', memberIds: inRooms })).body.id
  })
  after(() => w.end())

  const list = (query = '', by = employee): Promise<Reply> => by.get(`/chat/rooms${query}`)
  const named = (...keys: string[]): string[] => keys.map((key) => rooms[key] ?? '')

  it('begins with the newest activity: a word said, or the room made', async () => {
    expect(idsOf(await list())).to.deep.equal(
      named('empty', 'underscore', 'backslash', 'percent', 'manager', 'plain', 'driver'),
    )
    await w.advance('1 minute')
    await admin.post(`/chat/rooms/${rooms['plain']}/messages`, { content: 'Lại đây' })
    expect(idsOf(await list())[0]).to.equal(rooms['plain'])
  })

  it('says of each what was said last, in at most a hundred characters, how much is unread, and who is in it', async () => {
    const content = `${'👨‍👩‍👧'.repeat(19)} và tất cả mọi người trong nhà`
    const { body: message } = await admin.post(`/chat/rooms/${rooms['empty']}/messages`, { content })
    const { body: room } = await employee.get(`/chat/rooms/${rooms['empty']}`)
    expect(room).to.deep.include({ lastSeq: 1, unreadCount: 1, lastMessageAt: message.createdAt })
    expect(room.lastMessage).to.deep.equal({
      id: message.id,
      seq: 1,
      senderId: admin.user.id,
      messageType: 'text',
      content: `${'👨‍👩‍👧'.repeat(19)} và …`,
      createdAt: message.createdAt,
    })
    expect(room.members).to.have.deep.members([
      { userId: admin.user.id, roleInRoom: 'admin', fullName: admin.user.fullName, role: 'ADMIN' },
      { userId: employee.user.id, roleInRoom: 'member', fullName: employee.user.fullName, role: 'EMPLOYEE' },
    ])
    expect(
      (await list('?limit=100')).body.find(({ id }: { id: string }) => id === rooms['empty']),
    ).to.deep.equal(room)
    await admin.delete(`/chat/messages/${message.id}`)
    expect((await employee.get(`/chat/rooms/${rooms['empty']}`)).body).to.deep.include({
      unreadCount: 0,
      lastMessage: { ...room.lastMessage, content: '' },
    })
  })

  for (const [query, keys] of [
    ['?kind=DIRECT', ['manager', 'driver']],
    ['?kind=TEAM', []],
    ['?type=operational', ['underscore']],
    ['?status=ARCHIVED', ['driver']],
    ['?isActive=false', ['driver']],
    ['?is_active=false', ['driver']],
    ['?kind=DIRECT&isActive=true', ['manager']],
    ['?status=ACTIVE&type=department', ['backslash']],
    ['?search=xe_51', ['underscore']],
    ['?search=XE_', ['underscore']],
    ['?search=100%25', ['percent']],
    ['?search=%25', ['percent']],
    ['?search=%5C', ['backslash']],
    ['?search=1000', ['plain']],
    ["?search='%20or%20true", []],
  ] as const) {
    it(`shows with ${query} ${keys.join(' and ') || 'nothing'}`, async () => {
      const reply = await list(query)
      expect(idsOf(reply)).to.have.members(named(...keys))
      expect(reply.headers.get('x-total-count')).to.equal(String(keys.length))
    })
  }

  it("finds rooms by the names of the others in them, not by one's own", async () => {
    const manager = await w.as('manager')
    expect(
      idsOf(await list(`?search=${encodeURIComponent(manager.user.fullName.toUpperCase())}`)),
    ).to.deep.equal(named('manager'))
    expect(idsOf(await list(`?search=${encodeURIComponent(employee.user.fullName)}`))).to.deep.equal([])
  })

  it('comes in pages that link to one another, and says how many there are', async () => {
    const all = idsOf(await list('?limit=100'))
    const first = await list('?limit=3&isActive=true')
    expect(first.headers.get('x-total-count')).to.equal('6')
    expect(first.headers.get('link')).to.match(
      /^<[^>]*\/chat\/rooms\?limit=3&isActive=true&cursor=[\w-]+>; rel="next"$/,
    )
    const last = await list('?limit=3&isActive=true&offset=3')
    expect(last.headers.get('link')).to.match(/offset=0>; rel="prev"$/)
    expect([...idsOf(first), ...idsOf(last)]).to.deep.equal(all.filter((id) => id !== rooms['driver']))
  })

  it('says from where its events go on', async () => {
    for (const path of [
      '/chat/rooms',
      `/chat/rooms/${rooms['plain']}`,
      `/chat/rooms/${rooms['plain']}/messages`,
      '/chat/conversations',
      `/chat/conversations/${rooms['manager']}`,
      `/chat/conversations/${rooms['manager']}/messages`,
      '/chat/groups',
      `/chat/groups/${rooms['plain']}`,
    ]) {
      expect((await employee.get(path)).headers.get('x-cursor'), path)
        .to.be.a('string')
        .and.not.equal('')
    }
  })

  it('has its conversations and its groups apart', async () => {
    expect(idsOf(await employee.get('/chat/conversations'))).to.have.members(named('manager', 'driver'))
    expect((await employee.get('/chat/conversations')).headers.get('x-total-count')).to.equal('2')
    expect(idsOf(await employee.get('/chat/groups'))).to.have.members(
      named('percent', 'underscore', 'backslash', 'plain', 'empty'),
    )
    mustBeProblem(await employee.get(`/chat/conversations/${rooms['plain']}`), 404)
    mustBeProblem(await employee.get(`/chat/groups/${rooms['manager']}`), 404)
  })

  it('refuses what it does not understand', async () => {
    expect(problemsIn(await list('?kind=CIRCLE&isActive=perhaps&limit=101&search=&before=1'))).to.deep.equal([
      '/query/before is unknown',
      '/query/isActive must be boolean',
      '/query/kind must be one of BOOKING, DIRECT, PAIRED, GROUP, SUPPORT, TEAM',
      '/query/limit must be <= 100',
      '/query/search must NOT have fewer than 1 characters',
      '/query/search must not be blank',
    ])
  })
})

describe('the messages of a room', () => {
  const SAID = 45
  let w: World
  let employee: Person
  let manager: Person
  let roomId: string
  before(async () => {
    w = await aWorld({ with: ['api'] })
    ;[employee, manager] = [await w.as('employee'), await w.as('manager')]
    roomId = (await employee.post('/chat/conversations/with-user', { userId: manager.user.id })).body.id
    for (const n of range(1, SAID))
      await (n % 2 ? employee : manager).post(`/chat/rooms/${roomId}/messages`, { content: `Lời ${n}` })
  })
  after(() => w.end())

  const read = (query: string): Promise<Reply> => employee.get(`/chat/rooms/${roomId}/messages${query}`)

  for (const [query, seqs] of [
    ['', range(45, 1)],
    ['?limit=3', [45, 44, 43]],
    ['?limit=3&offset=3', [42, 41, 40]],
    ['?before=3', [2, 1]],
    ['?before=1', []],
    ['?before=45&limit=2', [44, 43]],
    ['?after=0&limit=2', [1, 2]],
    ['?after=43', [44, 45]],
    ['?after=45', []],
    ['?after=10&before=14', [11, 12, 13]],
    ['?offset=44', [1]],
    ['?offset=1000', []],
    ['?before=2147483647&limit=1', [45]],
    ['?after=2147483647', []],
  ] as const) {
    it(`are with ${query || 'nothing said'}: ${seqs.join(', ') || 'none'}`, async () =>
      expect(seqsOf(await read(query))).to.deep.equal(seqs))
  }

  it('are counted, and link to the next page', async () => {
    const { headers } = await read('?limit=10&offset=10')
    expect(headers.get('x-total-count')).to.equal(String(SAID))
    expect(headers.get('link')).to.match(/offset=20>; rel="next", .*offset=0>; rel="prev"$/)
    expect((await read('?after=0&limit=10')).headers.get('x-total-count')).to.equal(null)
    expect((await read('?offset=40')).headers.get('link')).not.to.include('next')
  })

  it('come for a conversation in pages, the newest first, and inside of a page the oldest first', async () => {
    const page = async (query: string): Promise<any> =>
      (await employee.get(`/chat/conversations/${roomId}/messages${query}`)).body
    const first = await page('?limit=20')
    expect([seqsOf({ body: first.messages } as Reply), { ...first, messages: [] }]).to.deep.equal([
      range(26, 45),
      { messages: [], total: SAID, page: 1, pageSize: 20, hasMore: true },
    ])
    const last = await page('?limit=20&page=3')
    expect([seqsOf({ body: last.messages } as Reply), { ...last, messages: [] }]).to.deep.equal([
      range(1, 5),
      { messages: [], total: SAID, page: 3, pageSize: 20, hasMore: false },
    ])
    expect(await page('?limit=15&page=3')).to.include({ hasMore: false })
    expect(await page('?page=100000&limit=100')).to.deep.equal({
      messages: [],
      total: SAID,
      page: 100_000,
      pageSize: 100,
      hasMore: false,
    })
    expect(await page('')).to.include({ page: 1, pageSize: 50 })
  })

  it('speak the spelling in which they are asked', async () => {
    const { body } = await employee.post('/chat/messages', {
      chat_room_id: roomId,
      content: 'Gạch dưới',
      message_type: 'text',
      client_msg_id: 'snake-1',
      metadata: { seatsLeft: 3, seats_right: 4 },
    })
    expect(body).to.deep.include({
      room_id: roomId,
      sender_id: employee.user.id,
      client_msg_id: 'snake-1',
      is_edited: false,
      read_by: [],
      metadata: { seatsLeft: 3, seats_right: 4 },
    })
    expect((await read('?keys=snake&limit=1')).body[0]).to.deep.equal(body)
    expect(
      (await employee.get(`/chat/conversations/${roomId}/messages?keys=snake&limit=1`)).body,
    ).to.have.all.keys('messages', 'total', 'page', 'page_size', 'has_more')
    expect((await employee.get('/chat/rooms?keys=snake')).body[0]).to.include.keys(
      'unread_count',
      'last_message',
      'resource_id',
    )
    await manager.post(`/chat/rooms/${roomId}/read`, { up_to: 46 })
    expect((await employee.get(`/chat/rooms/${roomId}/messages?limit=1`)).body[0].readBy).to.deep.equal([
      manager.user.id,
    ])
  })

  it('are read up to a number, in whatever order that is told', async () => {
    const unread = async (): Promise<number> => (await manager.get(`/chat/rooms/${roomId}`)).body.unreadCount
    await employee.post(`/chat/rooms/${roomId}/messages`, { content: 'Nữa' })
    const { body: message } = await employee.post(`/chat/rooms/${roomId}/messages`, { content: 'Và nữa' })
    expect(await unread()).to.equal(2)
    expect(
      (await manager.put(`/chat/rooms/${roomId}/messages/read`, { upTo: message.seq - 1 })).body,
    ).to.deep.equal({ success: true })
    expect(await unread()).to.equal(1)
    expect((await manager.post(`/chat/rooms/${roomId}/read`, { upTo: 1 })).body).to.deep.equal({
      success: true,
    })
    expect(await unread()).to.equal(1)
    expect((await manager.patch(`/chat/messages/${message.id}/read`)).body).to.deep.equal({ success: true })
    expect(await unread()).to.equal(0)
    expect((await manager.post(`/chat/rooms/${roomId}/delivered`, { upTo: 2147483647 })).body).to.deep.equal({
      success: true,
    })
  })

  it('are refused with numbers that no message has', async () => {
    for (const query of [
      'before=0',
      'before=2147483648',
      'before=99999999999',
      'after=-1',
      'after=2147483648',
      'before=x',
    ])
      mustBeProblem(await read(`?${query}`), 400, 'malformed')
    for (const upTo of [0, -1, 1.5, 2147483648, '3']) {
      for (const path of ['read', 'delivered'])
        mustBeProblem(await employee.post(`/chat/rooms/${roomId}/${path}`, { upTo }), 400, 'malformed')
    }
  })

  const wrong: readonly [string, object, number][] = [
    ['nothing', {}, 400],
    ['nothing but space', { content: ' \n ' }, 400],
    ['nothing but control characters', { content: '\u0001\u0007' }, 400],
    ['5001 characters', { content: 'x'.repeat(5001) }, 400],
    ['a type that Bellhop keeps for itself', { content: 'x', messageType: 'schedule_change' }, 400],
    ['an author', { content: 'x', author: 'somebody' }, 400],
    ['a clientMsgId with a space', { content: 'x', clientMsgId: 'a b' }, 400],
    ['metadata of more than 4 KiB', { content: 'x', metadata: { a: 'x'.repeat(4096) } }, 400],
    ['metadata with what no database keeps', { content: 'x', metadata: { a: '\u0000' } }, 400],
    ['metadata with half a character', { content: 'x', metadata: { '\ud800': 1 } }, 400],
    ['an answer to nothing', { content: 'x', replyTo: '00000000-0000-4000-8000-000000000000' }, 422],
    ['a file that is none', { content: 'x', attachments: ['00000000-0000-4000-8000-000000000000'] }, 422],
  ]
  for (const [what, body, status] of wrong) {
    it(`do not take ${what}`, async () => {
      const before = (await employee.get(`/chat/rooms/${roomId}`)).body.lastSeq
      mustBeProblem(await employee.post(`/chat/rooms/${roomId}/messages`, body), status)
      expect((await employee.get(`/chat/rooms/${roomId}`)).body.lastSeq).to.equal(before)
    })
  }

  it('are kept as they were written, and answered as they are kept', async () => {
    const { body } = await employee.post(`/chat/rooms/${roomId}/messages`, {
      content: '  Tie\u0302\u0301ng Vie\u0323\u0302t\r\n<b>\u0007</b> ',
    })
    expect(body.content).to.equal('Tiếng Việt\n<b></b>')
    expect((await read('?limit=1')).body[0]).to.deep.equal(body)
  })

  it('are known by an Idempotency-Key as by a clientMsgId', async () => {
    const say = (content: string, key: string): Promise<Reply> =>
      employee.post(`/chat/rooms/${roomId}/messages`, { content }, { 'idempotency-key': key })
    const [one, two] = [await say('Một', 'key-1'), await say('Một', 'key-1')]
    expect([two.status, two.body]).to.deep.equal([201, one.body])
    expect(one.body.clientMsgId).to.equal('key-1')
    mustBeProblem(await say('Hai', 'key-1'), 422)
    mustBeProblem(await say('Ba', 'k'.repeat(201)), 400, 'malformed')
    mustBeProblem(await say('Ba', 'a key'), 400, 'malformed')
  })
})
