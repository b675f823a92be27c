import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import { WebSocket } from 'ws'
import { DEMO_PASSWORD } from '../../shared/demonstration/seed.ts'
import { buildClient } from '../support/client-build.ts'
import { PEOPLE, type Name } from '../support/people.ts'
import { PNG } from '../support/upload.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

/** Its types are held by the projects into which it is installed. */
type Bellhop = any

/** What a browser keeps through a reload. */
interface Kept {
  storage: {
    getItem(key: string): string | null
    setItem(key: string, value: string): void
    removeItem(key: string): void
  }
  files: {
    get(key: string): Promise<Blob | undefined>
    set(key: string, file: Blob): Promise<unknown>
    remove(key: string): Promise<unknown>
    keys(): Promise<string[]>
  }
}

function aDevice(): Kept {
  const [texts, files] = [new Map<string, string>(), new Map<string, Blob>()]
  return {
    storage: {
      getItem: (key) => texts.get(key) ?? null,
      setItem: (key, value) => void texts.set(key, value),
      removeItem: (key) => void texts.delete(key),
    },
    files: {
      get: async (key) => files.get(key),
      set: async (key, file) => files.set(key, file),
      remove: async (key) => files.delete(key),
      keys: async () => [...files.keys()],
    },
  }
}

describe('files of messages that are written without a network', () => {
  let w: World
  let createClient: (options: object) => Bellhop
  const open: Bellhop[] = []
  let network: 'there' | 'away' | 'answers get lost' = 'there'
  /** Of every answer to a file: whether it was sent anew. */
  let sent: boolean[] = []
  /** How often somebody tried to send something while the network was away. */
  let tried = 0
  /** What happens while the first file is on its way. */
  let meanwhile: (() => unknown) | undefined
  before(async () => {
    createClient = await buildClient()
    w = await aWorld({ env: { MAX_FILE_SIZE: '1000' } })
  })
  beforeEach(() => {
    network = 'there'
    sent = []
    tried = 0
    meanwhile = undefined
  })
  afterEach(() => {
    for (const client of open.splice(0)) client.close()
  })
  after(() => w?.end())

  const shaky: typeof fetch = async (asked, init) => {
    if (network === 'away') {
      if (init?.method === 'POST') tried++
      throw new TypeError('away')
    }
    const answer = await fetch(asked, init)
    if (String(asked).endsWith('/chat/attachments')) {
      sent.push(!answer.headers.has('Idempotency-Replayed'))
      const happens = meanwhile
      meanwhile = undefined
      await happens?.()
      if (network === 'answers get lost') throw new TypeError('lost')
    }
    return answer
  }

  const clientOn = (device: Kept, options: object = {}): Bellhop => {
    const client = createClient({ url: w.url, WebSocket, fetch: shaky, ...device, ...options })
    open.push(client)
    return client
  }
  async function signIn(name: Name, device = aDevice()): Promise<Bellhop> {
    const client = clientOn(device)
    await client.signIn({ emailOrPhone: PEOPLE[name], password: DEMO_PASSWORD })
    return client
  }
  async function roomOf(client: Bellhop, other: Name): Promise<{ roomId: string; list: Bellhop }> {
    const { id: roomId } = await client.api.postChatConversationsWithUser({
      body: { userId: await w.idOf(other) },
    })
    const list = client.live.messages(roomId)
    await until('the room is live', async () => list.status === 'live')
    return { roomId, list }
  }
  const png = (name: string): File => new File([Uint8Array.from(PNG)], name)
  const saidIn = async (roomId: string): Promise<{ content: string; attachments: { name: string }[] }[]> =>
    (await (await w.as('employee')).get(`/chat/rooms/${roomId}/messages?after=0`)).body
  const wordsIn = async (roomId: string): Promise<string[]> =>
    (await saidIn(roomId)).map(({ content }) => content)

  it('arrive once, in the order of their room, over lost answers and a reload, and hold up no other room', async () => {
    const device = aDevice()
    const client = await signIn('employee', device)
    const [{ roomId, list }, other] = [await roomOf(client, 'staff'), await roomOf(client, 'manager')]
    network = 'away'
    client.send.message(roomId, 'Một')
    client.send.message(roomId, 'Hai', [png('xe.png'), png('biển.png')])
    client.send.message(roomId, 'Ba')
    const [, draft] = list.drafts()
    expect(draft.files.map(({ name, size }: File) => [name, size])).to.deep.equal([
      ['xe.png', PNG.length],
      ['biển.png', PNG.length],
    ])
    network = 'answers get lost'
    await until('a file was sent, and nobody knows', async () => sent.length > 0)
    client.close()
    network = 'there'
    const again = clientOn(device)
    const reloaded = again.live.messages(roomId)
    again.send.message(other.roomId, 'Ở phòng khác')
    await until(
      'all of it stands',
      async () => (await saidIn(roomId)).length === 3 && reloaded.drafts().length === 0,
    )
    const [one, two, three] = await saidIn(roomId)
    expect([one?.content, two?.content, three?.content]).to.deep.equal(['Một', 'Hai', 'Ba'])
    expect(two?.attachments.map(({ name }) => name)).to.deep.equal(['xe.png', 'biển.png'])
    expect(sent.filter(Boolean), 'each was taken once').to.have.length(2)
    await until('the other room was not held up', async () =>
      (await wordsIn(other.roomId)).includes('Ở phòng khác'),
    )
    await until('nothing is left on the device', async () => (await device.files.keys()).length === 0)
    expect(device.storage.getItem('bellhop.outbox')).to.equal(null)
  })

  it('fail with their problem where they are refused, and hold up nothing that was said after them', async () => {
    const device = aDevice()
    const client = await signIn('employee', device)
    const { roomId, list } = await roomOf(client, 'driver')
    const large = client.send.message(roomId, 'Lớn quá', [new File([new Uint8Array(1001)], 'lớn.bin')])
    client.send.message(roomId, 'Sau đó')
    await until('it was refused', async () => list.drafts()[0]?.status === 'FAILED')
    expect(list.drafts()[0].problem).to.include({ status: 413, code: 'too_large' })
    await until('what follows was said', async () => (await wordsIn(roomId)).includes('Sau đó'))
    expect(await device.files.keys()).to.have.length(1)
    client.send.discard(large.clientMsgId)
    expect(list.drafts()).to.deep.equal([])
    await until('its bytes are gone', async () => (await device.files.keys()).length === 0)
  })

  it('are taken back by whoever wrote them', async () => {
    const device = aDevice()
    const client = await signIn('employee', device)
    const { roomId, list } = await roomOf(client, 'sic')
    network = 'away'
    const { clientMsgId } = client.send.message(roomId, 'Nhầm', [png('nhầm.png')])
    client.send.message(roomId, 'Đúng')
    client.send.discard(clientMsgId)
    network = 'there'
    await until('the other one was said', async () => list.drafts().length === 0)
    expect(await wordsIn(roomId)).to.deep.equal(['Đúng'])
    await until('its bytes are gone', async () => (await device.files.keys()).length === 0)
  })

  it('say that the device has no room for them, and go when the network is back', async () => {
    const device = aDevice()
    device.files.set = async () => {
      throw new DOMException('The quota has been exceeded', 'QuotaExceededError')
    }
    const client = await signIn('employee', device)
    const { roomId, list } = await roomOf(client, 'owner')
    network = 'away'
    const { clientMsgId } = client.send.message(roomId, 'Đầy', [png('đầy.png')])
    await until('it says so', async () => list.drafts()[0]?.problem?.code === 'no_room')
    network = 'there'
    client.send.retry(clientMsgId)
    await until('it stands', async () => (await saidIn(roomId)).length === 1)
    expect((await saidIn(roomId))[0]?.attachments.map(({ name }) => name)).to.deep.equal(['đầy.png'])
  })

  it('are not kept beyond 100 MB, which is said', async () => {
    const device = aDevice()
    const client = await signIn('employee', device)
    const { roomId, list } = await roomOf(client, 'supervisor')
    const part = new Blob([new Uint8Array(1024 * 1024)])
    const large = (parts: number): File => new File(Array<Blob>(parts).fill(part), 'lớn.bin')
    network = 'away'
    client.send.message(roomId, 'Vừa', [large(60)])
    client.send.message(roomId, 'Quá', [large(41)])
    client.send.discard(list.drafts()[0].clientMsgId)
    await until('it says so', async () => list.drafts()[0]?.problem?.code === 'no_room')
    await until('nothing of it is kept', async () => (await device.files.keys()).length === 0)
  })

  it('are said to be gone when the device lost them, once no other tab can be at keeping them', async () => {
    const device = aDevice()
    const client = await signIn('employee', device)
    const { roomId } = await roomOf(client, 'admin')
    network = 'away'
    client.send.message(roomId, 'Mất', [png('mất.png')])
    await until('it was tried', async () => tried > 0)
    client.close()
    const lost = { ...aDevice(), storage: device.storage }
    network = 'there'
    const other = clientOn(lost)
    other.send.message(roomId, 'Chờ')
    await other.api.getAuthMe()
    const list = other.live.messages(roomId)
    await until('the room is live', async () => list.status === 'live')
    expect(list.drafts().map(({ status }: Bellhop) => status)).to.deep.equal(['SENDING', 'SENDING'])
    const [draft, ...later] = JSON.parse(device.storage.getItem('bellhop.outbox') ?? '[]')
    const writtenAt = new Date(Date.now() - 61_000).toISOString()
    device.storage.setItem('bellhop.outbox', JSON.stringify([{ ...draft, writtenAt }, ...later]))
    await until('it says so', async () => list.drafts()[0]?.problem?.code === 'file_gone')
    await until('what follows was said', async () => (await wordsIn(roomId)).includes('Chờ'))
  })

  it('stay whose they are where the page gives the tokens: whoever comes next neither sees nor sends them', async () => {
    const device = aDevice()
    const [mine, other] = [await w.as('employee'), await w.as('manager')]
    const { body: room } = await mine.post('/chat/conversations/with-user', { userId: other.user.id })
    const withToken = async ({ accessToken }: { accessToken: string }): Promise<Bellhop> => {
      const client = clientOn(device, { token: async () => accessToken })
      const list = client.live.messages(room.id)
      return { client, list }
    }
    const first = await withToken(mine)
    network = 'away'
    // Before any token was asked for, and after.
    first.client.send.message(room.id, 'Của Mai', [png('của-mai.png')])
    await until('it was tried', async () => tried > 0)
    first.client.send.message(room.id, 'Cũng của Mai')
    expect(first.list.drafts()).to.have.length(2)
    first.client.close()
    network = 'there'
    const second = await withToken(other)
    second.client.send.message(room.id, 'Của anh Hùng')
    await until('the other one’s own words stand', async () =>
      (await wordsIn(room.id)).includes('Của anh Hùng'),
    )
    expect(second.list.drafts()).to.deep.equal([])
    second.client.close()
    const third = await withToken(mine)
    await until('hers stand', async () => (await wordsIn(room.id)).includes('Cũng của Mai'))
    await until('nothing waits', async () => third.list.drafts().length === 0)
    const said = (await mine.get(`/chat/rooms/${room.id}/messages?after=0`)).body.filter(
      ({ content }: { content: string }) => content.endsWith('của Mai') || content === 'Của Mai',
    )
    expect(said.map(({ senderId }: { senderId: string }) => senderId)).to.deep.equal([
      mine.user.id,
      mine.user.id,
    ])
  })

  it('are sent from the page where the device does not give them back, and else said to be gone', async () => {
    const device = aDevice()
    device.files.get = async () => {
      throw new DOMException('The device is broken', 'UnknownError')
    }
    const client = await signIn('employee', device)
    const { roomId } = await roomOf(client, 'staff')
    client.send.message(roomId, 'Vẫn đi', [png('vẫn-đi.png')])
    await until('it stands', async () => (await wordsIn(roomId)).includes('Vẫn đi'))
    network = 'away'
    client.send.message(roomId, 'Hỏng', [png('hỏng.png')])
    await until('it was tried', async () => tried > 0)
    client.close()
    // What it was at is over.
    await setImmediate()
    const [draft] = JSON.parse(device.storage.getItem('bellhop.outbox') ?? '[]')
    const writtenAt = new Date(Date.now() - 61_000).toISOString()
    device.storage.setItem('bellhop.outbox', JSON.stringify([{ ...draft, writtenAt }]))
    network = 'there'
    const again = clientOn(device)
    again.send.message(roomId, 'Sau cái hỏng')
    await until('what follows was said', async () => (await wordsIn(roomId)).includes('Sau cái hỏng'))
    expect(again.live.messages(roomId).drafts()[0].problem.code).to.equal('file_gone')
  })

  it('go no further when their message is taken back, or somebody else signs in, while the first is on its way', async () => {
    const device = aDevice()
    const client = await signIn('employee', device)
    const { roomId, list } = await roomOf(client, 'staff')
    const two = (): File[] => [png('một.png'), png('hai.png')]
    const { clientMsgId } = client.send.message(roomId, 'Rút lại', two())
    meanwhile = () => client.send.discard(clientMsgId)
    await until('one was sent', async () => sent.length === 1)
    client.send.message(roomId, 'Sau khi rút')
    await until('what follows stands', async () => (await wordsIn(roomId)).includes('Sau khi rút'))
    expect(sent).to.have.length(1)

    const signInOther = (): Promise<unknown> =>
      client.signIn({ emailOrPhone: PEOPLE.staff, password: DEMO_PASSWORD })
    meanwhile = signInOther
    client.send.message(roomId, 'Không phải của chị', two())
    await until('one more was sent', async () => sent.length === 2)
    await until('somebody else is there', async () => (await client.api.getAuthMe()).email === PEOPLE.staff)
    client.send.message(roomId, 'Của người khác')
    await until('the other one’s stands', async () => (await wordsIn(roomId)).includes('Của người khác'))
    expect(sent).to.have.length(2)
    expect(list.drafts()).to.deep.equal([])
    await client.signIn({ emailOrPhone: PEOPLE.employee, password: DEMO_PASSWORD })
    client.send.message(roomId, 'Lại là tôi')
    await until('hers go on', async () => (await wordsIn(roomId)).includes('Lại là tôi'))
    expect(await wordsIn(roomId))
      .to.include('Không phải của chị')
      .and.not.include('Rút lại')
  })

  it('do not go under the name of somebody who signs in while a token is waited for', async () => {
    const device = aDevice()
    const [mine, other] = [await w.as('employee'), await w.as('manager')]
    const { body: room } = await mine.post('/chat/conversations/with-user', { userId: other.user.id })
    let who = mine
    const client = clientOn(device, { token: async () => who.accessToken })
    await client.api.getAuthMe()
    who = other
    client.send.message(room.id, 'Dưới tên ai')
    client.send.message(room.id, 'Dưới tên ai nữa', [png('tên-ai.png')])
    await client.api.getAuthMe()
    client.send.message(room.id, 'Dưới tên tôi')
    await until('what was written afterwards stands', async () =>
      (await wordsIn(room.id)).includes('Dưới tên tôi'),
    )
    expect(await wordsIn(room.id)).not.to.include('Dưới tên ai')
  })

  it('take no room of whoever comes after those who left the browser', async () => {
    const device = aDevice()
    const part = new Blob([new Uint8Array(1024 * 1024)])
    const large = (): File => new File(Array<Blob>(60).fill(part), 'lớn.bin')
    const client = await signIn('employee', device)
    const { roomId } = await roomOf(client, 'staff')
    network = 'away'
    client.send.message(roomId, 'Lớn', [large()])
    client.close()
    network = 'there'
    const other = await signIn('staff', device)
    network = 'away'
    other.send.message(roomId, 'Cũng lớn', [large()])
    await until('both are kept', async () => (await device.files.keys()).length === 2)
  })

  it('wait for whoever is still signed in, and of whoever left for two weeks', async () => {
    const device = aDevice()
    const client = await signIn('employee', device)
    const { roomId } = await roomOf(client, 'staff')
    network = 'away'
    for (const words of ['Từ lâu', 'Vừa xong']) client.send.message(roomId, words, [png('ảnh.png')])
    await until('both are kept', async () => (await device.files.keys()).length === 2)
    client.close()
    const drafts: { writtenAt: string }[] = JSON.parse(device.storage.getItem('bellhop.outbox') ?? '')
    const twoWeeksAgo = new Date(Date.now() - 14 * 24 * 60 * 60 * 1000).toISOString()
    const written = drafts.map((draft, at) => (at === 0 ? { ...draft, writtenAt: twoWeeksAgo } : draft))
    device.storage.setItem('bellhop.outbox', JSON.stringify(written))
    const waiting = async (): Promise<string[]> => {
      // What nobody waits for goes last.
      await device.files.set('of-a-page-that-ended', png('cũ.png'))
      const list = clientOn(device).live.messages(roomId)
      await until('it was swept', async () => !(await device.files.keys()).includes('of-a-page-that-ended'))
      return list.drafts().map(({ body }: { body: { content: string } }) => body.content)
    }
    expect(await waiting()).to.deep.equal(['Từ lâu', 'Vừa xong'])
    const session = device.storage.getItem('bellhop.session') ?? ''
    device.storage.removeItem('bellhop.session')
    expect(await waiting()).to.deep.equal([])
    device.storage.setItem('bellhop.session', session)
    expect(await waiting()).to.deep.equal(['Vừa xong'])
    expect(await device.files.keys()).to.have.length(1)
  })

  it('leave nothing on the device that no message waits for', async () => {
    const device = aDevice()
    await device.files.set('of-a-page-that-ended', png('cũ.png'))
    await signIn('employee', device)
    await until('it was swept', async () => (await device.files.keys()).length === 0)
  })
})
