// What every page is: an element in the light of the document, redrawn when what it follows changes.

import { LitElement, type ReactiveController, type ReactiveControllerHost } from 'lit'
import type { LiveList } from '../client/src/index.ts'
import type { Shared } from './client.ts'
import type { Address } from './router.ts'

/** Its styles are those of the whole console. */
export abstract class Part extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this
  }
}

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

/** A live list, for as long as its host is shown. */
export class Followed<List extends LiveList<unknown>> implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #open: () => List | undefined
  #list: List | undefined
  #end: (() => void) | undefined

  constructor(host: ReactiveControllerHost, open: () => List | undefined) {
    this.#host = host
    this.#open = open
    host.addController(this)
  }

  hostConnected(): void {
    this.#list = this.#open()
    this.#end = this.#list?.subscribe(() => this.#host.requestUpdate())
  }

  hostDisconnected(): void {
    this.#end?.()
    this.#list?.close()
    this.#list = undefined
  }

  /** Asks again, as what it asks for has changed. */
  reopen(): void {
    this.hostDisconnected()
    this.hostConnected()
    this.#host.requestUpdate()
  }

  /** There while the host is shown, unless there is nothing to ask for yet. */
  get list(): List | undefined {
    return this.#list
  }
}
