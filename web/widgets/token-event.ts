// `bellhop-token`: a widget asks the page for an access token, when it begins, and whenever one ends.
//   element.addEventListener('bellhop-token', (event) => event.detail.provide(fetch('/my-token').then((r) => r.text())))

export type Token = string | undefined | Promise<string | undefined>

export interface TokenRequest {
  /** The one that the server takes no longer. */
  refused: string | undefined
  provide(token: Token): void
}

/** @returns undefined where nobody listens, or nobody is signed in */
export async function askPageForToken(element: HTMLElement, refused?: string): Promise<string | undefined> {
  const provided: Token[] = []
  const detail: TokenRequest = { refused, provide: (token) => void provided.push(token) }
  element.dispatchEvent(new CustomEvent('bellhop-token', { detail, bubbles: true, composed: true }))
  const token = (await provided[0]) || undefined
  return token === refused ? undefined : token
}
