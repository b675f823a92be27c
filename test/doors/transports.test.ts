// What carries the sockets: uWebSockets.js where it loads, the package ws elsewhere. Nobody shall be able to tell them apart.

import { once } from 'node:events'
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { connect, type Socket as TcpSocket } from 'node:net'
import { expect } from 'chai'
import { WebSocket } from 'ws'
import { chooseTransport, type ChosenTransport } from '../../realtime/transport/choose-transport.ts'
import { CLOSE, type CloseCode } from '../../realtime/transport/close-codes.ts'
import type { Connection } from '../../realtime/transport/connection.ts'
import type { WebSocketHandshake } from '../../realtime/transport/handshake.ts'
import type { StreamWriter } from '../../realtime/transport/http-response.ts'
import { BACKLOG_WALL, type Transport } from '../../realtime/transport/transport.ts'
import type { WsConnection } from '../../realtime/transport/ws-connection.ts'
import { openLog } from '../../shared/kit/process/log.ts'
import { testConfig } from '../support/config.ts'
import { openSocket, type Socket } from '../support/socket.ts'
import { until } from '../support/until.ts'

interface Visit {
  connection: Connection
  admitted: number
  heard: (string | undefined)[]
  /** Undefined while it is open. */
  end?: { why: CloseCode | undefined }
}

const SETTINGS = { DATABASE_URL: 'postgres://nobody', REDIS_URL: 'redis://nobody' }
const UPGRADE = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'MDEyMzQ1Njc4OTAxMjM0NQ==',
}
const NOT_HERE = { status: 404, headers: {}, body: '' }
const NOTHING_ELSE = {
  path: '/ws',
  addressOf: () => '',
  upgrade: () => NOT_HERE,
  open: () => ({ message: () => undefined, closed: () => undefined }),
  pages: {},
  streams: { paths: [], open: () => NOT_HERE, preflight: () => NOT_HERE },
}
const text = (length: number): string => JSON.stringify({ t: 'x'.repeat(length) })

