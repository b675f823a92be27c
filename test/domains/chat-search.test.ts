import { expect } from 'chai'
import { aWorld, type Person, type World } from '../support/world.ts'

interface Found {
  message: { id: string; content: string; seq: number; deletedAt: string | null }
  room: { id: string; kind: string }
  parts: { text: string; isMatch: boolean }[]
}

describe('searching messages', () => {
  let w: World
  let employee: Person
  let manager: Person
  let roomId: string
  const say = async (person: Person, content: string, into = roomId): Promise<string> => {
    const { status, body } = await person.post(`/chat/rooms/${into}/messages`, { content })
    expect(status).to.equal(201)
    await w.advance('1 seconds')
    return body.id
  }
  const search = async (person: Person, q: string, more = ''): Promise<Found[]> => {
    const { status, body } = await person.get(`/chat/messages/search?q=${encodeURIComponent(q)}${more}`)
    expect(status).to.equal(200)
    return body
  }
  const texts = async (person: Person, q: string, more = ''): Promise<string[]> =>
    (await search(person, q, more)).map(({ message }) => message.content)
  const roomOf = async (one: Person, other: Person): Promise<string> =>
    (await one.post('/chat/conversations/with-user', { userId: other.user.id })).body.id

  before(async () => {
    w = await aWorld()
    employee = await w.as('employee')
    manager = await w.as('manager')
    roomId = await roomOf(employee, manager)
    for (const content of ['Đường về nhà', 'duong ve nha', 'Đương nhiên rồi', 'Không có gì'])
      await say(employee, content)
  })
  after(() => w.end())

  it('finds what was written with accents by what is typed without them, and the other way round', async () => {
    expect(await texts(employee, 'khong co gi')).to.deep.equal(['Không có gì'])
    expect(await texts(manager, 'dường nhà ')).to.have.members(['Đường về nhà', 'duong ve nha'])
  })

  it('puts exactly these accents first, and of each the newest', async () => {
    expect(await texts(employee, 'đường')).to.deep.equal(['Đường về nhà', 'Đương nhiên rồi', 'duong ve nha'])
    expect(await texts(employee, 'duong')).to.deep.equal(['duong ve nha', 'Đương nhiên rồi', 'Đường về nhà'])
  })

  it('does not care for capitals, nor for how a keyboard composes letters', async () => {
    const asTyped = await texts(employee, 'đường')
    for (const q of ['ĐƯỜNG', 'đường'.normalize('NFD'), 'ĐƯỜNG'.normalize('NFD')])
      expect(await texts(employee, q)).to.deep.equal(asTyped)
  })

  it('finds the last word while it is being typed, and all words have to be there', async () => {
    expect(await texts(employee, 'khong c')).to.deep.equal(['Không có gì'])
    expect(await texts(employee, 'kho nhà')).to.deep.equal([])
    expect(await texts(employee, '?!')).to.deep.equal([])
  })

  it('says which parts of the text were found', async () => {
    const [found] = await search(employee, 'gi')
    expect(found?.parts).to.deep.equal([
      { text: 'Không có ', isMatch: false },
      { text: 'gì', isMatch: true },
    ])
    expect(found?.room).to.include({ id: roomId, kind: 'DIRECT' })
  })

  it('looks only into rooms that one is in, and no longer into one that was left', async () => {
    expect(await texts(await w.as('sic'), 'duong')).to.deep.equal([])
    expect(await texts(await w.as('foreigner'), 'duong')).to.deep.equal([])
    const admin = await w.as('admin')
    const { body: group } = await admin.post('/chat/groups', { name: 'Đội xe', memberIds: [manager.user.id] })
    await say(admin, 'Sân bay chiều nay', group.id)
    expect(await texts(manager, 'san bay')).to.deep.equal(['Sân bay chiều nay'])
    expect(await texts(manager, 'san bay', `&roomId=${roomId}`)).to.deep.equal([])
    expect((await employee.get(`/chat/messages/search?q=san&roomId=${group.id}`)).status).to.equal(404)
    await manager.post(`/chat/groups/${group.id}/leave`)
    expect(await texts(manager, 'san bay')).to.deep.equal([])
    expect((await manager.get(`/chat/messages/search?q=san&roomId=${group.id}`)).status).to.equal(404)
    expect(await texts(admin, 'san bay')).to.have.length(1)
  })

  it('finds what was changed by its new text only, and what was deleted not at all', async () => {
    const id = await say(employee, 'Hẹn gặp ở Huế')
    await employee.patch(`/chat/messages/${id}`, { content: 'Hẹn gặp ở Vinh' })
    expect(await texts(manager, 'hue')).to.deep.equal([])
    expect(await texts(manager, 'vinh')).to.deep.equal(['Hẹn gặp ở Vinh'])
    await employee.delete(`/chat/messages/${id}`)
    expect(await texts(manager, 'vinh')).to.deep.equal([])
    expect(await texts(manager, 'hẹn')).to.deep.equal([])
  })

  it('finds words inside of scripts without spaces, in full width, and whatever invisible signs stand in them', async () => {
    for (const content of [
      '明日は東京駅の前で待ちます',
      '请问机场接送多少钱',
      'ไปสนามบินกี่โมงคะ',
      '고객센터에서 전화했어요',
      'ﾀｸｼｰを呼んで',
      'Ｂｏｏｋｉｎｇ １２３４５',
      'đặt\u200bxe nhé',
    ])
      await say(employee, content)
    for (const [q, found] of [
      ['東京', '明日は東京駅の前で待ちます'],
      ['駅', '明日は東京駅の前で待ちます'],
      ['东', undefined],
      ['机场接送', '请问机场接送多少钱'],
      ['สนามบิน', 'ไปสนามบินกี่โมงคะ'],
      ['센터', '고객센터에서 전화했어요'],
      ['센터'.normalize('NFD'), '고객센터에서 전화했어요'],
      ['タクシー', 'ﾀｸｼｰを呼んで'],
      ['booking 12345', 'Ｂｏｏｋｉｎｇ １２３４５'],
      ['datxe', 'đặt\u200bxe nhé'],
      ['１２３', 'Ｂｏｏｋｉｎｇ １２３４５'],
    ] as const)
      expect(await texts(manager, q), q).to.deep.equal(found ? [found] : [])
  })

  it('goes on from page to page, exact ones through to the loose ones, each once, while others write', async () => {
    const [director, driver] = [await w.as('director'), await w.as('driver')]
    const room = await roomOf(director, driver)
    for (let n = 0; n < 9; n++) await say(director, n % 3 === 0 ? `xe số ${n}` : `xẻ ${n}`, room)
    const all = await texts(driver, 'xe ')
    expect(all.slice(0, 3)).to.deep.equal(['xe số 6', 'xe số 3', 'xe số 0'])
    const read: string[] = []
    let next: string | undefined = '/chat/messages/search?q=xe%20&limit=2'
    while (next) {
      const { body, headers } = await driver.get(next)
      read.push(...body.map(({ message }: Found) => message.content))
      await say(director, 'xe mới', room)
      next = /<(?:\/api\/v1)?([^>]+)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
    }
    expect(read).to.deep.equal(all)
    const { status, body } = await driver.get('/chat/messages/search?q=xe&cursor=nonsense')
    expect(status).to.equal(400)
    expect(body.errors[0].path).to.equal('/query/cursor')
  })
})

