// A real Chromium, where there is one: CHROMIUM names it, else it is looked for in PATH.

import { existsSync } from 'node:fs'
import path from 'node:path'
import {
  chromium,
  type Browser as Chromium,
  type BrowserContext,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core'
import { PATIENCE } from './patience.ts'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
/**
 * With a window for each context Chromium prepares two pages of its own, for what is typed into its address line: twice what the
 * page under test costs. Of two such lists it obeys the last, so this one holds what Playwright's does for a test's sake.
 */
const UNUSED = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'MediaRouter',
  'OptimizationHints',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
]
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${UNUSED.join(',')}`,
]

export interface Browser {
  page: Page
  /** What went wrong in the page, and requests to other origins, by the time the test ends. */
  troubles: string[]
  close(): Promise<void>
}

export function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter)
  const candidates = [
    process.env['CHROMIUM'] ?? '',
    ...folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))),
  ]
  return candidates.find((file) => file && existsSync(file))
}

/** For a `before`: without a Chromium its tests are skipped, and say why. */
export function needChromium(context: Mocha.Context): void {
  if (findChromium()) return
  console.log(
    '      No Chromium here: these are skipped. Install it (apt install chromium), or let CHROMIUM name one.',
  )
  context.skip()
}

/** @param origin the only one that the page may talk to */
export async function aBrowser(origin: string): Promise<Browser> {
  const context = await openContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  const troubles: string[] = []
  noteTroubles(page, origin, troubles)
  return { page, troubles, close: () => context.close() }
}

/** Errors in the page and its console, and requests to other origins. */
export function noteTroubles(page: Page, origin: string, troubles: string[]): void {
  page.on('pageerror', (error) => troubles.push(error.message))
  page.on('console', (message) => {
    // A machine with much else to do is not ready for a while: the page shows it, and is in no trouble.
    if (message.location().url.endsWith('/readyz')) return
    if (message.type() === 'error') troubles.push(message.text())
  })
  page.on(
    'request',
    (request) =>
      !request.url().startsWith(origin) &&
      !request.url().startsWith('data:') &&
      troubles.push(`asked for ${request.url()}`),
  )
}

/** What somebody's browser keeps, apart from that of anybody else. To be closed. */
export async function openContext(look: BrowserContextOptions): Promise<BrowserContext> {
  open++
  clearTimeout(leaving)
  try {
    const browser = await (running ??= launchChromium())
    // Nobody looks at what moves, and drawing it takes a processor of its own.
    const context = await browser.newContext({ reducedMotion: 'reduce', ...look })
    context.setDefaultTimeout(PATIENCE)
    context.once('close', left)
    return context
  } catch (error) {
    left()
    throw error
  }
}

/** One for all that a process opens: to start it costs more than most tests. */
let running: Promise<Chromium> | undefined
let open = 0
let leaving: NodeJS.Timeout | undefined
/** Milliseconds that it waits for the next test. */
const LINGER = 3000

export function launchChromium(): Promise<Chromium> {
  const started = chromium.launch({ executablePath: findChromium() ?? '', headless: true, args: FLAGS })
  const forget = (): void => {
    if (running === started) running = undefined
  }
  void started.then((browser) => browser.once('disconnected', forget), forget)
  return started
}

function left(): void {
  if (--open > 0) return
  leaving = setTimeout(() => {
    const leftAlone = running
    running = undefined
    void leftAlone?.then((browser) => browser.close())
  }, LINGER)
}
