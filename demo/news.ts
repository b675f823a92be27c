// Notifications against what the fates imply: for each person, type and booking, exactly as many.

import type { Day, Finding } from './findings.ts'
import { NAMES, type Name } from './day.ts'
import { newsOf, SHARED_WITH_DELEGATE, type Course } from './scenario.ts'
import type { Person } from './person.ts'
import type { BookingSeen, NotificationSeen } from './wire.ts'

interface Entry {
  who: Name
  type: string
  code: string
}

export async function compareNews(
  day: Day,
  courses: ReadonlyMap<BookingSeen, Course>,
  finding: Finding,
): Promise<void> {
  const codes = new Map([...courses.keys()].map((booking) => [booking.id, booking.bookingCode]))
  const earliest = [...courses.keys()].map((booking) => booking.createdAt).toSorted()[0] ?? ''
  const found: Entry[] = []
  const atTheEdge: Entry[] = []
  const implied = [...courses].flatMap(([{ bookingCode: code }, course]) =>
    newsOf(course).map(([who, type]): Entry => ({ who, type, code })),
  )
  for (const who of NAMES) {
    for (const news of await newsSince(day.cast[who], earliest)) {
      // The audit's own word about a change is no part of a booking's fate.
      if (news.type === 'AUDIT_RECORDED') continue
      const code = codes.get(news.bookingId ?? '')
      if (code === undefined) {
        finding.strangers += 1
        continue
      }
      found.push({ who, type: news.type, code })
      const shared: Entry = { who: 'director', type: news.type, code }
      if (who === 'manager' && isAtTheEdge(day, news)) atTheEdge.push(shared)
      else if (who === 'manager' && isShared(day, news)) implied.push(shared)
      if (!hasHeard(day.cast[who], news)) missing(day.cast[who], news, code, finding)
    }
  }
  for (const entry of atTheEdge) if (howMany(found, entry) > howMany(implied, entry)) implied.push(entry)
  compare(implied, found, finding)
}

const howMany = (entries: readonly Entry[], { who, type, code }: Entry): number =>
  entries.filter((each) => each.who === who && each.type === type && each.code === code).length

function compare(implied: readonly Entry[], found: readonly Entry[], finding: Finding): void {
  const counts = new Map<string, { entry: Entry; implied: number; found: number }>()
  const count = (entry: Entry, side: 'implied' | 'found'): void => {
    const key = `${entry.who} ${entry.type} ${entry.code}`
    const line = counts.get(key) ?? { entry, implied: 0, found: 0 }
    line[side] += 1
    counts.set(key, line)
    const types = finding.told.get(entry.who) ?? new Map<string, { implied: number; found: number }>()
    const total = types.get(entry.type) ?? { implied: 0, found: 0 }
    total[side] += 1
    finding.told.set(entry.who, types.set(entry.type, total))
  }
  for (const entry of implied) count(entry, 'implied')
  for (const entry of found) count(entry, 'found')
  for (const {
    entry: { who, type, code },
    ...line
  } of counts.values()) {
    if (line.implied !== line.found)
      finding.problems.push(`${code}: ${who} has ${line.found} of ${type}, not ${line.implied}`)
  }
}

/** Milliseconds that a commit may take on a busy machine: within them of a delegation's beginning or end, it was told or was not. */
const COMMIT = 3000

function isAtTheEdge({ delegations }: Day, { type, createdAt }: NotificationSeen): boolean {
  if (!SHARED_WITH_DELEGATE.includes(type)) return false
  const isNear = (instant: string): boolean => Math.abs(Date.parse(instant) - Date.parse(createdAt)) < COMMIT
  return delegations.some((each) =>
    [each.fromAt, each.createdAt, each.revokedAt ?? each.untilAt].some(isNear),
  )
}

/** Told to the delegate as well: while the delegation held, from its start on and before its end. */
function isShared({ delegations }: Day, { type, createdAt }: NotificationSeen): boolean {
  if (!SHARED_WITH_DELEGATE.includes(type)) return false
  // One that was made late, because something was away, holds from its making on.
  return delegations.some(
    (each) =>
      createdAt >= each.fromAt && createdAt >= each.createdAt && createdAt < (each.revokedAt ?? each.untilAt),
  )
}

function hasHeard(who: Person, { id }: NotificationSeen): boolean {
  return who.heard['notification.created'].some(({ data }) => data.id === id)
}

/** A socket without a gap has told of every notification. */
function missing(who: Person, { id, type }: NotificationSeen, code: string, finding: Finding): void {
  if (who.gaps > 0) finding.missed += 1
  else finding.problems.push(`${code}: the socket of ${who.name} never told of ${type} (notification ${id})`)
}

/** Newest first, page by page, back to the first booking of the day. */
async function newsSince({ http }: Person, earliest: string): Promise<NotificationSeen[]> {
  const all = new Map<string, NotificationSeen>()
  for (let offset = 0; ; offset += 100) {
    const { body } = await http.get<NotificationSeen[]>(`/notifications?limit=100&offset=${offset}`)
    // What arrives between two pages moves the rest along.
    for (const news of body) all.set(news.id, news)
    if (body.length < 100 || (body.at(-1)?.createdAt ?? '') < earliest) break
  }
  return [...all.values()].filter((news) => news.createdAt >= earliest)
}
