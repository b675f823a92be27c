import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { DEMO_PASSWORD } from '../../shared/demonstration/seed.ts'
import { queuePrefix, UnrecoverableError, Worker } from '../../shared/kit/store/queue.ts'
import { openBlocking } from '../../shared/kit/store/redis.ts'
import { aBrowser, needChromium, type Browser } from '../support/browser.ts'
import { PEOPLE, type Name } from '../support/people.ts'
import { aWorld, type World } from '../support/world.ts'

const JOB = 'bookings.applyDecision'

describe('the queue board', () => {
  let w: World
  let press: Press
  beforeEach(async () => {
    w = await aWorld({ with: ['api'], env: { BOARD_ORGANISATION: 'demo' } })
    press = aPress(w)
  })
  afterEach(async () => {
    await press.close()
    await w.end()
  })

  describe('the way in', () => {
    it('is the sign-in page, for whoever is not signed in', async () => {
      const { status, location } = await ask(w, '/')
      expect([status, location]).to.deep.equal([303, '/admin/queues/sign-in'])
      expect((await ask(w, '/api/queues')).status).to.equal(401)
    })

    it('is closed to everybody but ADMINs and SUPERVISORs of the organisation that operates the installation', async () => {
      for (const name of ['owner', 'staff', 'employee', 'foreignAdmin'] as const) {
        const { status, cookie, text } = await enter(w, name)
        expect([name, status, cookie]).to.deep.equal([name, 403, ''])
        expect(text).to.include('operates this installation')
      }
      expect(await w.runtime.db('sessions').count('* as count').first()).to.deep.equal({ count: 0 })
    })

    it('stays closed to a wrong password, and for a while after five of them', async () => {
      for (let times = 0; times < 5; times++) expect((await enter(w, 'admin', 'wrong')).status).to.equal(401)
      const { status, text } = await enter(w, 'admin')
      expect(status).to.equal(429)
      expect(text).to.include('Try again in 5 min.')
    })

    it('cannot be taken from another page', async () => {
      const { cookie } = await enter(w, 'admin')
      expect(
        (await ask(w, '/api/queues/bookings/pause', { method: 'PUT', cookie, from: 'cross-site' })).status,
      ).to.equal(403)
      expect(
        (await ask(w, '/api/queues/bookings/pause', { method: 'PUT', cookie, from: 'same-site' })).status,
      ).to.equal(403)
      expect(await w.runtime.queues.get('bookings').isPaused()).to.equal(false)
    })

    it('closes with the session, from the next look on', async () => {
      const { cookie } = await enter(w, 'admin')
      expect((await ask(w, '/api/queues', { cookie })).status).to.equal(200)
      const admin = await w.as('admin')
      const sessions: { id: string; isCurrent: boolean }[] = (await admin.get('/auth/sessions')).body
      for (const { id } of sessions.filter((each) => !each.isCurrent))
        await admin.delete(`/auth/sessions/${id}`)
      expect((await ask(w, '/api/queues', { cookie })).status).to.equal(401)
    })

    it('keeps its cookie from scripts and from other sites', async () => {
      const { setCookie } = await enter(w, 'admin')
      expect(setCookie).to.match(/Path=\/admin\/queues;.*HttpOnly; SameSite=Strict/)
    })
  })

  describe('what may be done', () => {
    it('is to try a failed job again, which leaves a record', async () => {
      const id = await press.jam()
      const { cookie } = await enter(w, 'admin')
      press.repair()
      const done = press.next('completed')
      expect((await ask(w, `/api/queues/bookings/${id}/retry`, { method: 'PUT', cookie })).status).to.equal(
        204,
      )
      await done
      expect(await deeds(w)).to.deep.equal([
        {
          action: 'queue_job_retried',
          entityId: id,
          actorId: await w.idOf('admin'),
          metadata: { queue: 'bookings' },
        },
      ])
    })

    it('is not to remove, add or edit a job: the database is where jobs are kept', async () => {
      const id = await press.jam()
      const { cookie } = await enter(w, 'admin')
      const refused = [
        `${id}/clean`,
        'clean/failed',
        'clean/retry',
        'clean/promote',
        'empty',
        'obliterate',
        'retry/completed',
      ]
      for (const path of refused)
        expect([
          path,
          (await ask(w, `/api/queues/bookings/${path}`, { method: 'PUT', cookie })).status,
        ]).to.deep.equal([path, 403])
      expect((await ask(w, '/api/queues/bookings/add', { method: 'POST', cookie })).status).to.equal(403)
      expect(
        (await ask(w, `/api/queues/bookings/${id}/update-data`, { method: 'PATCH', cookie })).status,
      ).to.equal(403)
      expect(await w.runtime.queues.get('bookings').getJobState(id)).to.equal('failed')
      expect(await deeds(w)).to.deep.equal([])
    })

    it('is nothing at all for a SUPERVISOR, who may look', async () => {
      const id = await press.jam()
      const { cookie } = await enter(w, 'supervisor')
      expect((await ask(w, '/api/queues', { cookie })).status).to.equal(200)
      expect((await ask(w, `/api/queues/bookings/${id}/retry`, { method: 'PUT', cookie })).status).to.equal(
        403,
      )
      expect((await ask(w, '/api/queues/pause', { method: 'PUT', cookie })).status).to.equal(403)
    })
  })

  it('shows ids and dates of a job, not what people wrote in it', async () => {
    const id = await press.jam()
    const { cookie } = await enter(w, 'admin')
    const { text } = await ask(w, `/api/queues/bookings/${id}`, { cookie })
    expect(JSON.parse(text).job.data.payload).to.deep.equal({
      bookingId: id,
      notes: '[redacted]',
      at: '2031-03-03T02:00:00Z',
    })
  })

  describe('in a browser', () => {
    let browser: Browser
    before(function () {
      needChromium(this)
    })
    beforeEach(async () => {
      browser = await aBrowser(w.url)
    })
    afterEach(() => browser?.close())

    it('lets an ADMIN sign in, see the failed job, try it again and sign out', async () => {
      const id = await press.jam()
      const { page } = browser
      await signIn(w, browser, 'admin')
      await page.goto(`${w.url}/admin/queues/queue/bookings?status=failed`, { waitUntil: 'domcontentloaded' })
      await page.getByText(id).waitFor()
      const buttons = page.locator('[class^=jobActions] button:visible')
      expect(await buttons.count()).to.equal(1)

      press.repair()
      const done = press.next('completed')
      await buttons.click()
      await page.getByRole('button', { name: 'Confirm' }).click()
      await done
      await page.getByText(id).waitFor({ state: 'detached' })
      expect(await deeds(w)).to.have.length(1)

      await page.goto(`${w.url}/admin/queues/sign-out`)
      await page.getByRole('button', { name: 'Sign out' }).click()
      await page.getByRole('button', { name: 'Sign in' }).waitFor()
      expect(browser.troubles).to.deep.equal([])
    })

    it('offers a SUPERVISOR nothing to press', async () => {
      const id = await press.jam()
      const { page, troubles } = browser
      await signIn(w, browser, 'supervisor')
      await page.goto(`${w.url}/admin/queues/queue/bookings?status=failed`, { waitUntil: 'domcontentloaded' })
      await page.getByText(id).waitFor()
      expect(await page.locator('[class^=jobActions] button, [class^=queueActions] button').count()).to.equal(
        0,
      )
      expect(await page.getByText('read-only').isVisible()).to.equal(true)
      expect(troubles).to.deep.equal([])
    })

    it('asks to sign in again once the session is over, instead of showing old numbers', async () => {
      await signIn(w, browser, 'admin')
      await browser.page.context().clearCookies()
      await browser.page.getByRole('button', { name: 'Sign in' }).waitFor()
    })
  })
})

