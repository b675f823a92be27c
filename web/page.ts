// What every page is: an element that knows its address, redrawn when what it follows changes.

import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { Shared } from './client.ts'
import type { Address } from './router.ts'
import { Part } from './shared/part.ts'

export { Followed, Part } from './shared/part.ts'

export abstract class Page extends Part {
  static override properties = { address: { attribute: false } }
  declare address: Address
}

/** Redraws its host when any of these changes. */
export class Watched implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #shared: readonly Pick<Shared<unknown>, 'subscribe'>[]
  #ends: (() => void)[] = []

  constructor(host: ReactiveControllerHost, ...shared: readonly Pick<Shared<unknown>, 'subscribe'>[]) {
    this.#host = host
    this.#shared = shared
    host.addController(this)
  }

  hostConnected(): void {
    this.#ends = this.#shared.map((each) => each.subscribe(() => this.#host.requestUpdate()))
  }

  hostDisconnected(): void {
    for (const end of this.#ends.splice(0)) end()
  }
}
