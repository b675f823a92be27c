// `npm run demo`: a working day of the demonstration against a running Bellhop. Exit code 0 when everything adds up.

import { parseArgs } from 'node:util'
import { startBellhop, type OwnBellhop } from '../demo/own-bellhop.ts'
import { play } from '../demo/play.ts'
import { openScreen } from '../demo/screen.ts'
import { summaryOf } from '../demo/summary.ts'

const USAGE = `npm run demo [-- options]
  --url ADDRESS  of the running Bellhop; http://127.0.0.1:3000 unless given
  --start        start a Bellhop with short durations for this day, and stop it afterwards
  --pace NUMBER  real seconds per second of the day; 1 unless given`

const SHORT_ONES =
  'APPROVAL_TTL=20s APPROVAL_FIRST_REMINDER=4s APPROVAL_REMINDER_EVERY=5s JOB_LOCK=5s npm start'

let own: OwnBellhop | undefined
let isLeaving = false

async function leave(code: number): Promise<void> {
  if (isLeaving) return
  isLeaving = true
  await own?.stop()
  process.exit(code)
}

function readOptions(): { url: string; start: boolean; pace: number } {
  const { values } = parseArgs({
    // npm takes the first -- away, a shell does not.
    args: process.argv.slice(2).filter((word) => word !== '--'),
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:3000' },
      start: { type: 'boolean', default: false },
      pace: { type: 'string', default: '1' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) throw new Error(USAGE)
  const pace = Number(values.pace)
  if (!(pace > 0) || !URL.canParse(values.url)) throw new Error(USAGE)
  return { url: values.url, start: values.start, pace }
}

async function demonstrate(): Promise<number> {
  const { url, start, pace } = readOptions()
  const say = (sentence: string): void => void process.stdout.write(`${sentence}\n`)
  if (start) say('Starting a Bellhop with short durations.')
  const screen = openScreen(process.stdout)
  try {
    own = start
      ? startBellhop((what) => screen.log({ seconds: 0, code: '', who: '', what, trouble: true }))
      : undefined
    const address = (await own?.ready) ?? url
    const watch = `watch it at ${address}/operations, as admin@demo.test with bellhop-demo`
    screen.log({ seconds: 0, code: '', who: '', what: watch })
    const account = await play({
      url: address,
      pace,
      log: screen.log,
      ...(own && { killWorkers: own.killWorkers }),
    })
    screen.end()
    if (account.notPlayed.some(({ why }) => why === 'needs short durations'))
      say(
        `\nBookings that wait for an alarm were left out. For all of them: ${SHORT_ONES}, or npm run demo -- --start`,
      )
    say(summaryOf(account))
    return account.addsUp ? 0 : 1
  } finally {
    screen.end()
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const)
  process.on(signal, () => void leave(1))

try {
  await leave(await demonstrate())
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  await leave(1)
}
