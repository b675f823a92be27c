// Addresses of the console: a section, perhaps one thing in it, and a query. Links are plain links.

import { Shared } from './client.ts'

export interface Address {
  /** Empty: my day. */
  section: string
  id: string | undefined
  query: URLSearchParams
}

export const address = new Shared<Address>(readAddress())

function readAddress(): Address {
  const parts = location.pathname.split('/').filter(Boolean)
  const [first = '', id] = parts
  // Nothing lies deeper.
  const section = parts.length > 2 ? parts.join('/') : first
  return { section, id: id && decodeURIComponent(id), query: new URLSearchParams(location.search) }
}

export function navigate(to: string, { replace = false } = {}): void {
  history[replace ? 'replaceState' : 'pushState'](undefined, '', to)
  address.set(readAddress())
}

/** @param query what is empty is left out */
export function linkTo(section: string, id?: string, query: Readonly<Record<string, string>> = {}): string {
  const given = Object.entries(query).filter(([, value]) => value)
  const path = [section, id].filter((part) => part !== undefined).map(encodeURIComponent)
  return `/${path.join('/')}${given.length > 0 ? `?${new URLSearchParams(given)}` : ''}`
}

/**
 * Takes plain clicks on links of the console; anything else is the browser's.
 * @param isOurs whether a section is a page of the console @returns what ends it
 */
export function followLinks(isOurs: (section: string) => boolean): () => void {
  const turned = (): void => address.set(readAddress())
  const clicked = (event: MouseEvent): void => {
    const link = plainlyClicked(event)
    if (!link || !isOurs(link.pathname.split('/')[1] ?? '')) return
    event.preventDefault()
    navigate(link.pathname + link.search)
    scrollTo(0, 0)
  }
  addEventListener('popstate', turned)
  document.addEventListener('click', clicked)
  return () => {
    removeEventListener('popstate', turned)
    document.removeEventListener('click', clicked)
  }
}

function plainlyClicked(event: MouseEvent): HTMLAnchorElement | undefined {
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey
  if (event.defaultPrevented || !isPlain) return undefined
  const link = event.composedPath().find((each) => each instanceof HTMLAnchorElement)
  if (!link || link.origin !== location.origin || link.target || link.hasAttribute('download'))
    return undefined
  return link
}
