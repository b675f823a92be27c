// Where a request comes from: one spelling for each address, and what is counted as one place.
// Promise: a client cannot choose what it is taken for. X-Forwarded-For is believed for as many proxies as TRUST_PROXY says;
// our API, which hands requests on to the realtime process, signs the address that it saw.

import { BlockList, isIP, isIPv4 } from 'node:net'
import type { Config } from '../process/config.ts'
import { isSigned, signText } from './signature.ts'

/** Of what the API hands on. A client's own is never passed on. */
export const CLIENT_HEADER = 'x-bellhop-client'
const signedText = (address: string): string => `link client address ${address}`

type Settings = Pick<Config, 'TRUST_PROXY' | 'JWT_SECRET'>

export interface SeenAddress {
  /** Of the connection. */
  remote: string
  /** X-Forwarded-For, to which each proxy added whom it saw; '' when there is none. */
  forwarded: string
  /** CLIENT_HEADER; '' when there is none. */
  signed?: string
}

export function clientAddress(settings: Settings, { remote, forwarded, signed = '' }: SeenAddress): string {
  const said = readSignedAddress(settings, signed)
  if (said !== undefined) return said
  const seen = forwarded === '' || settings.TRUST_PROXY === 0 ? [] : forwarded.split(',')
  return readAddress(seen.at(-settings.TRUST_PROXY) ?? seen[0] ?? '') ?? readAddress(remote) ?? remote
}

export function signAddress(settings: Settings, address: string): string {
  return `${address} ${signText(settings, signedText(address))}`
}

function readSignedAddress(settings: Settings, text: string): string | undefined {
  const [, address, signature] = /^(\S+) ([\w-]{43})$/.exec(text) ?? []
  return address && signature && isSigned(settings, signedText(address), signature) ? address : undefined
}

/** One spelling, without port and zone; IPv4 inside of IPv6 is IPv4. @returns undefined for what is no address */
export function readAddress(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/^\[(.*)\](:\d+)?$/, '$1')
    .replace(/^([\d.]+):\d+$/, '$1')
    .replace(/%.*$/, '')
  if (isIPv4(bare)) return bare
  if (isIP(bare) !== 6) return undefined
  const short = new URL(`http://[${bare}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(short) ?? []
  return high && low
    ? [high, low]
        .flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])
        .join('.')
    : short
}

/** What limits count as one place: an IPv4 address, or the /64 that one customer of a provider has of IPv6. */
export function networkOf(address: string): string {
  const one = readAddress(address)
  if (!one?.includes(':')) return one ?? address
  const [head = [], tail] = one.split('::').map((part) => (part === '' ? [] : part.split(':')))
  const groups = tail ? [...head, ...Array<string>(8 - head.length - tail.length).fill('0'), ...tail] : head
  return `${groups.slice(0, 4).join(':')}::/64`
}

/** An address, or one with the bits of its network behind it: 203.0.113.0/24. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  return (
    family !== 0 &&
    rest.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)))
  )
}

export function isAddressWithin(address: string, networks: readonly string[]): boolean {
  const list = new BlockList()
  for (const network of networks) {
    const [base = '', bits] = network.split('/')
    const family = isIPv4(base) ? 'ipv4' : 'ipv6'
    list.addSubnet(base, Number(bits ?? (family === 'ipv4' ? 32 : 128)), family)
  }
  return isIP(address) !== 0 && list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}
