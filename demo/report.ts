// The account of a day: what was planned, what was seen, how long each hop took, and whatever does not add up.

import type { Day, Finding } from './findings.ts'
import { FATES, type Fate, type Row } from './day.ts'
import type { Narrator } from './reporter.ts'
import type { Cast } from './people.ts'

export interface Account {
  /** Nothing is missing and nothing happened twice. */
  addsUp: boolean
  problems: string[]
  fates: { fate: Fate; planned: number; seen: number }[]
  notPlayed: { row: Row; why: string }[]
  /** Bookings whose deadline came before the decision, because something was away for too long. */
  overtaken: string[]
  /** Hop → milliseconds of each. */
  hops: ReadonlyMap<string, readonly number[]>
  told: Finding['told']
  /** `returns`: connections that were lost and resumed; `gaps`: times at which events may be missing; `missed`: those that are. */
  sockets: { events: number; returns: number; gaps: number; missed: number }
  strangers: number
  troubles: readonly string[]
  seconds: number
}

interface Evening {
  day: Day
  finding: Finding
  narrator: Narrator
  notPlayed: Account['notPlayed']
  rows: readonly Row[]
  seconds: number
}

export function accountOf({ day, finding, narrator, notPlayed, rows, seconds }: Evening): Account {
  const people = Object.values(day.cast)
  const sum = (of: (person: Cast[keyof Cast]) => number): number =>
    people.reduce((total, person) => total + of(person), 0)
  const overtaken = day.stories.filter((story) => story.overtaken)
  const problems = [...narrator.problems, ...finding.problems]
  if (overtaken.length > 0 && !hadTrouble(narrator))
    problems.push(
      ...overtaken.map(
        ({ booking }) => `${booking?.bookingCode} was overtaken by its deadline, and nothing was away`,
      ),
    )
  const fates = FATES.map((fate) => ({
    fate,
    planned: rows.filter((row) => row.fate === fate).length,
    seen: day.stories.filter(
      (story) => story.row.fate === fate && finding.right.has(story) && !story.overtaken,
    ).length,
  }))
  return {
    addsUp: problems.length === 0,
    problems,
    fates,
    notPlayed,
    overtaken: overtaken.map(({ booking }) => booking?.bookingCode ?? ''),
    hops: narrator.hops,
    told: finding.told,
    sockets: {
      events: sum((person) => person.frames),
      returns: sum((person) => person.returns),
      gaps: sum((person) => person.gaps),
      missed: finding.missed,
    },
    strangers: finding.strangers,
    troubles: narrator.troubles,
    seconds,
  }
}

/** A server that was away shows in sockets and retries, a worker that was away in jobs that took long. */
function hadTrouble({ troubles, hops }: Narrator): boolean {
  return troubles.length > 0 || [...hops.values()].flat().some((ms) => ms > 2000)
}
