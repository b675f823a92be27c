import { execFile, spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { WebSocket } from 'ws'
import { DEMO_PASSWORD } from '../../shared/demonstration/seed.ts'
import { aBrowser, needChromium } from '../support/browser.ts'
import { buildClient, CLIENT } from '../support/client-build.ts'
import { PEOPLE, tripOnItsDay, type Name } from '../support/people.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const run = promisify(execFile)

/** Its types are held by the projects into which it is installed, below. */
type Bellhop = any

describe('the package @bellhop/client', function () {
  let w: World
  let createClient: (options: object) => Bellhop
  /** Shows what a bundler made, at an origin of its own. */
  let pages: Server
  let bundle = ''
  const open: Bellhop[] = []
  before(async () => {
    createClient = await buildClient()
    pages = createServer((asked, answer) => {
      const isCode = asked.url === '/bundle.js'
      answer.setHeader('content-type', isCode ? 'text/javascript' : 'text/html')
      answer.end(isCode ? bundle : '<!doctype html><ul></ul><script type="module" src="/bundle.js"></script>')
    })
    await new Promise<void>((listening) => pages.listen(0, '127.0.0.1', listening))
    w = await aWorld({ env: { ACCESS_TOKEN_TTL: '15m', CORS_ORIGINS: originOf(pages) } })
  })
  afterEach(() => {
    for (const client of open.splice(0)) client.close()
  })
  after(async () => {
    pages?.close()
    await w?.end()
  })

  async function clientOf(name: Name, more: object = {}): Promise<Bellhop> {
    const client = createClient({ url: w.url, WebSocket, ...more })
    open.push(client)
    await client.signIn({ emailOrPhone: PEOPLE[name], password: DEMO_PASSWORD })
    return client
  }
  const isLive = (list: Bellhop): Promise<unknown> =>
    until('the list is live', async () => list.status === 'live')

  it('takes under 15 KB on the wire', () =>
    expect(gzipSync(readFileSync(path.join(CLIENT, 'dist/index.js'))).length).to.be.below(15 * 1024))

  it('calls operations by their names, and throws what the server refuses as a problem', async () => {
    const bellhop = await clientOf('employee')
    const booking = await bellhop.api.postBookings({ body: tripOnItsDay() })
    expect(await bellhop.api.getBookingsById({ path: { id: booking.id } })).to.include({ id: booking.id })
    expect((await bellhop.api.getVersion()).node, 'an operation at the root').to.equal(process.versions.node)
    const refused = await bellhop.api
      .postBookings({ body: { passengerCount: 0 } })
      .catch((error: unknown) => error)
    expect(refused).to.include({ name: 'ProblemError', status: 400, code: 'malformed' })
    expect(refused.errors.map(({ path }: { path: string }) => path)).to.include('/body/scheduledDate')
  })

  it('refreshes an ended token once for all who wait for it', async () => {
    let refreshes = 0
    const counting: typeof fetch = (asked, init) => {
      if (String(asked).endsWith('/auth/refresh')) refreshes++
      return fetch(asked, init)
    }
    const bellhop = await clientOf('employee', { fetch: counting })
    w.clock.moveTo(new Date(w.clock.now().getTime() + 16 * 60_000))
    const all = await Promise.all(Array.from({ length: 5 }, () => bellhop.api.getAuthMe()))
    expect(all.map(({ email }) => email)).to.deep.equal(Array(5).fill(PEOPLE.employee))
    expect(refreshes).to.equal(1)
  })

  it('shows in a list that is followed what reading it again shows', async () => {
    const [bellhop, manager] = [await clientOf('employee'), await clientOf('manager')]
    const [bookings, requests, bell, asked] = [
      bellhop.live.bookings(),
      bellhop.live.approvals({ as: 'requester' }),
      bellhop.live.notifications(),
      manager.live.approvals({ as: 'approver', status: 'PENDING' }),
    ]
    await Promise.all([bookings, requests, bell, asked].map(isLive))
    const waiting = asked.get().length
    const first = await bellhop.api.postBookings({ body: tripOnItsDay() })
    const second = await bellhop.api.postBookings({ body: tripOnItsDay() })
    await w.settle()
    await until('both requests were heard', async () => asked.get().length === waiting + 2)
    for (const { id } of asked.get().slice())
      await manager.api.postApprovalsByIdApprove({ path: { id }, body: {} })
    await bellhop.api.postBookingsByIdCancel({ path: { id: second.id }, body: { reason: 'USER_REQUEST' } })
    await w.settle()
    const statusOf = (id: string): string =>
      bookings.get().find((each: { id: string }) => each.id === id)?.status
    await until(
      'the bookings moved',
      async () => statusOf(first.id) === 'PENDING' && statusOf(second.id) === 'CANCELLED',
    )
    await until('nothing waits', async () => asked.get().length === 0)
    await bellhop.api.postNotificationsReadAll()
    await w.settle()
    await until(
      'the bell is read',
      async () => bell.unread() === 0 && bell.get().every((each: { readAt: string | null }) => each.readAt),
    )
    const same = async (list: Bellhop, read: () => Promise<unknown>): Promise<void> => {
      const fresh = await read()
      await until(
        'the list is as it is read',
        async () => JSON.stringify(list.get()) === JSON.stringify(fresh),
      ).catch(() => undefined)
      expect(list.get()).to.deep.equal(fresh)
    }
    await same(bookings, () => bellhop.api.getBookings())
    await same(requests, () => bellhop.api.getApprovals({ query: { as: 'requester' } }))
    await same(bell, () => bellhop.api.getNotifications())
  })

  it('follows one booking, people, questions, the organisation and its hours, until it is closed', async () => {
    const admin = await clientOf('admin')
    const { id } = await admin.api.postBookings({ body: tripOnItsDay() })
    const followed = {
      booking: admin.live.booking(id),
      people: admin.live.people({ q: 'Theo' }),
      users: admin.live.users({ q: 'Theo', isActive: true }),
      faqs: admin.live.faqs({ q: 'Theo' }),
      organisation: admin.live.organisation(),
      calendar: admin.live.calendar(),
    }
    await Promise.all(Object.values(followed).map(isLive))
    const before = followed.calendar.get()[0].version
    await admin.api.postBookingsByIdCancel({ path: { id }, body: { reason: 'USER_REQUEST' } })
    const person = await admin.api.postUsers({
      body: { email: 'theo@demo.test', fullName: 'Theo Dõi', role: 'STAFF', password: 'long-enough' },
    })
    const faq = await admin.api.postChatFaqs({ body: { question: 'Theo dõi thế nào?', answer: 'Ở đây.' } })
    await admin.api.patchOrganisation({ body: { name: 'Theo dõi' } })
    await admin.api.putOrganisationCalendar({ body: { weekly: null, holidays: [] } })
    await until(
      'all of it was heard',
      async () =>
        followed.booking.get()[0]?.status === 'CANCELLED' &&
        [followed.people, followed.users].every((list) => list.get()[0]?.id === person.id) &&
        followed.faqs.get()[0]?.id === faq.id &&
        followed.organisation.get()[0]?.name === 'Theo dõi' &&
        followed.calendar.get()[0]?.version > before,
    )
    expect(followed.calendar.get()[0]).to.deep.equal(await admin.api.getOrganisationCalendar())
    await admin.api.patchUsersById({ path: { id: person.id }, body: { isActive: false } })
    await admin.api.deleteChatFaqsById({ path: { id: faq.id } })
    await until('both are gone', async () =>
      [followed.people, followed.users, followed.faqs].every((list) => list.get().length === 0),
    )
    followed.organisation.close()
    const last = followed.organisation.get()[0]
    await admin.api.patchOrganisation({ body: { name: 'Demo' } })
    const other = admin.live.organisation()
    await until('another one knows', async () => other.get()[0]?.name === 'Demo')
    expect(followed.organisation.get()[0]).to.equal(last)
  })

  it('signs out by itself when its session is ended elsewhere, and leaves a newer one alone', async () => {
    let ended = 0
    const bellhop = await clientOf('sic', { storage: memory(), onSignedOut: () => ended++ })
    await isLive(bellhop.live.bookings())
    const elsewhere = await clientOf('sic', { storage: memory() })
    const othersOf = async (): Promise<string[]> =>
      (await elsewhere.api.getAuthSessions())
        .filter(({ isCurrent }: { isCurrent: boolean }) => !isCurrent)
        .map(({ id }: { id: string }) => id)
    const end = async (ids: string[]): Promise<void> => {
      for (const id of ids) await elsewhere.api.deleteAuthSessionsById({ path: { id } })
    }
    await end(await othersOf())
    await until('it heard that it is signed out', async () => ended === 1)
    expect(bellhop.isSignedIn).to.equal(false)

    const states: string[] = []
    const shared = memory()
    const tab = await clientOf('sic', { storage: shared, onState: (state: string) => states.push(state) })
    await isLive(tab.live.bookings())
    const older = await othersOf()
    await clientOf('sic', { storage: shared })
    await end(older)
    await until('its socket has ended', async () => states.includes('ended'))
    expect((await tab.api.getAuthMe()).email).to.equal(PEOPLE.sic)
  })

  it('says that a list is stale while the network is away, and catches up when it is back', async () => {
    const sockets: WebSocket[] = []
    let isAway = false
    class Cut extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(isAway ? 'ws://127.0.0.1:9' : url, protocols)
        sockets.push(this)
      }
    }
    const bellhop = await clientOf('employee', { WebSocket: Cut })
    const bookings = bellhop.live.bookings()
    await isLive(bookings)
    isAway = true
    for (const socket of sockets.splice(0)) socket.terminate()
    await until('it says that it is stale', async () => bookings.status === 'stale')
    const { id } = await bellhop.api.postBookings({ body: tripOnItsDay() })
    await w.settle()
    isAway = false
    await until('it is live again', async () => bookings.status === 'live')
    await until('it caught up', async () => bookings.get().some((each: { id: string }) => each.id === id))
  })

  it('sends a message that was written without a network once, in its order, over a lost answer and a reload', async () => {
    const storage = memory()
    let trouble: 'none' | 'away' | 'answers get lost' = 'none'
    const shaky: typeof fetch = async (asked, init) => {
      if (trouble === 'away') throw new TypeError('away')
      const response = await fetch(asked, init)
      if (trouble === 'answers get lost') throw new TypeError('lost')
      return response
    }
    const [bellhop, staff] = [await clientOf('employee', { fetch: shaky, storage }), await clientOf('staff')]
    const { id: roomId } = await bellhop.api.postChatConversationsWithUser({
      body: { userId: await w.idOf('staff') },
    })
    const [mine, theirs] = [bellhop.live.messages(roomId), staff.live.messages(roomId)]
    await Promise.all([mine, theirs].map(isLive))
    trouble = 'away'
    bellhop.send.message(roomId, 'Một')
    bellhop.send.message(roomId, 'Hai')
    expect(mine.drafts().map(({ body }: Bellhop) => body.content)).to.deep.equal(['Một', 'Hai'])
    trouble = 'answers get lost'
    await until('a message arrived', async () => theirs.get().length > 0)
    bellhop.close()
    trouble = 'none'
    const again = createClient({ url: w.url, WebSocket, storage, fetch: shaky })
    open.push(again)
    const reloaded = again.live.messages(roomId)
    await isLive(reloaded)
    await until(
      'both arrived once',
      async () => theirs.get().length === 2 && reloaded.get().length === 2 && reloaded.drafts().length === 0,
    )
    const words = (list: Bellhop): string[] => list.get().map(({ content }: { content: string }) => content)
    expect([words(theirs), words(reloaded)]).to.deep.equal([
      ['Một', 'Hai'],
      ['Một', 'Hai'],
    ])
    expect(storage.getItem('bellhop.outbox')).to.equal(null)
  })

  it('keeps what somebody wrote without a network from whoever signs in after them', async () => {
    const storage = memory()
    let isAway = false
    const shaky: typeof fetch = async (asked, init) => {
      if (isAway) throw new TypeError('away')
      return fetch(asked, init)
    }
    const bellhop = await clientOf('employee', { fetch: shaky, storage })
    const { id: roomId } = await bellhop.api.postChatConversationsWithUser({
      body: { userId: await w.idOf('sic') },
    })
    const mine = bellhop.live.messages(roomId)
    await isLive(mine)
    isAway = true
    bellhop.send.message(roomId, 'Của tôi')
    await bellhop.signOut().catch(() => undefined)
    bellhop.close()
    const other = await clientOf('sic', { storage })
    const theirs = other.live.messages(roomId)
    await isLive(theirs)
    expect(theirs.drafts()).to.deep.equal([])
    other.send.message(roomId, 'Của người khác')
    await until('theirs arrived', async () => theirs.get().length === 1)
    expect(theirs.get()[0].content).to.equal('Của người khác')
    other.close()
    const again = await clientOf('employee', { storage })
    const back = again.live.messages(roomId)
    await until('mine arrived', async () => back.get().length === 2)
    expect(back.get()[1]).to.include({ content: 'Của tôi', senderId: await w.idOf('employee') })
  })

  it('keeps a message that was refused, with its problem', async () => {
    const bellhop = await clientOf('employee')
    const { id: roomId } = await bellhop.api.postChatConversationsWithUser({
      body: { userId: await w.idOf('driver') },
    })
    const room = bellhop.live.messages(roomId)
    await isLive(room)
    const { clientMsgId } = bellhop.send.message(roomId, ' '.repeat(3))
    await until('it was refused', async () => room.drafts()[0]?.status === 'FAILED')
    expect(room.drafts()[0].problem).to.include({ status: 400, code: 'malformed' })
    bellhop.send.discard(clientMsgId)
    expect(room.drafts()).to.deep.equal([])
  })

  describe('installed from its tarball', () => {
    let folder: string
    before(async () => {
      folder = mkdtempSync(path.join(tmpdir(), 'bellhop-client-'))
      await run('npm', ['pack', CLIENT, '--pack-destination', folder, '--silent'], { cwd: folder })
    })
    after(() => rmSync(folder, { recursive: true }))
    const [, snippet = ''] =
      /```ts\n([\s\S]*?)```/.exec(readFileSync(path.join(CLIENT, 'README.md'), 'utf8')) ?? []

    async function anEmptyProject(name: string): Promise<string> {
      const project = path.join(folder, name)
      mkdirSync(project)
      writeFileSync(path.join(project, 'package.json'), '{"type":"module","private":true}')
      await run(
        'npm',
        ['install', '--offline', '--no-save', '--silent', path.join(folder, 'bellhop-client-0.1.0.tgz')],
        {
          cwd: project,
        },
      )
      for (const each of ['ws', '@types'])
        symlinkSync(path.join(ROOT, 'node_modules', each), path.join(project, 'node_modules', each))
      return project
    }

    it('compiles in an empty TypeScript project, and knows what is wrong', async () => {
      const project = await anEmptyProject('typed')
      writeFileSync(path.join(project, 'main.ts'), `${snippet}\n${TYPED}`)
      const options = '--strict --noEmit --module nodenext --target es2023 --types node,ws main.ts'
      const { stdout } = await run(
        path.join(ROOT, 'node_modules/typescript-native/bin/tsc'),
        options.split(' '),
        {
          cwd: project,
        },
      ).catch((error) => error)
      expect(stdout).to.equal('')
    })

    it('runs in an empty JavaScript project, as its README says', async () => {
      const project = await anEmptyProject('plain')
      writeFileSync(path.join(project, 'main.js'), snippet)
      const child = spawn(process.execPath, ['main.js', w.url], { cwd: project })
      let said = ''
      for (const output of [child.stdout, child.stderr])
        output.on('data', (chunk: Buffer) => void (said += chunk))
      const hasSaid = async (): Promise<boolean> =>
        /asked for \S+-20350115-\d+\n/.test(said) && /live \S+-20350115-\d+ PENDING_APPROVAL/.test(said)
      try {
        await until('it has asked, and hears of it', hasSaid)
      } catch (error) {
        throw new Error(`It said: ${said}`, { cause: error })
      } finally {
        child.kill()
      }
    })

    it('is taken in by a bundler, and runs in Chromium', async function () {
      needChromium(this)
      const project = await anEmptyProject('bundled')
      writeFileSync(path.join(project, 'main.js'), IN_A_BROWSER.replace('URL', w.url))
      const esbuild = path.join(ROOT, 'node_modules/.bin/esbuild')
      await run(esbuild, ['main.js', '--bundle', '--format=esm', '--outfile=bundle.js'], { cwd: project })
      bundle = readFileSync(path.join(project, 'bundle.js'), 'utf8')
      const { page, troubles, close } = await aBrowser(originOf(pages))
      try {
        await page.goto(originOf(pages), { waitUntil: 'domcontentloaded' })
        await page.locator('li', { hasText: /^\S+-20350116-\d+ PENDING_APPROVAL$/ }).waitFor()
        expect(troubles.filter((each) => !each.startsWith(`asked for ${w.url}/`))).to.deep.equal([])
      } finally {
        await close()
      }
    })
  })
})

const originOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const IN_A_BROWSER = `
import { createClient } from '@bellhop/client'
const bellhop = createClient({ url: 'URL' })
await bellhop.signIn({ emailOrPhone: '${PEOPLE.employee}', password: '${DEMO_PASSWORD}' })
const bookings = bellhop.live.bookings()
bookings.subscribe(() => {
  const lines = bookings.get().map(({ bookingCode, status }) => {
    const line = document.createElement('li')
    line.textContent = bookingCode + ' ' + status
    return line
  })
  document.querySelector('ul').replaceChildren(...lines)
})
await bellhop.api.postBookings({ body: { scheduledDate: '2035-01-16', scheduledTime: '08:30', passengerCount: 2 } })
`

const TYPED = `
const names: string[] = (await bellhop.api.getPeople()).map(({ fullName }) => fullName)
const off = bellhop.on('booking.changed', ({ status }) => names.push(status))
const { seq } = await bellhop.command('message.send', { roomId: names[0] ?? '', content: 'Xin chào' })
console.log(seq + bellhop.live.notifications().unread())
off()
// @ts-expect-error: an event that there is not
bellhop.on('booking.lost', () => undefined)
// @ts-expect-error: a field that there is not
await bellhop.api.postBookings({ body: { colour: 'red' } })
// @ts-expect-error: a path needs its id
await bellhop.api.getBookingsById()
`

function memory(): {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
} {
  const kept = new Map<string, string>()
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  }
}
