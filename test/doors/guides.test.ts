// The code of the guides in /docs, taken from their pages, run as it stands there.

import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { expect } from 'chai'
import { io, type Socket } from 'socket.io-client'
import { buildClientPackage, type PackageClient } from '../../demo/client-package.ts'
import { aBrowser, needChromium } from '../support/browser.ts'
import { tripOnItsDay } from '../support/people.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

const GUIDES = path.resolve(import.meta.dirname, '../../api/pages/docs/guides')
const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor

/** What stands in the guide's frame for code, as its readers copy it, but for where Bellhop is. */
function codeOf(guide: string, origin: string): string {
  const [, code = ''] =
    /<pre[^>]*><code>([\s\S]*?)<\/code><\/pre>/.exec(readFileSync(path.join(GUIDES, guide), 'utf8')) ?? []
  const text = code.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
  return text.replaceAll('https://bellhop.example', origin)
}

/** Runs code in which these names are known. @returns what `found` names at its end */
const run = (code: string, known: Record<string, unknown>, found: string): Promise<any> =>
  new AsyncFunction(...Object.keys(known), `${code}\nreturn ${found}`)(...Object.values(known))

describe('the code of the guides', () => {
  let w: World
  let server: Server
  before(async () => {
    server = createServer(async (asked, answer) => {
      if (asked.url === '/bellhop-token') return void answer.end((await w.as('manager')).accessToken)
      answer.setHeader('content-type', 'text/html')
      answer.end(
        `<!doctype html><link rel="icon" href="data:,"><title>My page</title>${codeOf('a-bell-in-ten-lines.html', w.url)}`,
      )
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    w = await aWorld({ env: { CORS_ORIGINS: origin() } })
  })
  after(async () => {
    server.closeAllConnections()
    server.close()
    await w?.end()
  })
  const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  it('asks for an approval from a program, once, however often it is sent', async () => {
    const admin = await w.as('admin')
    const { body: key } = await admin.post('/api-keys', {
      name: 'Kế toán',
      scopes: ['approvals:read', 'approvals:write'],
    })
    await w
      .owner('users')
      .where({ id: await w.idOf('employee') })
      .update({ externalId: 'clerk-7' })
    const known = {
      invoice: { id: 'invoice-4711', clerk: 'clerk-7' },
      process: { env: { BELLHOP_KEY: key.secret ?? key.key } },
    }
    const code = codeOf('approvals-from-your-program.html', w.url)
    const asked = await run(code, known, '{ id, status, answer: answer.status }')
    expect(asked).to.deep.include({ status: 'PENDING', answer: 201 })
    expect(await run(code, known, 'id')).to.equal(asked.id)
  })

  it('talks as before by Socket.IO, and as after by the package', async () => {
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    const { body: room } = await employee.post('/chat/conversations/with-user', { userId: manager.user.id })
    const [before = '', after = ''] = codeOf('moving-from-socketio.html', w.url).split('// after')
    const shown: unknown[] = []
    const show = (...what: unknown[]): void => void shown.push(what)
    const old: Socket = await run(
      before,
      { io, token: employee.accessToken, show, roomId: room.id, content: 'Như trước' },
      'socket',
    )
    const messages = async (): Promise<string[]> =>
      (await manager.get(`/chat/rooms/${room.id}/messages`)).body.map(
        ({ content }: { content: string }) => content,
      )
    await until('it is said as before', async () => (await messages()).includes('Như trước'))
    const createClient = await buildClientPackage()
    const bellhop: PackageClient = await run(
      after.replace(/^import .*$/m, ''),
      { createClient, myToken: () => employee.accessToken, show, roomId: room.id, content: 'Như sau' },
      'bellhop',
    )
    await until('it is said as after', async () => (await messages()).includes('Như sau'))
    await until('it is shown', async () => JSON.stringify(shown).includes('Như sau'))
    old.close()
    bellhop.close()
  })

  describe('in a browser', () => {
    before(function () {
      needChromium(this)
    })

    it('shows a bell in a page of another origin, and its number in the title', async () => {
      const browser = await aBrowser(origin())
      try {
        await (await w.as('manager')).post('/notifications/read-all')
        await browser.page.goto(origin(), { waitUntil: 'domcontentloaded' })
        await browser.page.getByRole('button', { name: 'Notifications' }).waitFor()
        await (await w.as('employee')).post('/bookings', tripOnItsDay())
        await browser.page.getByRole('button', { name: 'Notifications, 1 unread' }).waitFor()
        expect(await browser.page.title()).to.equal('(1) My page')
        expect(browser.troubles.filter((each) => !each.startsWith(`asked for ${w.url}/`))).to.deep.equal([])
      } finally {
        await browser.close()
      }
    })
  })
})
