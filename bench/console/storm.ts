// What a page goes through while the house is at its busiest: events by the log that all events take.

import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { BrowserContext, CDPSession, Page } from 'playwright-core'
import { roleChannel, userChannel } from '../../shared/kit/declare/event.ts'
import { readConfig } from '../../shared/kit/process/config.ts'
import { openProducer, whenReady } from '../../shared/kit/store/redis.ts'
import { openStream, type Stream } from '../../shared/kit/store/stream.ts'

const PER_SECOND = 200
const SECONDS = 30
const TICK = 50
const CLICK_EVERY = 1500

/** In the page: long tasks, times between frames, and from each click to the frame that answers it. */
const WATCH = `
  window.seen = { tasks: [], frames: [], clicks: [] }
  new PerformanceObserver((list) => seen.tasks.push(...list.getEntries().map((each) => each.duration))).observe({ type: 'longtask' })
  new PerformanceObserver((list) => seen.clicks.push(...list.getEntries().filter((each) => each.name === 'click').map((each) => each.duration)))
    .observe({ type: 'event', durationThreshold: 16 })
  let before = performance.now()
  requestAnimationFrame(function next(now) { seen.frames.push(now - before); before = now; requestAnimationFrame(next) })
`

interface Seen {
  tasks: number[]
  frames: number[]
  clicks: number[]
}

export interface Storm {
  events: number
  longestTask: number
  longestFrame: number
  /** Part of the time, of frames that took more than 100 ms. */
  frozen: number
  slowestClick: number
  clicks: number
  requests: number
  heapBefore: number
  heapAfter: number
  nodesBefore: number
  nodesAfter: number
  /** Milliseconds from the last event to when it stands there; undefined where it does not: a grid asks again, and events alone are in no table. */
  caughtUp: number | undefined
}

export interface Somebody {
  id: string
  orgId: string
  /** As the API answers it. */
  booking: Record<string, unknown>
}

export async function measureStorm(
  context: BrowserContext,
  env: Record<string, string | undefined>,
  address: string,
  looker: Somebody,
): Promise<Storm> {
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('Performance.enable')
  await page.goto(address)
  await page.locator('main .line, main .block').first().waitFor()
  // Whatever opening it began is over by then.
  await pause(3000)
  const before = await weigh(cdp)
  let requests = 0
  page.on('request', () => requests++)
  await page.evaluate(WATCH)
  const events = await Promise.all([sendEvents(env, looker), clickAbout(page)]).then(([sent]) => sent)
  const caughtUp = await untilCaughtUp(page)
  const { tasks, frames, clicks } = await page.evaluate<Seen>('seen')
  const after = await weigh(cdp)
  await page.close()
  const slow = frames.filter((each) => each > 100)
  return {
    events,
    longestTask: Math.max(0, ...tasks),
    longestFrame: Math.max(...frames),
    frozen: sumOf(slow) / sumOf(frames),
    slowestClick: Math.max(0, ...clicks),
    clicks: clicks.length,
    requests,
    heapBefore: before.heap,
    heapAfter: after.heap,
    nodesBefore: before.nodes,
    nodesAfter: after.nodes,
    caughtUp,
  }
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0)

async function weigh(cdp: CDPSession): Promise<{ heap: number; nodes: number }> {
  await cdp.send('HeapProfiler.collectGarbage')
  const { metrics } = await cdp.send('Performance.getMetrics')
  const of = (name: string): number => metrics.find((each) => each.name === name)?.value ?? Number.NaN
  return { heap: of('JSHeapUsedSize'), nodes: of('Nodes') }
}

/** Half of them new bookings, a quarter changes of one that is shown, a quarter at the bell. @returns how many */
async function sendEvents(env: Record<string, string | undefined>, looker: Somebody): Promise<number> {
  const config = readConfig(env)
  const redis = openProducer(config)
  await whenReady(redis)
  const stream = openStream(redis, config)
  const began = Date.now()
  let sent = 0
  while (Date.now() - began < SECONDS * 1000) {
    const due = Math.floor(((Date.now() - began) / 1000) * PER_SECOND)
    for (; sent < due; sent++) void sendOne(stream, looker, sent)
    await pause(TICK)
  }
  await sendOne(stream, looker, sent - (sent % 4), LAST)
  redis.disconnect()
  return sent + 1
}

const LAST = 'LAST'

function sendOne(stream: Stream, { id, orgId, booking }: Somebody, at: number, code = `STORM-${at}`) {
  const now = new Date()
  const common = { key: `storm.${process.pid}.${now.getTime()}.${at}`, at: now }
  const isAtBell = at % 4 === 3
  if (isAtBell)
    return stream.append({
      ...common,
      channel: userChannel(id),
      event: 'notification.created',
      data: noteFor(id, now),
    })
  const isNew = at % 4 !== 2
  const data = {
    ...booking,
    version: 1000 + at,
    updatedAt: now,
    ...(isNew && { id: randomUUID(), bookingCode: code, purpose: code, createdAt: now }),
  }
  return stream.append({
    ...common,
    channel: roleChannel(orgId, 'ADMIN'),
    event: isNew ? 'booking.created' : 'booking.changed',
    data,
  })
}

const noteFor = (userId: string, createdAt: Date) => ({
  id: randomUUID(),
  userId,
  category: 'booking',
  type: 'SYSTEM_ALERT',
  title: 'Thông báo',
  message: 'Xe của bạn đã đến sảnh chính',
  data: {},
  priority: 'low',
  bookingId: null,
  readAt: null,
  createdAt,
})

/** Opens and closes the bell, as a person would. */
async function clickAbout(page: Page): Promise<void> {
  const until = Date.now() + SECONDS * 1000
  while (Date.now() < until) {
    await page.getByRole('button', { name: /^Notifications/ }).click()
    await page.getByRole('dialog').waitFor()
    await pause(CLICK_EVERY / 2)
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await pause(CLICK_EVERY / 2)
  }
}

async function untilCaughtUp(page: Page): Promise<number | undefined> {
  const began = Date.now()
  const stands = page.getByText(LAST, { exact: true }).waitFor({ timeout: 5000 })
  return stands.then(
    () => Date.now() - began,
    () => undefined,
  )
}