for (const name of ['uws', 'ws'] as const)
  describe(`sockets over ${name}`, () => {
    let transport: Transport
    let port: number
    let visits: Visit[]
    let asked: WebSocketHandshake[]
    let outlets: StreamWriter[]
    let told: string[]
    const open: Socket[] = []

    before(async function () {
      const chosen = await choose(name).catch((error: Error) => error)
      if (chosen instanceof Error) {
        console.log(`      left out: ${chosen.message}`)
        return this.skip()
      }
      ;[visits, asked, outlets, told] = [[], [], [], []]
      transport = chosen.open<number>({
        path: '/ws',
        addressOf: ({ remote, forwarded }) => forwarded || remote,
        upgrade(handshake) {
          if (handshake.ticket === 'no')
            return {
              status: 503,
              headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '2' },
              body: '{"status":503}',
            }
          return { admitted: asked.push(handshake) }
        },
        open(connection, admitted) {
          const visit: Visit = { connection, admitted, heard: [] }
          visits.push(visit)
          return {
            message: (frame) => void visit.heard.push(frame),
            closed: (why) => {
              visit.end = { why }
            },
          }
        },
        pages: {
          '/page': async (authorization) => ({
            status: 200,
            headers: { 'X-Page': 'yes' },
            body: authorization,
          }),
        },
        streams: {
          paths: ['/stream'],
          open({ lastEventId, origin }, outlet) {
            if (origin === 'stranger') return { status: 403, headers: {}, body: 'no' }
            outlets.push(outlet)
            told.push(`opened ${lastEventId}`)
            return { drained: () => told.push('drained'), gone: () => told.push('gone') }
          },
          preflight: ({ origin }) => ({ status: 204, headers: { 'X-Origin': origin }, body: '' }),
        },
      })
      port = await transport.listen('127.0.0.1', 0)
    })
    afterEach(async () => {
      await Promise.all(open.splice(0).map((socket) => socket.close()))
    })
    after(() => transport?.close())

    const url = (path: string): string => `http://127.0.0.1:${port}${path}`
    async function enter(
      query = '',
      headers: Record<string, string> = {},
    ): Promise<{ socket: Socket; visit: Visit }> {
      const socket = await openSocket(`ws://127.0.0.1:${port}/ws${query}`, { headers })
      open.push(socket)
      await until('the socket is open on the other side', async () => visits.length === asked.length)
      const visit = visits.at(-1)
      if (!visit) throw new Error('Nobody came.')
      return { socket, visit }
    }
    const ended = (visit: Visit): Promise<void> =>
      until('the visit ends', async () => visit.end !== undefined)

    it('says which setting to change where the port is taken', async () => {
      const second = (await choose(name)).open(NOTHING_ELSE)
      const refusal = await second.listen('127.0.0.1', port).catch((error: Error) => error.message)
      expect(refusal).to.contain(`port ${port}`).and.to.contain('Set REALTIME_PORT to another')
      second.close()
    })

    it('are opened with what the request says', async () => {
      const { visit } = await enter('?ticket=a%20b', {
        'x-forwarded-for': '10.1.2.3',
        origin: 'http://page',
        authorization: 'Bearer t',
      })
      expect(asked.at(-1)).to.deep.equal({
        address: '10.1.2.3',
        authorization: 'Bearer t',
        ticket: 'a b',
        origin: 'http://page',
        host: `127.0.0.1:${port}`,
        protocols: 'bellhop.v1',
      })
      expect([visit.connection.address, visit.admitted]).to.deep.equal(['10.1.2.3', asked.length])
    })

    it('get our protocol when they name one, and none when they do not', async () => {
      const spoken = async (protocols: string[]): Promise<string> => {
        const ws = new WebSocket(`ws://127.0.0.1:${port}/ws`, protocols)
        await once(ws, 'open')
        const { protocol } = ws
        ws.close()
        await once(ws, 'close')
        return protocol
      }
      expect([await spoken(['other', 'bellhop.v1']), await spoken([])]).to.deep.equal(['bellhop.v1', ''])
    })

    it('are refused with the page that says why', async () => {
      const { status, headers, body } = await upgrade(port, '/ws?ticket=no')
      expect([status, headers['content-type'], headers['retry-after'], body]).to.deep.equal([
        503,
        'application/problem+json',
        '2',
        '{"status":503}',
      ])
    })

    it('count nobody who is let in and cannot open', async () => {
      const before = asked.length
      for (const wrong of [{ 'Sec-WebSocket-Key': 'short' }, { 'Sec-WebSocket-Key': undefined }])
        expect((await upgrade(port, '/ws', wrong)).status).to.be.oneOf([400, 404])
      await until('whoever was let in is open', async () => visits.length === asked.length)
      expect(asked.length).to.equal(before)
    })

    it('hear what is said to them alone and to their channels, in order, and no more once they left', async () => {
      const [one, two] = [await enter(), await enter()]
      for (const { visit } of [one, two]) visit.connection.subscribe('room')
      expect(transport.publish('room', '{"t":"1"}')).to.equal(2)
      one.visit.connection.send('{"t":"2"}')
      expect(transport.publish('room', '{"t":"3"}')).to.equal(2)
      two.visit.connection.unsubscribe('room')
      expect(transport.publish('room', '{"t":"4"}')).to.equal(1)
      expect(transport.publish('nobody', '{"t":"5"}')).to.equal(0)
      two.visit.connection.send('{"t":"6"}')
      await Promise.all([one.socket.next(({ t }) => t === '4'), two.socket.next(({ t }) => t === '6')])
      const heard = ({ socket }: { socket: Socket }): string[] => socket.frames.map(({ t }) => t)
      expect([heard(one), heard(two)]).to.deep.equal([
        ['1', '2', '3', '4'],
        ['1', '3', '6'],
      ])
      await two.socket.close()
      await ended(two.visit)
      expect(transport.publish('room', '{"t":"7"}')).to.equal(1)
    })

    it('hear texts of every length, whole and as they were said', async () => {
      const { socket, visit } = await enter()
      visit.connection.subscribe('room')
      // Where the head of a frame becomes longer, counted in bytes: "ế" takes three.
      const around = [125, 126, 127, 65_535, 65_536, 200_000]
      const texts = around.flatMap((size) => [
        `{"t":"${'x'.repeat(size - 8)}"}`,
        `{"t":"ế${'x'.repeat(size - 11)}"}`,
      ])
      for (const each of texts) {
        visit.connection.send(each)
        transport.publish('room', each)
      }
      await until('all arrived', async () => socket.frames.length === 2 * texts.length)
      expect(socket.frames.map((frame) => JSON.stringify(frame))).to.deep.equal(
        texts.flatMap((each) => [each, each]),
      )
    })

    it('are heard: text as it was said, and of bytes only that they came', async () => {
      const { socket, visit } = await enter()
      socket.send('tiếng Việt')
      socket.send(Buffer.from([1, 2]))
      await until('both arrived', async () => visit.heard.length === 2)
      expect(visit.heard).to.deep.equal(['tiếng Việt', undefined])
    })

    it('take a frame of 64 KiB, and are closed by a larger one', async () => {
      const { socket, visit } = await enter()
      socket.send('x'.repeat(65_536))
      await until('it arrived', async () => visit.heard.length === 1)
      socket.send('x'.repeat(65_537))
      expect((await socket.closed).code).to.be.oneOf([1006, 1009])
      await ended(visit)
      expect([visit.heard.length, visit.end?.why]).to.deep.equal([1, undefined])
    })

    it('are told at once on this side that they are closed, and on the other why, behind all that was said before', async () => {
      const { socket, visit } = await enter()
      visit.connection.subscribe('room')
      for (let n = 0; n < 10; n++) visit.connection.send(text(50_000))
      visit.connection.close(CLOSE.sessionEnded)
      expect(visit.end).to.deep.equal({ why: undefined })
      visit.connection.send('{"t":"late"}')
      visit.connection.close(CLOSE.goingAway)
      expect([transport.publish('room', '{"t":"late"}'), visit.connection.backlog()]).to.deep.equal([0, 0])
      expect(await socket.closed).to.deep.equal({ code: 4402, reason: 'session_ended' })
      expect(socket.frames).to.have.length(10)
    })

    it('take megabytes at once when they read', async () => {
      const { socket, visit } = await enter()
      // Less than the kernels of both sides hold, so that nothing depends on how soon the reader has its turn.
      for (let n = 0; n < 4000; n++) visit.connection.send(`{"t":"${n}","x":"${'x'.repeat(500)}"}`)
      await socket.next(({ t }) => t === '3999')
      expect(socket.frames.map(({ t }) => Number(t))).to.deep.equal(Array.from({ length: 4000 }, (_, n) => n))
      await until('nothing waits', async () => visit.connection.backlog() === 0)
    })

    it('have a backlog while they do not read, which ends when they do', async () => {
      const { socket, visit } = await enter()
      socket.pause()
      let said = 0
      while (visit.connection.backlog() < 300_000) {
        visit.connection.send(text(20_000))
        if (++said % 10 === 0) await new Promise(setImmediate)
      }
      expect(visit.connection.backlog()).to.be.below(BACKLOG_WALL)
      socket.resume()
      await until('all of it arrived', async () => socket.frames.length === said)
      await until('nothing waits', async () => visit.connection.backlog() === 0)
    })

    it('are given up when more waits for them than memory shall hold, after a prefix without a gap', async () => {
      const { socket, visit } = await enter()
      visit.connection.subscribe('room')
      socket.pause()
      for (let n = 0; !visit.end; n++) {
        transport.publish('room', `{"t":"${n}","x":"${'x'.repeat(50_000)}"}`)
        if (n % 10 === 9) await new Promise(setImmediate)
        if (n > 2000) throw new Error('It takes without end.')
      }
      expect(visit.end).to.deep.equal({ why: CLOSE.slowReader })
      socket.resume()
      await socket.closed
      expect(socket.frames.map(({ t }) => Number(t))).to.deep.equal(
        Array.from({ length: socket.frames.length }, (_, n) => n),
      )
    })

    it('end when their client is gone without a word', async () => {
      const { visit } = await enter()
      const tcp = await rawSocket(port)
      await until('it is open', async () => visits.length === asked.length)
      const gone = visits.at(-1)
      tcp.resetAndDestroy()
      if (gone) await ended(gone)
      expect(visit.end).to.equal(undefined)
    })

    it('stand beside pages, which answer GET alone, and nothing else is there', async () => {
      const page = await fetch(url('/page?x=1'), { headers: { authorization: 'me' } })
      expect([page.status, page.headers.get('x-page'), await page.text()]).to.deep.equal([200, 'yes', 'me'])
      for (const [method, path] of [
        ['POST', '/page'],
        ['GET', '/nowhere'],
        ['GET', '/ws'],
        ['GET', '//'],
        ['POST', '/stream'],
      ] as const)
        expect((await fetch(url(path), { method })).status, `${method} ${path}`).to.equal(404)
      expect((await upgrade(port, '/nowhere')).status).to.equal(404)
    })

    it('do not keep clients from pages that offer another protocol with their request', async () => {
      const { status, body } = await upgrade(port, '/page', { Upgrade: 'h2c', Authorization: 'me' })
      expect([status, body]).to.deep.equal([200, 'me'])
    })

    it('stand beside streams, which say what is written, and hear when their reader leaves', async () => {
      told.length = 0
      const gone = new AbortController()
      const answer = await Promise.all([
        fetch(url('/stream?lastEventId=7'), { signal: gone.signal }),
        until('it is opened', async () => outlets.length > 0).then(() => {
          outlets.at(-1)?.begin({ 'Content-Type': 'text/event-stream' })
          expect(outlets.at(-1)?.write('data: 1\n\n')).to.equal(true)
        }),
      ])
      const reader = answer[0].body?.getReader()
      expect(answer[0].headers.get('content-type')).to.equal('text/event-stream')
      expect(Buffer.from((await reader?.read())?.value ?? []).toString()).to.equal('data: 1\n\n')
      gone.abort()
      await until('it hears that the reader left', async () => told.includes('gone'))
      expect(told).to.deep.equal(['opened 7', 'gone'])
      outlets.at(-1)?.write('to nobody')
      outlets.at(-1)?.end('to nobody')
    })

    it('stand beside streams that wait while their reader does not read, and go on', async () => {
      told.length = 0
      const tcp = connect(port, '127.0.0.1')
      const before = outlets.length
      tcp.write(`GET /stream HTTP/1.1\r\nHost: here\r\nLast-Event-ID: 8\r\n\r\n`)
      await until('it is opened', async () => outlets.length > before)
      const outlet = outlets.at(-1)
      outlet?.begin({})
      let written = 0
      while (outlet?.write('x'.repeat(65_536)) || told.pop() === 'drained') {
        written++
        if (written > 1000) throw new Error('It takes without end.')
        await new Promise(setImmediate)
      }
      await new Promise(setImmediate)
      tcp.resume()
      await until('it is told that there is room', async () => told.includes('drained'))
      outlet?.end('last')
      let end = ''
      tcp.on('data', (chunk) => (end = (end + chunk).slice(-30)))
      await until('the last word arrives', async () => end.includes('last'))
      tcp.destroy()
      expect(told).not.to.include('gone')
    })

    it('stand beside streams that are refused by a page, and answer what pages of others ask first', async () => {
      const refused = await fetch(url('/stream'), { headers: { origin: 'stranger' } })
      expect([refused.status, await refused.text()]).to.deep.equal([403, 'no'])
      const preflight = await fetch(url('/stream'), { method: 'OPTIONS', headers: { origin: 'http://page' } })
      expect([preflight.status, preflight.headers.get('x-origin')]).to.deep.equal([204, 'http://page'])
    })

    it('come in by a port that is theirs alone', async () => {
      const second = (await choose(name)).open(NOTHING_ELSE)
      const refusal = await second.listen('127.0.0.1', port).catch((error: Error) => error.message)
      second.close()
      expect(refusal).to.equal(
        `Nothing can listen on 127.0.0.1, port ${port}: mostly another process does. Set REALTIME_PORT to another port, or stop that.`,
      )
    })

    it('come in no more once new ones are refused, and all end when it closes', async () => {
      const { socket, visit } = await enter()
      transport.refuseNew()
      expect(
        await openSocket(`ws://127.0.0.1:${port}/ws`).catch((error: NodeJS.ErrnoException) => error.code),
      ).to.equal('ECONNREFUSED')
      visit.connection.send('{"t":"still"}')
      await socket.next(({ t }) => t === 'still')
      transport.close()
      expect((await socket.closed).code).to.equal(1006)
      await ended(visit)
    })
  })

