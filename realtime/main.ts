// Process entry: sockets come in here.

import { runProcess } from '../shared/kit/process.ts'
import { openRealtime } from './server.ts'

await runProcess('realtime', async (house) => {
  const { port, socketioPort, close } = await openRealtime(house)
  house.log.info({ port, socketioPort }, 'listening')
  return close
})
