// A server of ours that ends unasked is started again in its place, so that an outage is one and not the end.

import type { EmbeddedServer } from './postgres.ts'
import { pause, type Say } from './processes.ts'

interface KeptServer {
  url: string
  stop(): Promise<void>
}

const RETRY = 1000

export async function keepRunning(
  name: string,
  start: () => Promise<EmbeddedServer>,
  say: Say,
): Promise<KeptServer> {
  let server = await start()
  let stopping = false

  async function again(): Promise<void> {
    await pause(RETRY)
    if (stopping) return
    try {
      server = await start()
      // Asked to stop while it came up.
      if (stopping) await server.stop()
    } catch (error) {
      say(`${name} does not come up again: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  async function watch(): Promise<void> {
    while (!stopping) {
      await server.ended
      if (stopping) return
      say(`${name} ended unasked; starting it again.`)
      await again()
    }
  }

  const watching = watch()
  return {
    url: server.url,
    async stop() {
      stopping = true
      await server.stop()
      await watching
    },
  }
}