describe('a client that answers no ping', () => {
  it('ends after the second of them, and one that answers stays', async () => {
    // The pings of uWebSockets.js are in its machine code; these are ours.
    const connections: WsConnection[] = []
    let [answers, ended] = [0, 0]
    const transport = (await choose('ws')).open({
      ...NOTHING_ELSE,
      upgrade: () => ({ admitted: undefined }),
      open: (connection) => {
        if (isOurs(connection)) connections.push(connection)
        return { message: () => void answers++, closed: () => void ended++ }
      },
    })
    const port = await transport.listen('127.0.0.1', 0)
    const answering = new WebSocket(`ws://127.0.0.1:${port}/ws`)
    // Behind the pong that the library has sent by itself.
    answering.on('ping', () => answering.send('answered'))
    const silent = await rawSocket(port)
    await until('both are open', async () => connections.length === 2)
    const pingAndLook = async (): Promise<void> => {
      const before = answers
      for (const each of connections) each.beat()
      await until('one has answered', async () => answers > before)
      expect(ended).to.equal(0)
      for (const each of connections) each.endIfSilent()
    }
    await pingAndLook()
    await pingAndLook()
    await until('the other has ended', async () => ended === 1)
    await once(silent.resume(), 'close')
    expect(answering.readyState).to.equal(WebSocket.OPEN)
    answering.close()
    transport.close()
  })
})

