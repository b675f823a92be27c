// node --import tsx demo/socket-client.ts http://localhost:3000
// Signs in as somebody of the demonstration, asks for a booking, and hears of it on the socket.

import { WebSocket } from 'ws'
import { connect } from '../client/src/socket/connect.ts'

const [origin = 'http://localhost:3000'] = process.argv.slice(2)
let session: { accessToken: string; refreshToken: string } | undefined
session = await post('/auth/login', { email: 'employee@demo.test', password: 'bellhop-demo' })

async function post(path: string, body: object) {
  const headers = {
    'content-type': 'application/json',
    ...(session && { authorization: `Bearer ${session.accessToken}` }),
  }
  const response = await fetch(`${origin}/api/v1${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path}: ${await response.text()}`)
  return JSON.parse(await response.text())
}

const bellhop = connect({
  url: origin,
  // Asked for at every connection and before a token ends; refreshing each time is simple, and good.
  token: async () => {
    session = await post('/auth/refresh', { refreshToken: session?.refreshToken })
    return session?.accessToken
  },
  WebSocket,
  onRefetch: ({ channels }) => process.stdout.write(`Read again what you show of ${channels.join(', ')}\n`),
})

bellhop.on('booking.created', ({ bookingCode, status, createdAt }) => {
  process.stdout.write(`${bookingCode} was asked for at ${createdAt} and is ${status}\n`)
  bellhop.close()
})

// Waits until the client is live, as every command does.
await bellhop.command('ping')
await post('/bookings', {
  bookingType: 'SINGLE_TRIP',
  scheduledDate: '2035-01-15',
  scheduledTime: '08:30',
  passengerCount: 2,
})