/** A worker that fails its jobs until it is repaired. */
interface Press {
  /** @returns the id of a job that has failed for good */
  jam(): Promise<string>
  repair(): void
  next(what: 'completed' | 'failed'): Promise<void>
  close(): Promise<void>
}

function aPress({ runtime }: World): Press {
  let works = false
  const connection = openBlocking(runtime.config)
  const worker = new Worker(
    'bookings',
    async () => {
      if (!works) throw new UnrecoverableError('The press is jammed.')
    },
    { connection, prefix: queuePrefix(runtime.config, 'bookings'), skipVersionCheck: true },
  )
  const next = (what: 'completed' | 'failed'): Promise<void> =>
    new Promise((resolve) => {
      worker.once(what, () => resolve())
    })
  return {
    next,
    repair: () => {
      works = true
    },
    async jam() {
      const id = randomUUID()
      const row = {
        id,
        name: JOB,
        payload: { bookingId: id, notes: 'between us', at: '2031-03-03T02:00:00Z' },
        requestId: 'test',
      }
      await runtime
        .db('jobs')
        .insert({ ...row, payload: JSON.stringify(row.payload), shippedAt: runtime.clock.now() })
      const failed = next('failed')
      await runtime.queues.add([{ ...row, dueAt: null, orgId: null }])
      await failed
      return id
    },
    async close() {
      await worker.close()
      connection.disconnect()
    },
  }
}

interface Asked {
  method?: string
  cookie?: string
  from?: string
  form?: Record<string, string>
}

async function ask(
  w: World,
  path: string,
  { method = 'GET', cookie = '', from = 'same-origin', form }: Asked = {},
) {
  const response = await fetch(`${w.url}/admin/queues${path}`, {
    method,
    redirect: 'manual',
    headers: { cookie, 'sec-fetch-site': from },
    ...(form && { body: new URLSearchParams(form) }),
  })
  const setCookie = response.headers.get('set-cookie') ?? ''
  return {
    status: response.status,
    location: response.headers.get('location'),
    setCookie,
    cookie: setCookie.split(';')[0] ?? '',
    text: await response.text(),
  }
}

const enter = (w: World, name: Name, password = DEMO_PASSWORD) =>
  ask(w, '/sign-in', { method: 'POST', form: { email: PEOPLE[name], password } })

async function signIn(w: World, { page }: Browser, name: Name): Promise<void> {
  await page.goto(`${w.url}/admin/queues`, { waitUntil: 'domcontentloaded' })
  await page.getByLabel('E-mail address').fill(PEOPLE[name])
  await page.getByLabel('Password').fill(DEMO_PASSWORD)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByText('notifications').first().waitFor()
}

async function deeds({ runtime }: World): Promise<unknown[]> {
  return runtime
    .db('audit_log')
    .whereLike('action', 'queue%')
    .orderBy('id')
    .select('action', 'entityId', 'actorId', 'metadata')
}
