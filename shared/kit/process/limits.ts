// Every limit in one table, as docs/OPERATIONS.md shows it: who is counted, how much, in which time, and what is
// said above it. The setting LIMITS changes amounts by name.

import type { Config } from './config.ts'

/** network: an IPv4 address or a /64 of IPv6. person: of one account, guests included. */
type Counted = 'account' | 'network' | 'organisation' | 'person' | 'person, program or network'

interface LimitRow {
  who: Counted
  amount: number | ((config: Config) => number)
  /** at once: until it is over. in all: until something of it is taken away. */
  seconds: number | 'at once' | 'in all' | ((config: Config) => number)
  refusal: string
  /** In how many parts a process takes it and counts it out by itself (limiter.ts). Without: each asks Redis, and it is exact. */
  parts?: number
}

const MINUTE = 60
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const MEBIBYTE = 1024 * 1024

const share =
  (part: number) =>
  ({ MAX_UPLOADS }: Config): number =>
    Math.max(1, Math.floor(MAX_UPLOADS * part))
const loginWindow = ({ LOGIN_WINDOW }: Config): number => Math.ceil(LOGIN_WINDOW / 1000)

/** Identities of guests cost nothing, so that they are counted by network and organisation as well. */
export const LIMITS = {
  requests: {
    who: 'person, program or network',
    amount: (config) => config.RATE_LIMIT_PER_MINUTE,
    seconds: MINUTE,
    refusal: 'Too many requests',
    parts: 50,
  },
  forwarded: {
    who: 'network',
    amount: 6000,
    seconds: MINUTE,
    refusal: 'Too many connections from this address',
    parts: 50,
  },
  'sign-in.account': {
    who: 'account',
    amount: 5,
    seconds: loginWindow,
    refusal: 'Too many failed sign-ins to this account',
  },
  'sign-in.network': {
    who: 'network',
    amount: 20,
    seconds: loginWindow,
    refusal: 'Too many failed sign-ins from this address',
  },
  'reset.account': {
    who: 'account',
    amount: 5,
    seconds: HOUR,
    refusal: 'Too many mails were asked for this address',
  },
  'reset.network': {
    who: 'network',
    amount: 30,
    seconds: HOUR,
    refusal: 'Too many new passwords were asked for from this address',
  },
  'guests.network': {
    who: 'network',
    amount: 100,
    seconds: 10 * MINUTE,
    refusal: 'Too many guests from this address',
  },
  'guests.organisation': {
    who: 'organisation',
    amount: 3000,
    seconds: HOUR,
    refusal: 'Too many guests at once',
  },
  'messages.person': { who: 'person', amount: 40, seconds: 2, refusal: 'Too many messages', parts: 20 },
  'messages.guest': { who: 'person', amount: 10, seconds: MINUTE, refusal: 'Too many messages' },
  'events.organisation': {
    who: 'organisation',
    amount: 300,
    seconds: MINUTE,
    refusal: 'Too many events',
    parts: 50,
  },
  'tickets.person': { who: 'person', amount: 30, seconds: HOUR, refusal: 'Too many tickets' },
  'subscriptions.person': {
    who: 'person',
    amount: 20,
    seconds: 'in all',
    refusal: 'Too many browsers are subscribed: unsubscribe one first',
  },
  'subscriptions.guest': {
    who: 'person',
    amount: 3,
    seconds: 'in all',
    refusal: 'Too many browsers are subscribed: unsubscribe one first',
  },
  'uploads.person': {
    who: 'person',
    amount: share(1 / 4),
    seconds: 'at once',
    refusal: 'You have too many uploads under way',
  },
  'uploads.guest': {
    who: 'person',
    amount: share(1 / 32),
    seconds: 'at once',
    refusal: 'You have too many uploads under way',
  },
  'uploads.guests': {
    who: 'organisation',
    amount: share(1 / 4),
    seconds: 'at once',
    refusal: 'Too many uploads of guests are under way',
  },
  'uploads.network': {
    who: 'network',
    amount: share(1 / 2),
    seconds: 'at once',
    refusal: 'Too many uploads from this address are under way',
  },
  'uploads.organisation': {
    who: 'organisation',
    amount: share(3 / 4),
    seconds: 'at once',
    refusal: 'Too many uploads of your organisation are under way',
  },
  'upload-bytes.person': {
    who: 'person',
    amount: 2048 * MEBIBYTE,
    seconds: HOUR,
    refusal: 'You have uploaded too much for now',
  },
  'upload-bytes.guest': {
    who: 'person',
    amount: 100 * MEBIBYTE,
    seconds: HOUR,
    refusal: 'You have uploaded too much for now',
  },
  'upload-bytes.guests': {
    who: 'organisation',
    amount: 4096 * MEBIBYTE,
    seconds: HOUR,
    refusal: 'Guests have uploaded too much for now',
  },
  'upload-bytes.organisation': {
    who: 'organisation',
    amount: 20_480 * MEBIBYTE,
    seconds: DAY,
    refusal: 'Your organisation has uploaded too much for now',
  },
} as const satisfies Record<string, LimitRow>

export type LimitName = keyof typeof LIMITS

export interface Limit {
  name: LimitName
  amount: number
  seconds: number | 'at once' | 'in all'
  refusal: string
  parts: number | undefined
}

/** @throws Error naming what LIMITS names and does not exist */
export function readLimits(config: Config): Readonly<Record<LimitName, Limit>> {
  const unknown = Object.keys(config.LIMITS).filter((name) => !(name in LIMITS))
  if (unknown.length > 0)
    throw new Error(`LIMITS names ${unknown.join(', ')}; there are ${Object.keys(LIMITS).join(', ')}.`)
  const rows = Object.entries<LimitRow>(LIMITS).map(([name, { amount, seconds, refusal, parts }]) => [
    name,
    {
      name,
      refusal,
      parts,
      amount: config.LIMITS[name] ?? valueOf(amount, config),
      seconds: valueOf(seconds, config),
    },
  ])
  return Object.fromEntries(rows)
}

function valueOf<T extends number | string>(value: T | ((config: Config) => T), config: Config): T {
  return typeof value === 'function' ? value(config) : value
}