describe('which transport is taken', () => {
  const warnings = async (wish: string): Promise<{ name: string; lines: string[] }> => {
    const lines: string[] = []
    const { name } = await chooseTransport({
      config: testConfig({ ...SETTINGS, REALTIME_TRANSPORT: wish }),
      log: openLog('test', 'info', { write: (line) => void lines.push(line) }),
    })
    return { name, lines }
  }

  it('is ws where it is asked for, without a word', async () => {
    expect(await warnings('ws')).to.deep.equal({ name: 'ws', lines: [] })
  })

  it('is uWebSockets.js unless it does not load, which one line says, with the reason; asked for by name it has to load', async () => {
    const loads = await import('uWebSockets.js').then(
      () => true,
      () => false,
    )
    const { name, lines } = await warnings('auto')
    expect(name).to.equal(loads ? 'uws' : 'ws')
    expect(lines).to.have.length(loads ? 0 : 1)
    if (loads) return
    expect(JSON.parse(lines[0] ?? '{}').reason).to.match(/GLIBC|Cannot find module/)
    expect(await warnings('uws').catch(String)).to.match(/REALTIME_TRANSPORT is uws/)
  })
})

/** Not by its class, of which a module that is loaded when it is needed has one of its own under mocha. */
const isOurs = (connection: Connection): connection is WsConnection => 'beat' in connection

async function choose(name: string): Promise<ChosenTransport> {
  return chooseTransport({
    config: testConfig({ ...SETTINGS, REALTIME_TRANSPORT: name }),
    log: openLog('test', 'silent'),
  })
}

interface Answer {
  status: number | undefined
  headers: IncomingHttpHeaders
  body: string
}

/** What a request to change the protocol is answered when it is not granted. */
async function upgrade(
  port: number,
  path: string,
  changed: Record<string, string | undefined> = {},
): Promise<Answer> {
  const headers = Object.fromEntries(
    Object.entries({ ...UPGRADE, ...changed }).filter(([, value]) => value !== undefined),
  )
  const asking = request({ port, path, headers }).end()
  asking.on('upgrade', (_answer, tcp) => tcp.destroy())
  const [answer]: IncomingMessage[] = await once(asking, 'response')
  let body = ''
  for await (const chunk of answer ?? []) body += String(chunk)
  return { status: answer?.statusCode, headers: answer?.headers ?? {}, body }
}

/** A client that answers nothing. */
async function rawSocket(port: number): Promise<TcpSocket> {
  const asking = request({ port, path: '/ws', headers: UPGRADE }).end()
  return (await once(asking, 'upgrade'))[1]
}
