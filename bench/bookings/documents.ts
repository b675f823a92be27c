// The comparison: a booking as the documents would have it asked for, by the packages that they name. One process, a transaction
// of one query per step through a query builder, then an emit of Socket.IO. Kinder than they are: no job for the reminder, no
// look at delegates, no audit.

import { createServer } from 'node:http'
import express, { type Request } from 'express'
import jwt from 'jsonwebtoken'
import knex from 'knex'
import { Server } from 'socket.io'

const { DATABASE_URL = '', JWT_SECRET = '', PORT } = process.env
const db = knex({
  client: 'pg',
  connection: DATABASE_URL,
  pool: { min: 0, max: 10 },
  searchPath: ['documents', 'public'],
})
const app = express()
const server = createServer(app)
const io = new Server(server, { transports: ['websocket'] })

await db.raw(`
  create schema documents;
  create table documents.bookings (id uuid primary key default gen_random_uuid(), code text not null, requester_id uuid not null,
    type text not null, status text not null, day date not null, time text not null, passengers integer not null, created_at timestamptz not null);
  create index on documents.bookings (day);
  create table documents.approvals (id uuid primary key default gen_random_uuid(), booking_id uuid not null references documents.bookings,
    approver_id uuid not null, status text not null, expires_at timestamptz not null, created_at timestamptz not null);
  create table documents.notifications (id uuid primary key default gen_random_uuid(), user_id uuid not null, type text not null, title text not null,
    message text not null, is_read boolean not null default false, created_at timestamptz not null);
  create index on documents.notifications (user_id)`)

const personOf = (token: string): string =>
  String(jwt.verify(token, JWT_SECRET, { algorithms: ['HS256'] }).sub)
const callerOf = (req: Request): string => personOf((req.get('authorization') ?? '').slice('Bearer '.length))

io.use((socket, next) => {
  socket.data['userId'] = personOf(String(socket.handshake.auth['token']))
  next()
})
io.on('connection', (socket) => socket.join(`user:${socket.data['userId']}`))

let made = 0

app.use(express.json())
app.post('/bookings', async (req, res) => {
  const userId = callerOf(req)
  const { booking, approval } = await db.transaction(async (trx) => {
    const requester = await trx('users').where({ id: userId }).first()
    const manager = await trx('users').where({ id: requester.manager_id, is_active: true }).first()
    if (!manager) throw new Error('There is no manager')
    const [saved] = await trx('bookings')
      .insert({
        code: `TRIP-${++made}`,
        requester_id: userId,
        type: req.body.bookingType,
        status: 'PENDING_APPROVAL',
        day: req.body.scheduledDate,
        time: req.body.scheduledTime,
        passengers: req.body.passengerCount,
        created_at: new Date(),
      })
      .returning('*')
    const [asked] = await trx('approvals')
      .insert({
        booking_id: saved.id,
        approver_id: manager.id,
        status: 'PENDING',
        expires_at: new Date(Date.now() + 86_400_000),
        created_at: new Date(),
      })
      .returning('*')
    await trx('notifications').insert({
      user_id: manager.id,
      type: 'APPROVAL_REQUIRED',
      title: 'Cần phê duyệt',
      message: `${requester.full_name} xin đặt xe ${saved.code}`,
      created_at: new Date(),
    })
    return { booking: saved, approval: asked }
  })
  io.to(`user:${approval.approver_id}`).emit('approvalRequested', { bookingId: booking.id, approval })
  res.status(201).json({ id: booking.id, createdAt: booking.created_at })
})

server.listen(Number(PORT), '127.0.0.1')
