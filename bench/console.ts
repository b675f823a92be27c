// The console over little and over much, and in a storm of events: `npm run bench:console`; BOOKINGS=100000 makes the large one a tenth.

import { writeFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import path from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { freePort } from '../bin/embedded/ports.ts'
import { DEMO_PASSWORD } from '../shared/demonstration/seed.ts'
import { openAsOwner } from '../shared/kit/store/db.ts'
import { launchChromium } from '../test/support/browser.ts'
import { openBench, ROOT, untilAnswering, type Bench } from './bellhop.ts'
import { measureOpenings } from './console/opening.ts'
import { reportOf, type Figures } from './console/report.ts'
import { LOOKER, seedBookings } from './console/seed.ts'
import { measureStorm, type Somebody } from './console/storm.ts'

/** For a machine that is busy with other things as well. */
const PATIENCE = 180_000
const LARGE = Number(process.env['BOOKINGS'] ?? 1_000_000)

const small = await measure(1000)
const large = await measure(LARGE)
const report = reportOf(small, large)
process.stdout.write(`\n${report}`)
await writeFile(path.join(ROOT, 'bench', 'console.md'), report)

async function measure(bookings: number): Promise<Figures> {
  const port = await freePort()
  const realtime = await freePort()
  const url = `http://127.0.0.1:${port}`
  const bench = await openBench({
    PORT: String(port),
    PUBLIC_URL: url,
    REALTIME_PORT: String(realtime),
    SOCKETIO_PORT: '0',
    ACCESS_TOKEN_TTL: '2h',
  })
  try {
    await bench.run('bin/migrate.ts', { NODE_ENV: 'development', SEED_DEMO: 'on' })
    await seed(bench, bookings)
    bench.launch('api/main.ts')
    bench.launch('realtime/main.ts')
    await untilAnswering([`${url}/livez`, `http://127.0.0.1:${realtime}/livez`])
    return await look(bench, url, bookings)
  } finally {
    await bench.stop()
  }
}

async function seed(bench: Bench, bookings: number): Promise<void> {
  const db = openAsOwner(bench.administratorUrl)
  await seedBookings(db, bookings)
  await db.destroy()
  say(`${bookings} bookings`)
}

async function look(bench: Bench, url: string, bookings: number): Promise<Figures> {
  const browser = await launchChromium()
  try {
    const { session, looker } = await signIn(url)
    const context = await browser.newContext({
      viewport: { width: 1280, height: 800 },
      locale: 'en',
      storageState: { cookies: [], origins: [{ origin: url, localStorage: session }] },
    })
    context.setDefaultTimeout(PATIENCE)
    await warmUp(context, url)
    const openings = await measureOpenings(context, url)
    say(JSON.stringify([...openings]))
    const storms = new Map()
    for (const [name, at] of [
      ['a list of bookings', '/bookings'],
      ['the day of the fleet', '/bookings/grid'],
    ] as const) {
      storms.set(name, await measureStorm(context, bench.env, url + at, looker))
      say(`${name}: ${JSON.stringify(storms.get(name))}`)
    }
    const [loadAverage = 0] = loadavg()
    return { bookings, openings, storms, loadAverage }
  } finally {
    await browser.close()
  }
}

interface SignedIn {
  session: { name: string; value: string }[]
  looker: Somebody
}

async function signIn(url: string): Promise<SignedIn> {
  const login = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: LOOKER, password: DEMO_PASSWORD }),
  })
  const { accessToken, refreshToken, user } = (await login.json()) as {
    accessToken: string
    refreshToken: string
    user: { id: string; orgId: string }
  }
  const bookings = await fetch(`${url}/bookings?limit=1`, {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  const [booking = {}] = (await bookings.json()) as Record<string, unknown>[]
  return {
    session: [
      { name: 'bellhop.language', value: 'en' },
      { name: 'bellhop.session', value: JSON.stringify({ accessToken, refreshToken }) },
    ],
    looker: { id: user.id, orgId: user.orgId, booking },
  }
}

/** Counts for nothing: a process, and a browser, that have just begun are slower than they will be. */
async function warmUp(context: BrowserContext, url: string): Promise<void> {
  for (const at of ['/', '/bookings', '/bookings/grid', '/approvals']) {
    const page = await context.newPage()
    await page.goto(url + at)
    await page.locator('main h1').first().waitFor()
    await page.close()
  }
}

function say(text: string): void {
  process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${text}\n`)
}
