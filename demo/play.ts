// Plays a working day of the demonstration against a running Bellhop, over real HTTP and sockets, and accounts for it.
// Promise: everything that was planned is either found as its fate implies, or named in `problems` or `notPlayed`.

import { setTimeout as pause } from 'node:timers/promises'
import { takeAccount } from './account.ts'
import { callCast } from './people.ts'
import { readDay, type Row } from './day.ts'
import { delegate, madeBy, takeBackEarlier } from './delegation.ts'
import { decisionOf, sequelOf, suits, type Way } from './scenario.ts'
import { Narrator, type Log, type Story } from './reporter.ts'
import { live, type Stage } from './stories.ts'
import { playTalks } from './talks.ts'
import { survey, type Survey } from './survey.ts'
import { accountOf, type Account } from './report.ts'
import type { Day, Finding } from './findings.ts'

export type { Account }

export interface Options {
  /** Origin of a running Bellhop. */
  url: string
  log: Log
  /** Real seconds per second of the playing day; 1 unless given. */
  pace?: number
  rows?: readonly Row[]
  /** In the middle of the day; they are started again. */
  killWorkers?: () => void
}

/** Longer approvals are not waited for. */
const LONGEST_DEADLINE = 5 * 60_000
const THINKING = 400
/** The last thing to come back after trouble is a job that Redis lost and the reconciler found. */
const PATIENCE = 90_000
const BETWEEN_ACCOUNTS = 4000

/** @throws Error with a sentence when the play cannot begin */
export async function play({ url, log, pace = 1, rows = readDay(), killWorkers }: Options): Promise<Account> {
  const since = performance.now()
  const narrator = new Narrator(log)
  const cast = await callCast(url.replace(/\/+$/, ''), narrator)
  try {
    const surveyed = await survey(cast)
    await takeBackEarlier(cast)
    const [first = 0, second = first] = surveyed.reminders
    narrator.reminderEvery = second - first
    const { stories, notPlayed } = plan(rows, surveyed)
    const day: Day = {
      cast,
      stories,
      onExpiry: surveyed.onExpiry === 'cancel' ? 'cancel' : 'approve',
      planned: surveyed.reminders,
      delegations: [],
    }
    const setting = { cast, survey: surveyed, narrator, today: new Date(), thinking: THINKING * pace }
    const midday = rows[Math.floor(rows.length / 2)]?.second ?? 0
    const accident =
      killWorkers &&
      pause(midday * pace * 1000).then(() => {
        narrator.trouble('admin', 'has the workers killed; they start again')
        killWorkers()
      })
    await Promise.all([playAll(setting, day, pace), playTalks(url.replace(/\/+$/, ''), narrator), accident])
    const finding = await accountFor(day, narrator)
    return accountOf({ day, finding, narrator, notPlayed, rows, seconds: (performance.now() - since) / 1000 })
  } finally {
    for (const person of Object.values(cast)) person.close()
  }
}

function plan(rows: readonly Row[], surveyed: Survey): { stories: Story[]; notPlayed: Account['notPlayed'] } {
  const stories: Story[] = []
  const notPlayed: Account['notPlayed'] = []
  for (const row of rows) {
    const way = surveyed.wayOf(row)
    const why = reasonAgainst(row, way, surveyed)
    if (why !== undefined || way === 'refused')
      notPlayed.push({ row, why: why ?? 'the organisation refuses bookings that nobody can approve' })
    else
      stories.push({
        row,
        way,
        decision: decisionOf(row.fate, way),
        sequel: sequelOf(row.fate),
        booking: undefined,
        overtaken: false,
        marks: new Map(),
      })
  }
  return { stories, notPlayed }
}

function reasonAgainst(
  { fate }: Row,
  way: Way | 'refused',
  { deadline, reminders, onExpiry, vehicles }: Survey,
): string | undefined {
  if (way !== 'refused' && !suits(fate, way)) return `this person's requests are ${way} here`
  if (fate === 'completed' && vehicles.length === 0) return 'there is no vehicle'
  if (fate === 'expired' && onExpiry === 'escalate')
    return 'here the deadline passes a request on to the next manager'
  const waits =
    fate === 'expired' ? deadline : fate === 'reminded' ? (reminders[0] ?? Number.POSITIVE_INFINITY) : 0
  return waits > LONGEST_DEADLINE ? 'needs short durations' : undefined
}

async function playAll(setting: Omit<Stage, 'at' | 'delegated'>, day: Day, pace: number): Promise<void> {
  const { narrator, cast } = setting
  const since = performance.now()
  const at = (second: number): Promise<void> =>
    pause(Math.max(0, since + second * pace * 1000 - performance.now()))
  const delegates = day.stories.filter(({ row }) => row.fate === 'delegated').map(({ row }) => row.second)
  const delegation =
    delegates.length > 0 ? at(Math.min(...delegates)).then(() => delegate(cast, narrator)) : undefined
  const stage: Stage = { ...setting, at, delegated: Promise.resolve(delegation).then(() => undefined) }
  stage.delegated.catch(() => undefined)
  await Promise.all(
    day.stories.map((story) =>
      live(stage, story)
        .catch((error: unknown) => {
          narrator.problem(
            `${story.booking?.bookingCode ?? `second ${story.row.second}`} (${story.row.fate}): ` +
              `${error instanceof Error ? error.message : String(error)}`,
          )
        })
        .finally(() => narrator.ended(story)),
    ),
  )
  await silence(day, setting.survey, narrator)
  const open = await delegation?.catch(() => undefined)
  await open?.takeBack()
  day.delegations = await madeBy(cast)
}

/** Alarms of decided requests must not ring: wait until the last one would have. */
async function silence({ stories }: Day, { deadline }: Survey, narrator: Narrator): Promise<void> {
  if (deadline > LONGEST_DEADLINE) return
  const last =
    Math.max(0, ...stories.map(({ marks }) => marks.get('deadline') ?? 0)) + 1000 - performance.now()
  if (last <= 0) return
  narrator.say({
    code: '',
    who: '',
    what: `listens for another ${Math.ceil(last / 1000)} s: alarms of decided requests must stay silent`,
  })
  await pause(last)
}

async function accountFor(day: Day, narrator: Narrator): Promise<Finding> {
  narrator.say({ code: '', who: '', what: 'takes account over HTTP' })
  for (const since = performance.now(); ;) {
    const finding = await takeAccount(day)
    if (finding.problems.length === 0 || performance.now() - since > PATIENCE) return finding
    await pause(BETWEEN_ACCOUNTS)
  }
}
