// A realtime node that may open 256 files, and three hundred people who want to listen: a limit that nobody set is met, as
// on a machine whose defaults were left alone. It takes those whom it can, and goes on.

import { expect } from 'chai'
import { WebSocket } from 'ws'
import { someProcesses, type Processes } from '../support/processes.ts'
import { until } from '../support/until.ts'

const DESCRIPTORS = 256
const PEOPLE = 300

describe('a realtime node that runs out of descriptors', function () {
  let bellhop: Processes
  const sockets = new Set<WebSocket>()
  afterEach(async () => {
    for (const socket of sockets) socket.terminate()
    await bellhop.end()
  })

  it('keeps those who are in, tells them what happens, and takes others as soon as some have left', async function () {
    if (process.platform !== 'linux') this.skip()
    bellhop = await someProcesses()
    const [admin, employee] = [await bellhop.as('admin'), await bellhop.as('employee')]
    const node = await bellhop.launch('realtime', {
      under: ['prlimit', `--nofile=${DESCRIPTORS}`],
      env: { MAX_SOCKETS_PER_USER: '1000' },
    })
    const greeted = new Set<WebSocket>()
    const told = new Map<WebSocket, number>()
    const enter = (): void => {
      const socket = new WebSocket(`${node.origin.replace('http', 'ws')}/ws`, ['bellhop.v1'], {
        headers: { authorization: `Bearer ${admin.accessToken}` },
      })
      sockets.add(socket)
      socket.on('message', (data) => {
        const frame = JSON.parse(String(data))
        if (frame.t === 'hello') greeted.add(socket)
        if (frame.ev === 'ticket.created') told.set(socket, (told.get(socket) ?? 0) + 1)
      })
      socket.on('error', () => undefined)
      socket.on('close', () => {
        sockets.delete(socket)
        greeted.delete(socket)
      })
    }
    for (let n = 0; n < PEOPLE; n++) enter()
    await until('as many are in as there is room for', async () => greeted.size > DESCRIPTORS / 2)
    await employee.post('/supports', { description: 'Hết pin' })
    await until('everybody inside has heard of it', async () =>
      [...greeted].every((socket) => told.get(socket) === 1),
    )

    for (const socket of [...greeted].slice(0, 100)) socket.terminate()
    const late = await until('there is room again', async () => {
      enter()
      return [...greeted].some((socket) => !told.has(socket))
    })
    expect(late).to.equal(undefined)
    await employee.post('/supports', { description: 'Hết pin nữa' })
    await until('the newcomers hear what comes', async () =>
      [...greeted].some((socket) => told.get(socket) === 1 || told.get(socket) === 2),
    )
  })
})
