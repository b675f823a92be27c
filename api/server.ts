// The HTTP server around the app: listens, forwards sockets to the realtime process, drains.

import { createServer } from 'node:http'
import { once } from 'node:events'
import type { House } from '../shared/kit/house.ts'
import { makeApp } from './app.ts'
import { openLimits } from './http/rate-limit.ts'
import { forwardSockets } from './http/proxy.ts'

export interface Api {
  port: number
  close(): Promise<void>
}

export async function openApi(house: House): Promise<Api> {
  const server = createServer(makeApp(house))
  // A little longer than a proxy keeps its idle connections, so that none is closed under a request.
  server.keepAliveTimeout = 65_000
  const sockets = forwardSockets(house, openLimits(house), server)
  server.listen(house.config.PORT, house.config.HOST)
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : house.config.PORT,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      sockets.close()
      await closed
    },
  }
}
