// Process entry: sockets come in here.

import { readDescriptorLimit } from '../shared/kit/descriptors.ts'
import { runProcess } from '../shared/kit/process.ts'
import { openRealtime } from './server.ts'

/** For everything but the sockets of clients. */
const OWN_DESCRIPTORS = 100

await runProcess('realtime', async (house) => {
  const { port, socketioPort, close } = await openRealtime(house)
  house.log.info({ port, socketioPort }, 'listening')
  const limit = await readDescriptorLimit()
  if (house.config.NODE_ENV === 'production' && limit !== undefined && limit < house.config.MAX_SOCKETS + OWN_DESCRIPTORS) {
    house.log.warn({ limit, maxSockets: house.config.MAX_SOCKETS }, 'this process may open fewer files than MAX_SOCKETS; raise ulimit -n, or lower the setting')
  }
  return close
})
