// The connection underneath, which the namespaces of one client share.
// Danger: it takes whatever it is given and never drops or refuses. What waits in it is counted here, for the hub to act.

import type { UploadGuard } from './upload-guard.ts'

interface Packet {
  data?: unknown
}

/** As much of an Engine.IO connection as we need. */
interface Engine {
  readonly transport: object
  on(event: 'packetCreate', listener: (packet: Packet) => void): unknown
  on(event: 'flush' | 'upgrade', listener: () => void): unknown
}

export class EngineConnection {
  /** Namespaces on it. */
  tenants = 0
  readonly #engine: Engine
  /** Bytes that the transport has not been given, as it is still busy or nobody polls. */
  #waiting = 0
  readonly #intake: UploadGuard
  #isLetIn = false

  constructor(engine: Engine, intake: UploadGuard) {
    this.#engine = engine
    this.#intake = intake
    engine.on('upgrade', () => {
      if (this.#isLetIn) this.letIn()
    })
    engine.on('packetCreate', ({ data }) => {
      this.#waiting += typeof data === 'string' ? Buffer.byteLength(data) : 0
    })
    engine.on('flush', () => {
      this.#waiting = 0
    })
  }

  /** Its client was let in, whatever it is sent over from now on. */
  letIn(): void {
    this.#isLetIn = true
    const socket = socketIn(this.#engine.transport)
    if (socket) this.#intake.letIn(socket)
  }

  /** A file that came over it is stored, or refused. */
  stored(): void {
    const socket = socketIn(this.#engine.transport)
    if (socket) this.#intake.stored(socket)
  }

  backlog(): number {
    return this.#waiting + bufferedIn(this.#engine.transport)
  }
}

/** A WebSocket keeps what the network has not taken; a poll's answer is gone once it is given. */
function bufferedIn(transport: object): number {
  const socket = socketIn(transport)
  return socket && 'bufferedAmount' in socket ? Number(socket.bufferedAmount) : 0
}

/** The WebSocket, where it is one. */
function socketIn(transport: object): object | undefined {
  const socket = 'socket' in transport ? transport.socket : undefined
  return typeof socket === 'object' && socket !== null ? socket : undefined
}
