// What is done with an element once, when it stands in the document. That of Lit (`ref`) does more, which a widget has no room for.

import { noChange } from 'lit'
import { Directive, directive, type ElementPart } from 'lit/directive.js'

class Appeared extends Directive {
  #hasRun = false

  override render(_act: (element: HTMLElement) => void): typeof noChange {
    return noChange
  }

  override update({ element }: ElementPart, [act]: Parameters<this['render']>): typeof noChange {
    if (!this.#hasRun && element instanceof HTMLElement)
      queueMicrotask(() => element.isConnected && act(element))
    this.#hasRun = true
    return noChange
  }
}

/** Stands in the tag of the element. */
export const appeared = directive(Appeared)
