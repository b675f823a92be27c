// Lists over HTTP, one at a time: what one person waits for.

import { DEMO_PASSWORD } from '../../shared/demonstration/seed.ts'
import { median, percentiles } from '../messages/figures.ts'
import { vocabulary } from '../messages/seed.ts'
import { RARE } from './seed.ts'

const TIMES = 21
const NOBODY = '00000000-0000-4000-8000-000000000000'

type Name = 'admin' | 'employee' | 'manager'

const LISTS: readonly [name: Name, path: string][] = [
  ['admin', '/bookings'],
  ['admin', '/bookings?status=REDIRECTED_EXTERNAL'],
  ['employee', '/bookings'],
  ['employee', '/notifications'],
  ['employee', '/notifications?unread=true'],
  ['employee', '/notifications?category=audit'],
  ['employee', '/notifications/unread-count'],
  ['employee', '/notifications?except=audit'],
  ['employee', '/notifications/unread-count?except=audit'],
  ['manager', '/approvals/pending'],
  ['employee', '/approvals/my-requests'],
  ['admin', '/supports'],
  ['admin', `/supports?assigneeId=${NOBODY}`],
  ['admin', '/supports/statistics'],
  ['admin', '/audit/logs'],
  ['admin', '/audit/logs?action=booking_cancelled'],
  ['admin', '/users'],
  ['employee', '/people'],
  ['admin', '/chat/rooms'],
  ['admin', '/chat/rooms?kind=SUPPORT'],
  ['admin', '/chat/rooms?status=ARCHIVED'],
  ['employee', '/chat/rooms'],
  ['employee', '/chat/unread-count'],
]

export interface Waits {
  p50: number
  p95: number
}

export async function readLists(url: string): Promise<Map<string, Waits>> {
  const tokens = new Map<Name, string>()
  for (const name of ['admin', 'employee', 'manager'] as const) tokens.set(name, await signIn(url, name))
  const found = new Map<string, Waits>()
  for (const [name, path] of LISTS)
    found.set(`${name}: GET ${path}`, await readTimes(url, tokens.get(name) ?? '', path))
  for (const [what, q] of searches())
    found.set(
      `employee: search for ${what}`,
      await readTimes(url, tokens.get('employee') ?? '', `/chat/messages/search?q=${encodeURIComponent(q)}`),
    )
  return found
}

/** A space behind a word says that it is whole. */
function searches(): readonly [what: string, q: string][] {
  const words = vocabulary()
  return [
    ['a very common word', `${words[1]} `],
    ['two common words', `${words[1]} ${words[3]} `],
    ['a word without its accents', 'duong '],
    ['one letter', 'a'],
    ['a rare word', `${words.at(-2)} `],
    ['a common and a rare word', `${words[1]} ${words.at(-9)} `],
    ['a word said once', `${RARE} `],
    ['a word that nobody said', 'zzyzx '],
  ]
}

async function signIn(url: string, name: Name): Promise<string> {
  const response = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${name}@demo.test`, password: DEMO_PASSWORD }),
  })
  const { accessToken } = (await response.json()) as { accessToken: string }
  return accessToken
}

async function readTimes(url: string, token: string, path: string): Promise<Waits> {
  await readOnce(url, token, path)
  const waits = []
  for (let n = 0; n < TIMES; n++) waits.push(await readOnce(url, token, path))
  return { p50: median(waits), p95: percentiles(waits).p95 }
}

async function readOnce(url: string, token: string, path: string): Promise<number> {
  const began = performance.now()
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } })
  await response.text()
  if (!response.ok) throw new Error(`${path} answered ${response.status}`)
  return performance.now() - began
}
