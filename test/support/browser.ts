// A real Chromium, where there is one: CHROMIUM names it, else it is looked for in PATH.

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type Browser as Chromium, type BrowserContext, type Page } from 'playwright-core'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
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
  const home = mkdtempSync(path.join(tmpdir(), 'bellhop-chromium-'))
  const context: BrowserContext = await chromium.launchPersistentContext(home, {
    executablePath: findChromium() ?? '',
    headless: true,
    args: FLAGS,
    viewport: { width: 1280, height: 800 },
  })
  const page = context.pages()[0] ?? (await context.newPage())
  const troubles: string[] = []
  noteTroubles(page, origin, troubles)
  return {
    page,
    troubles,
    async close() {
      await context.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
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

/** A Chromium for several people at a time, each in a context of their own. */
export const launchChromium = (): Promise<Chromium> =>
  chromium.launch({ executablePath: findChromium() ?? '', headless: true, args: FLAGS })
