// Listening where a setting says, or a sentence that names the setting.

import { once } from 'node:events'
import type { Server } from 'node:net'

export type PortSetting = 'PORT' | 'REALTIME_PORT' | 'SOCKETIO_PORT' | 'WORKER_PORT'

/** @returns the port. @throws Error where nothing can listen there */
export async function listenOn(
  server: Server,
  name: PortSetting,
  host: string,
  port: number,
): Promise<number> {
  server.listen({ host, port, exclusive: true })
  await once(server, 'listening').catch((error: unknown) => {
    throw cannotListen(name, host, port, error)
  })
  const address = server.address()
  return typeof address === 'object' && address ? address.port : port
}

export function cannotListen(name: PortSetting, host: string, port: number, cause?: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
  const advice =
    code === undefined || code === 'EADDRINUSE'
      ? `mostly another process does. Set ${name} to another port, or stop that.`
      : `${code}. HOST must be an address of this machine, and ${name} a port that may be had.`
  return new Error(`Nothing can listen on ${host}, port ${port}: ${advice}`)
}
