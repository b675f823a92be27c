// How many may come in: per node, per address, and per second. Who is refused is told when to come back (503, Retry-After);
// nobody who is in is touched.

import { networkOf } from '../../shared/kit/outside/client-address.ts'
import { unavailable } from '../../shared/kit/declare/errors.ts'
import { TokenBucket } from '../../shared/kit/process/token-bucket.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'

export class ConnectionLimits {
  readonly #runtime: Runtime
  readonly #byAddress = new Map<string, number>()
  /** Accepting costs a handshake, a signature and a greeting: a crowd is let in at a pace that leaves room for those inside. */
  readonly #pace: TokenBucket

  constructor(runtime: Runtime) {
    this.#runtime = runtime
    const perSecond = runtime.config.ACCEPT_PER_SECOND
    this.#pace = new TokenBucket({ perSecond, burst: perSecond }, performance.now())
  }

  /** Counts one more from this address. @throws AppError 503 */
  admit(from: string, open: number): void {
    const address = networkOf(from)
    const { MAX_SOCKETS, MAX_SOCKETS_PER_ADDRESS } = this.#runtime.config
    if (open >= MAX_SOCKETS) throw unavailable('This node has as many sockets as it takes')
    const own = this.#byAddress.get(address) ?? 0
    if (own >= MAX_SOCKETS_PER_ADDRESS) throw unavailable('There are too many sockets from this address')
    if (!this.#pace.take(performance.now())) throw unavailable('Too many come at once')
    this.#byAddress.set(address, own + 1)
  }

  left(from: string): void {
    const address = networkOf(from)
    const own = (this.#byAddress.get(address) ?? 1) - 1
    if (own > 0) this.#byAddress.set(address, own)
    else this.#byAddress.delete(address)
  }
}
