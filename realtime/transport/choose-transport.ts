// Which transport this process uses. uWebSockets.js is a file of machine code for some Nodes and systems: elsewhere (another
// Node, an older glibc, musl) it does not load, and the package ws does the same, at more processor time per message.

import type { Config } from '../../shared/kit/process/config.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { OpenTransport } from './transport.ts'

export interface ChosenTransport {
  name: Exclude<Config['REALTIME_TRANSPORT'], 'auto'>
  open: OpenTransport
}

/** Says so in the log when it takes ws because the other does not load. @throws Error when uws was asked for and does not */
export async function chooseTransport({
  config,
  log,
}: Pick<Runtime, 'config' | 'log'>): Promise<ChosenTransport> {
  if (config.REALTIME_TRANSPORT === 'ws') return loadWs()
  try {
    return { name: 'uws', open: (await import('./uws.ts')).openUwsTransport }
  } catch (error) {
    const reason = reasonOf(error)
    if (config.REALTIME_TRANSPORT === 'uws')
      throw new Error(`REALTIME_TRANSPORT is uws, and uWebSockets.js does not load here: ${reason}`, {
        cause: error,
      })
    log.warn({ reason }, 'uWebSockets.js does not load here; sockets are served by the package ws')
    return loadWs()
  }
}

async function loadWs(): Promise<ChosenTransport> {
  return { name: 'ws', open: (await import('./ws.ts')).openWsTransport }
}

/** The library first says which Nodes it knows, and then what the system said. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return /^Error: (.+)$/m.exec(text)?.[1] ?? text
}
