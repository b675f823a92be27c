// The console as people see it: a tab of somebody who is signed in, in a real browser.

import type { BrowserContext, Page } from 'playwright-core'
import { needChromium, noteTroubles, openContext } from './browser.ts'
import { DEMO_PASSWORD } from '../../shared/demonstration/seed.ts'
import { PEOPLE, type Name } from './people.ts'
import { aWorld, type World } from './world.ts'

/** Wide, and as a phone. */
export const SIZES = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const

interface Look {
  size?: keyof typeof SIZES
  theme?: 'light' | 'dark'
  /** Where the reader is: IANA. */
  zone?: string
  /** What the reader's clock shows, where it is not that of this machine. */
  now?: Date
}

export interface Consoles {
  /** A tab of this person's. Tabs of one person, of one look, share what a browser keeps. */
  open(name: Name | 'nobody', path?: string, look?: Look): Promise<Page>
  /** What went wrong in any of them. */
  troubles: string[]
  close(): Promise<void>
}

/**
 * A world and a browser on it for a group of tests, which are skipped where there is no Chromium.
 * @param take is given both before they begin; `each`: others for each test
 */
export function withConsoles(
  take: (opened: { w: World; consoles: Consoles }) => unknown,
  { each = false } = {},
): void {
  let w: World | undefined
  let consoles: Consoles | undefined
  before(function () {
    needChromium(this)
  })
  const [begin, end] = each ? [beforeEach, afterEach] : [before, after]
  begin(async () => {
    w = await aWorld()
    consoles = openConsoles(w)
    take({ w, consoles })
  })
  end(async () => {
    await consoles?.close()
    await w?.end()
  })
}

export function openConsoles(w: World): Consoles {
  const contexts = new Map<string, Promise<BrowserContext>>()
  const troubles: string[] = []

  const enter = async (
    name: Name | 'nobody',
    { size = 'wide', theme = 'light', zone }: Look,
  ): Promise<BrowserContext> => {
    const kept = [{ name: 'bellhop.language', value: 'en' }]
    if (name !== 'nobody') {
      const { body } = await w.anybody.post('/auth/login', signInOf(name))
      const { accessToken, refreshToken } = body
      kept.push({ name: 'bellhop.session', value: JSON.stringify({ accessToken, refreshToken }) })
    }
    return openContext({
      viewport: SIZES[size],
      colorScheme: theme,
      locale: 'en',
      ...(zone && { timezoneId: zone }),
      storageState: { cookies: [], origins: [{ origin: w.url, localStorage: kept }] },
    })
  }

  return {
    async open(name, path = '/', look = {}) {
      const key = JSON.stringify([name, look])
      const context = contexts.get(key) ?? enter(name, look)
      contexts.set(key, context)
      const page = await (await context).newPage()
      noteTroubles(page, w.url, troubles)
      if (look.now) await page.clock.setFixedTime(look.now)
      await page.goto(w.url + path, { waitUntil: 'domcontentloaded' })
      return page
    },
    troubles,
    async close() {
      await Promise.all([...contexts.values()].map(async (context) => (await context).close()))
    },
  }
}

export const signInOf = (name: Name): { email: string; password: string } => ({
  email: PEOPLE[name],
  password: DEMO_PASSWORD,
})

/** At the page of the sign-in. */
export async function enterAs(page: Page, name: Name): Promise<void> {
  const { email, password } = signInOf(name)
  await page.getByLabel('E-mail or phone').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

export async function writeMessage(page: Page, words: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Write a message' }).fill(words)
  await page.keyboard.press('Enter')
}
