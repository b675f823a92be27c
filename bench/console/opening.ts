// How long somebody waits from an address to what stands there.

import type { BrowserContext, Page } from 'playwright-core'
import { median } from '../messages/figures.ts'
import { TRIPS_OF_A_DAY } from './seed.ts'

const TIMES = 5
/** Rows of a page of a list. */
const PAGE = 50

/** Page → its address, and how many of what stand there once it is open. */
const PAGES: Readonly<Record<string, readonly [path: string, shown: string, count: number]>> = {
  'bookings, a list': ['/bookings', '.lines .line', PAGE],
  'bookings, the day of the fleet': ['/bookings/grid', 'main .block', 2 * TRIPS_OF_A_DAY],
  'bookings, the week of the fleet': ['/bookings/grid?view=week', 'main .block', 2 * 7 * TRIPS_OF_A_DAY],
  'my day': ['/', 'main .approval', TRIPS_OF_A_DAY],
  'approvals that wait': ['/approvals', 'main .approval', TRIPS_OF_A_DAY],
  'all approvals': ['/approvals?as=admin&status=all', 'main .approval', PAGE],
}

export interface Opening {
  /** Median, milliseconds. */
  time: number
  /** Requests to the API. */
  requests: number
}

/** Each page in a new tab of a browser that was here before. */
export async function measureOpenings(context: BrowserContext, url: string): Promise<Map<string, Opening>> {
  const found = new Map<string, Opening>()
  for (const [name, [path, shown, count]] of Object.entries(PAGES)) {
    const openings: Opening[] = []
    for (let time = 0; time < TIMES; time++) {
      const page = await context.newPage()
      openings.push(await measureOpening(page, url + path, shown, count))
      await page.close()
    }
    found.set(name, {
      time: median(openings.map(({ time }) => time)),
      requests: median(openings.map(({ requests }) => requests)),
    })
  }
  return found
}

async function measureOpening(page: Page, address: string, shown: string, count: number): Promise<Opening> {
  let requests = 0
  page.on('request', (request) => (requests += Number(new URL(request.url()).pathname.startsWith('/api/'))))
  await page.goto(address, { waitUntil: 'commit' })
  await page
    .locator(shown)
    .nth(count - 1)
    .waitFor({ state: 'attached' })
  return { time: await page.evaluate<number>('performance.now()'), requests }
}
