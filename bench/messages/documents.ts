// The comparison: messages as the documents would have them served, by the packages that they name. A transaction of one
// query per step through a query builder, pages by offset with a count, search by ILIKE, delivery by Socket.IO with its
// Redis adapter. Kinder than they are: one notification per message, whatever the size of the room, and no look at the person.

import { createServer } from 'node:http'
import { createAdapter } from '@socket.io/redis-adapter'
import express, { type Request } from 'express'
import { Redis } from 'ioredis'
import jwt from 'jsonwebtoken'
import knex from 'knex'
import { Server } from 'socket.io'

const { DATABASE_URL = '', REDIS_URL = '', JWT_SECRET = '', PORT } = process.env
const db = knex({
  client: 'pg',
  connection: DATABASE_URL,
  pool: { min: 0, max: 10 },
  searchPath: ['documents', 'public'],
})
const app = express()
const server = createServer(app)
const publisher = new Redis(REDIS_URL)
const io = new Server(server, {
  transports: ['websocket'],
  adapter: createAdapter(publisher, publisher.duplicate()),
})

const personOf = (token: string): string =>
  String(jwt.verify(token, JWT_SECRET, { algorithms: ['HS256'] }).sub)
const callerOf = (req: Request): string => personOf((req.get('authorization') ?? '').slice('Bearer '.length))

io.use((socket, next) => {
  socket.data['userId'] = personOf(String(socket.handshake.auth['token']))
  next()
})
io.on('connection', async (socket) => {
  const rooms: { room_id: string }[] = await db('participants')
    .where({ user_id: socket.data['userId'] })
    .select('room_id')
  await socket.join(rooms.map((room) => `room:${room.room_id}`))
})

app.use(express.json())

app.post('/chat/rooms/:id/messages', async (req, res) => {
  const userId = callerOf(req)
  const message = await db.transaction(async (trx) => {
    const room = await trx('chat_rooms').where({ id: req.params.id }).first()
    if (room?.status !== 'ACTIVE') throw new Error('There is no such room')
    if (!(await trx('participants').where({ room_id: room.id, user_id: userId }).first()))
      throw new Error('Not in the room')
    const [saved] = await trx('chat_messages')
      .insert({
        chat_room_id: room.id,
        sender_id: userId,
        content: req.body.content,
        message_type: 'text',
        status: 'SENT',
        created_at: new Date(),
      })
      .returning('*')
    await trx('chat_rooms').where({ id: room.id }).update({ last_message_at: new Date() })
    await trx('chat_notifications').insert({
      user_id: userId,
      type: 'NEW_CHAT_MESSAGE',
      title: 'Tin nhắn mới',
      message: req.body.content.slice(0, 100),
      created_at: new Date(),
    })
    return saved
  })
  const { created_at: createdAt, ...rest } = message
  const answer = { ...rest, createdAt }
  io.to(`room:${req.params.id}`).emit('newMessage', { ...answer, sender: { id: userId } })
  res.status(201).json(answer)
})

app.get('/chat/rooms/:id/messages', async (req, res) => {
  const rows = () => db('chat_messages').where({ chat_room_id: req.params.id })
  const items = await rows()
    .orderBy('created_at', 'desc')
    .limit(Number(req.query['limit']))
    .offset(Number(req.query['offset']))
  const counted = await rows().count('* as total').first()
  res.json({ items, total: Number(counted?.['total']) })
})

app.get('/chat/messages/search', async (req, res) => {
  const found = await db('chat_messages as m')
    .join('participants as p', 'p.room_id', 'm.chat_room_id')
    .where('p.user_id', callerOf(req))
    .whereILike('m.content', `%${String(req.query['q'])}%`)
    .orderBy('m.created_at', 'desc')
    .limit(20)
    .select('m.*')
  res.json(found)
})

server.listen(Number(PORT), '127.0.0.1')
