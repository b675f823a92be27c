// What every part of a face is: an element in the light of whoever holds it, redrawn when what it follows changes.

import { LitElement, type ReactiveController, type ReactiveControllerHost } from 'lit'
import type { LiveList } from '../../client/src/index.ts'

/** Its styles are those of the console, or of the widget that it stands in. */
export abstract class Part extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this
  }
}

/** Milliseconds in which changes are drawn together: some frames, so that a page answers whoever clicks while much happens. */
const TOGETHER = 50

/** A live list, for as long as its host is shown. */
export class Followed<List extends LiveList<unknown>> implements ReactiveController {
  readonly #host: ReactiveControllerHost
  readonly #open: () => List | undefined
  #list: List | undefined
  #end: (() => void) | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(host: ReactiveControllerHost, open: () => List | undefined) {
    this.#host = host
    this.#open = open
    host.addController(this)
  }

  hostConnected(): void {
    this.#list = this.#open()
    this.#end = this.#list?.subscribe(this.#drawSoon)
  }

  /** A timer, for a page that nobody looks at draws no frames and still has a title. */
  #drawSoon = (): void => {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#host.requestUpdate()
    }, TOGETHER)
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
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
