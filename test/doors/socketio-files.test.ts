import type { Socket } from 'node:net'
import { expect } from 'chai'
import type { WebSocket } from 'ws'
import { openRealtime } from '../../realtime/server.ts'
import { openPackets, openSocketio, type SocketioPerson } from '../support/socketio.ts'
import { until } from '../support/until.ts'
import { PNG } from '../support/upload.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const MEBIBYTE = 1024 * 1024
const ofSize = (bytes: number): Buffer => Buffer.concat([PNG, Buffer.alloc(bytes - PNG.length)])

describe('files over Socket.IO', () => {
  let w: World
  let employee: Person
  const open: SocketioPerson[] = []
  before(async () => {
    w = await aWorld({ env: { MAX_FILE_SIZE: String(8 * MEBIBYTE) } })
    employee = await w.as('employee')
  })
  afterEach(() => open.splice(0).forEach((each) => each.close()))
  after(() => w.end())

  async function connect(
    options: Parameters<typeof openSocketio>[1] = {},
    isLetIn = true,
  ): Promise<SocketioPerson> {
    const socket = openSocketio(`${w.url}/`, {
      auth: { token: isLetIn ? employee.accessToken : 'made-up' },
      reconnection: false,
      transports: ['websocket'],
      ...options,
    })
    open.push(socket)
    if (isLetIn) await socket.asks('token', { token: employee.accessToken })
    return socket
  }

  it('are taken up to the largest size, one after the other and at once', async () => {
    for (const transports of [['websocket'], ['polling', 'websocket']]) {
      const socket = await connect({ transports })
      await until('it is a WebSocket', async () => socket.client.io.engine.transport.name === 'websocket')
      const answers = await Promise.all(
        [8 * MEBIBYTE, 100_000, 3 * MEBIBYTE].map((bytes) =>
          socket.asks('file_upload', { file: ofSize(bytes), filename: 'ảnh.png' }),
        ),
      )
      expect(answers.map(({ ok, data }) => [ok, data?.size])).to.deep.equal([
        [true, 8 * MEBIBYTE],
        [true, 100_000],
        [true, 3 * MEBIBYTE],
      ])
      const got = await fetch(w.url + answers[2]?.data.url, {
        headers: { authorization: `Bearer ${employee.accessToken}` },
      })
      expect((await got.arrayBuffer()).byteLength).to.equal(3 * MEBIBYTE)
    }
  })

  it('are refused with a word when they are a little too large, and cut off when they are more', async () => {
    const socket = await connect()
    socket.says('file_upload', { file: ofSize(8 * MEBIBYTE + 1), filename: 'a.png' })
    expect(await socket.hears('file_upload_response')).to.deep.equal({
      error: `The file is larger than ${8 * MEBIBYTE} bytes`,
    })
    socket.says('file_upload', { file: ofSize(9 * MEBIBYTE), filename: 'a.png' })
    expect(await socket.ended).to.be.oneOf(['transport close', 'transport error'])
  })

  it('are taken from nobody who was not let in, and large frames that are no files from nobody at all', async () => {
    const stranger = await connect({}, false)
    stranger.says('file_upload', { file: ofSize(MEBIBYTE), filename: 'a.png' })
    await stranger.ended
    expect(stranger.heard.map(({ name }) => name)).to.not.include('file_upload_response')
    const { ws, hears } = await openPackets(w.url)
    await hears('0{')
    void sendPart(ws, 8 * MEBIBYTE, MEBIBYTE)
    // At once, and not for naming no namespace in time.
    await until('they are cut off', async () => ws.readyState === ws.CLOSED, 4000)
    for (const [name, data] of [
      ['send_message', { content: 'x'.repeat(MEBIBYTE) }],
      ['send_message', { content: ofSize(MEBIBYTE) }],
      ['typing', { x: 'x'.repeat(70_000) }],
    ] as const) {
      const socket = await connect()
      socket.says(name, data)
      expect(await socket.ended).to.be.oneOf(['transport close', 'transport error'])
    }
  })

  it('together take no more memory than is set aside, and give it back', async () => {
    const node = await openRealtime(w.runtime)
    const slow: Slow[] = []
    // 64 MiB are set aside, so that nine of these fit.
    for (let n = 0; n < 10; n++)
      slow.push(await beginUpload(node.socketioPort, employee.accessToken, 8 * MEBIBYTE, 7 * MEBIBYTE))
    const gone = (): number => slow.filter(({ isGone }) => isGone()).length
    await until('one too many is cut off', async () => gone() === 1)
    expect(await w.runtime.metrics.registry.getSingleMetricAsString('bellhop_refusals_total')).to.match(
      /too_large"\} [1-9]/,
    )
    const socket = openSocketio(`http://127.0.0.1:${node.socketioPort}/`, {
      auth: { token: employee.accessToken },
      reconnection: false,
      transports: ['websocket'],
    })
    open.push(socket)
    const refused = socket.asks('file_upload', { file: ofSize(8 * MEBIBYTE), filename: 'a.png' }).then(
      () => 'taken',
      () => 'cut off',
    )
    expect(await Promise.race([refused, socket.ended.then(() => 'cut off')])).to.equal('cut off')
    expect(gone()).to.equal(1)
    for (const each of slow) each.leave()
    const sockets = async (): Promise<number> => (await w.runtime.metrics.sockets.get()).values[0]?.value ?? 0
    await until('they have left', async () => (await sockets()) === 0)
    const next = openSocketio(`http://127.0.0.1:${node.socketioPort}/`, {
      auth: { token: employee.accessToken },
      reconnection: false,
      transports: ['websocket'],
    })
    open.push(next)
    await next.asks('token', { token: employee.accessToken })
    expect(await next.asks('file_upload', { file: ofSize(8 * MEBIBYTE), filename: 'a.png' })).to.deep.include(
      { ok: true },
    )
    await node.close()
  })
})

interface Slow {
  isGone(): boolean
  leave(): void
}

/** Says that a file of `size` bytes comes, sends `part` of them, and stops. */
async function beginUpload(port: number, token: string, size: number, part: number): Promise<Slow> {
  const { ws } = await openPackets(`http://127.0.0.1:${port}`, token)
  let isGone = false
  ws.on('close', () => {
    isGone = true
  })
  await sendPart(ws, size, part)
  return { isGone: () => isGone, leave: () => void ws.terminate() }
}

function sendPart(ws: WebSocket, size: number, part: number): Promise<unknown> {
  ws.send('451-["file_upload",{"file":{"_placeholder":true,"num":0},"filename":"a.png"}]')
  const head = Buffer.alloc(14)
  head.set([0x82, 0xff])
  head.writeBigUInt64BE(BigInt(size), 2)
  const { _socket: tcp } = ws as unknown as { _socket: Socket }
  tcp.write(head)
  return new Promise((resolve) => tcp.write(Buffer.alloc(part), resolve))
}
