// How texts are written that are more than text: their check, and what is said to whoever got it wrong.
// Promise: what passes is what JavaScript, PostgreSQL and the network can use; ajv-formats takes more than they do.

import { isNetwork } from '../outside/client-address.ts'
import { isOneLine } from '../text/text.ts'

interface Format {
  /** Besides the one of ajv-formats of the same name, where there is one. */
  isRight?: (text: string) => boolean
  says: string
}

export const STRING_FORMATS: Readonly<Record<string, Format>> = {
  date: { isRight: (text) => !text.startsWith('0000'), says: 'must be a day, written YYYY-MM-DD' },
  'date-time': { isRight: isInstant, says: 'must be an instant, written like 2031-03-10T08:30:00Z' },
  'time-of-day': {
    isRight: (text) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text),
    says: 'must be a time of day, written HH:mm',
  },
  'time-zone': { isRight: isTimeZone, says: 'must be an IANA time zone such as Asia/Ho_Chi_Minh' },
  uuid: { says: 'must be a UUID' },
  'uuid-or-number': {
    isRight: (text) => /^(\d{1,9}|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})$/i.test(text),
    says: 'must be a UUID or a number',
  },
  email: { isRight: (text) => text.indexOf('@') <= 64, says: 'must be an e-mail address' },
  'web-address': {
    isRight: isWebAddress,
    says: 'must be the address of a page or service, such as https://example.com/path',
  },
  network: { isRight: isNetwork, says: 'must be an address or a network, such as 203.0.113.0/24' },
  'one-line': {
    isRight: isOneLine,
    says: 'must be one line, without control characters and marks that turn the direction of writing',
  },
}

/** The second 60 and what an offset moves out of the years 1 to 9999 are instants to ajv-formats, and to nobody else. */
function isInstant(text: string): boolean {
  const at = new Date(text)
  return !Number.isNaN(at.getTime()) && at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9999
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** What can be connected to, once its name is looked up: `format: uri` takes ports and hosts that cannot be. */
export function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, port } = new URL(text)
  return /^https?:$/.test(protocol) && port !== '0' && (hostname.startsWith('[') || isHostName(hostname))
}

/** RFC 1035: labels of 1 to 63 characters, 253 in all; the URL has lower case and punycode already. */
function isHostName(hostname: string): boolean {
  const name = hostname.replace(/\.$/, '')
  return (
    name.length <= 253 && name.split('.').every((label) => /^[a-z\d_]([a-z\d_-]{0,61}[a-z\d_])?$/.test(label))
  )
}
