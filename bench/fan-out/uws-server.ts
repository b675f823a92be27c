// Raw uWebSockets.js, with nothing around it: who is said to come is believed, what is said is published.

import uWS from 'uWebSockets.js'
import { answerTheBench } from './answering.ts'
import { channelsOf, EVERYBODY } from './people.ts'

interface Guest {
  id: string
}

const app = uWS.App()
app.ws<Guest>('/ws', {
  idleTimeout: 60,
  maxBackpressure: 2 * 1024 * 1024,
  upgrade: (res, req, context) => {
    res.upgrade({ id: req.getQuery('id') ?? '' }, req.getHeader('sec-websocket-key'), '', '', context)
  },
  open: (socket) => {
    for (const channel of channelsOf(socket.getUserData().id)) socket.subscribe(channel)
  },
})
app.ws<Guest>('/publish', {
  idleTimeout: 0,
  message: (_socket, bytes) => void app.publish(EVERYBODY, bytes),
})
app.listen('127.0.0.1', 0, (socket) => {
  if (socket) answerTheBench(uWS.us_socket_local_port(socket))
})
