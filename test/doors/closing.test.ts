// A deploy waits for an API that goes away: its end may depend on nothing that a client does or leaves undone.

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect } from 'chai'
import { io } from 'socket.io-client'
import { startApi, type Api } from '../../api/server.ts'
import { openRealtime, type Realtime } from '../../realtime/server.ts'
import { DEMO_PASSWORD } from '../../shared/demonstration/seed.ts'
import { caller } from '../support/client.ts'
import { PEOPLE } from '../support/people.ts'
import { aWorld, type World } from '../support/world.ts'

const DEADLINE = 2000

describe('an API that goes away', function () {
  let w: World
  let realtime: Realtime
  let api: Api
  before(async () => {
    w = await aWorld({ with: [], env: { SHUTDOWN_DEADLINE: `${DEADLINE / 1000}s` } })
    realtime = await openRealtime(w.runtime)
  })
  after(async () => {
    await realtime.close()
    await w.end()
  })
  beforeEach(async () => {
    api = await startApi({
      ...w.runtime,
      config: {
        ...w.runtime.config,
        REALTIME_URL: `http://127.0.0.1:${realtime.port}`,
        SOCKETIO_URL: `http://127.0.0.1:${realtime.socketioPort}`,
      },
    })
  })

  /** A client that says this, over a connection that it keeps, and says no more. */
  const say = async (text: string): Promise<Socket> => {
    const socket = connect(api.port, '127.0.0.1').on('error', () => undefined)
    await once(socket, 'connect')
    if (text) socket.write(text)
    return socket
  }

  /** By a goodbye or by a reset. */
  const untilCut = async (socket: Socket): Promise<void> => {
    if (!socket.closed)
      await new Promise((resolve) => {
        socket.resume().on('close', resolve)
      })
  }

  const lines = (...heads: string[]): string => `${heads.join('\r\n')}\r\nHost: here\r\n\r\n`

  const UNFINISHED = {
    'who sent half a request':
      'POST /auth/login HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    'who sent half a head': 'GET /livez HTTP/1.1\r\nHo',
    'who said nothing yet': '',
  }
  for (const [who, text] of Object.entries(UNFINISHED)) {
    it(`waits for nobody ${who}`, async () => {
      const socket = await say(text)
      await api.close()
      await untilCut(socket)
    })
  }

  it('ends a connection with the answer that it was waiting for, and takes no further question over it', async () => {
    const socket = await say(
      'POST /auth/login HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n',
    )
    const heard: Buffer[] = []
    socket.on('data', (chunk) => heard.push(chunk))
    const closing = api.close()
    socket.write('{}')
    await closing
    await untilCut(socket)
    expect(Buffer.concat(heard).toString()).to.match(/^HTTP\/1.1 400 /)
  })

  it('cuts off whoever polls, and does not let them begin again over the same connection', async () => {
    const socket = await say(lines('GET /socket.io/?EIO=4&transport=polling HTTP/1.1'))
    const [opened] = await once(socket, 'data')
    const sid = /"sid":"([^"]+)"/.exec(String(opened))?.[1]
    socket.write(lines(`GET /socket.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1`))
    await api.close()
    await untilCut(socket)
  })

  it('ends while clients that poll come, go and begin again', async () => {
    const { body } = await caller(`http://127.0.0.1:${api.port}`).post('/auth/login', {
      email: PEOPLE.employee,
      password: DEMO_PASSWORD,
    })
    const open = (transports: string[]) =>
      io(`http://127.0.0.1:${api.port}/notifications`, {
        transports,
        forceNew: true,
        reconnectionDelay: 1,
        reconnectionDelayMax: 2,
        auth: { token: body.accessToken },
      })
    const clients = [
      ...Array.from({ length: 10 }, () => open(['polling'])),
      ...Array.from({ length: 5 }, () => open(['polling', 'websocket'])),
    ]
    await Promise.all(
      clients.map(
        (client) =>
          new Promise((resolve) => {
            client.once('connected', resolve)
          }),
      ),
    )
    for (const client of clients.slice(0, 5)) client.disconnect()
    await api.close()
    for (const client of clients) client.disconnect()
  })
})
