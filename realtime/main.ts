// Process entry: sockets come in here.

import { readDescriptorLimit } from '../shared/kit/process/descriptors.ts'
import { runProcess } from '../shared/kit/process/run.ts'
import { openRealtime } from './server.ts'

/** For everything but the sockets of clients. */
const OWN_DESCRIPTORS = 100

await runProcess('realtime', async (runtime) => {
  const { port, socketioPort, transport, close } = await openRealtime(runtime)
  runtime.log.info({ port, socketioPort, transport }, 'listening')
  const limit = await readDescriptorLimit()
  if (
    runtime.config.NODE_ENV === 'production' &&
    limit !== undefined &&
    limit < runtime.config.MAX_SOCKETS + OWN_DESCRIPTORS
  ) {
    runtime.log.warn(
      { limit, maxSockets: runtime.config.MAX_SOCKETS },
      'this process may open fewer files than MAX_SOCKETS; raise ulimit -n, or lower the setting',
    )
  }
  return close
})
