// socket.io on its ws engine with its Redis adapter, as its documentation has it: who is said to come is believed, the
// first request of each socket is let go to save memory. Without connectionStateRecovery: this adapter does not have it.

import { createServer } from 'node:http'
import { createAdapter } from '@socket.io/redis-adapter'
import { Redis } from 'ioredis'
import { Server } from 'socket.io'
import { answerTheBench } from './answering.ts'
import { channelsOf } from './people.ts'

const redis = new Redis(process.env['REDIS_URL'] ?? '')
const subscriber = redis.duplicate()
const server = createServer()
const io = new Server(server, {
  transports: ['websocket'],
  serveClient: false,
  adapter: createAdapter(redis, subscriber),
})
io.engine.on('connection', (socket) => {
  socket.request = null
})
io.on('connection', async (socket) => {
  const id = String(socket.handshake.auth['id'])
  socket.data = { id }
  await socket.join(channelsOf(id))
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  answerTheBench(typeof address === 'object' && address ? address.port : 0)
})