describe('searching a long conversation', () => {
  let w: World
  before(async () => {
    w = await aWorld({ with: ['api'] })
  })
  after(() => w.end())

  it('finds the same by walking back and by the index: common words, rare words, and on every page', async () => {
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    const {
      body: { id: roomId },
    } = await employee.post('/chat/conversations/with-user', { userId: manager.user.id })
    const prefix = roomId.slice(0, 6)
    // Every message says "chào", every thousandth "chao"; one says something else, long ago.
    await w.runtime.db.raw(
      `insert into messages (room_id, seq, id, sender_id, content, terms, created_at)
       select :roomId, n, gen_random_uuid(), :senderId, case when n = 7 then 'hiếm có' when n % 1000 = 0 then 'chao' else 'chào' end,
         array_to_tsvector(case when n = 7 then array[:p || '=hiếm', :p || '~hiem', :p || '=có', :p
         || '~co'] when n % 1000 = 0 then array[:p || '=chao'] else array[:p || '=chào', :p || '~chao'] end),
         :now::timestamptz - (20000 - n) * interval '1 second'
       from generate_series(1, 12000) n`,
      { roomId, senderId: employee.user.id, p: prefix, now: w.clock.now() },
    )
    await w.runtime.db.raw('update rooms set last_seq = 12000 where id = ?', [roomId])
    const seqs = async (q: string, more = ''): Promise<number[]> =>
      (await manager.get(`/chat/messages/search?q=${encodeURIComponent(q)}${more}`)).body.map(
        ({ message }: Found) => message.seq,
      )
    expect(await seqs('chào ', '&limit=3')).to.deep.equal([11_999, 11_998, 11_997])
    expect(await seqs('hiem')).to.deep.equal([7])
    expect(await seqs('vắng')).to.deep.equal([])
    expect(await seqs('chao ', '&limit=14')).to.deep.equal([
      ...Array.from({ length: 12 }, (_, at) => 12_000 - at * 1000),
      11_999,
      11_998,
    ])
    const first = await manager.get('/chat/messages/search?q=chao%20&limit=13')
    const cursor = new URL(
      /<([^>]+)>/.exec(first.headers.get('link') ?? '')?.[1] ?? '',
      w.url,
    ).searchParams.get('cursor')
    expect(await seqs('chao ', `&limit=2&cursor=${cursor}`)).to.deep.equal([11_998, 11_997])
  })
})
