import { expect } from 'chai'
import { operationNameOf } from '../../api/http/openapi-kinds.ts'
import { isDocumented } from '../../api/http/openapi.ts'
import { AppError } from '../../shared/kit/declare/errors.ts'
import { aBrowser, needChromium, type Browser } from '../support/browser.ts'
import { signInOf } from '../support/console.ts'
import { ROUTES } from '../support/contract.ts'
import { aWorld, type World } from '../support/world.ts'

const routes = ROUTES.filter(isDocumented)

describe('the documentation', () => {
  let w: World
  before(async () => {
    w = await aWorld({ with: ['api'] })
  })
  after(() => w.end())

  it('has every route with its parameters, body, roles and reply', async () => {
    const { body: api } = await w.anybody.get('/openapi.json')
    expect(api.openapi).to.equal('3.1.0')
    for (const route of routes) {
      const operation = api.paths[route.path.replaceAll(/:(\w+)/g, '{$1}')]?.[route.method]
      expect(operation?.summary, `${route.method} ${route.path}`).to.equal(route.summary)
      const media = resolved(api, operation.responses[route.status]).content
      const { schema } = media[['download', 'stream'].includes(route.kind) ? '*/*' : 'application/json']
      expect(fieldsOf(api, schema), `${route.method} ${route.path}`).to.deep.equal(
        fieldsOf(api, JSON.parse(JSON.stringify(route.schemas.reply))),
      )
      const people = route.access === 'open' || route.access === 'api-key' ? [] : [{ accessToken: [] }]
      expect(operation.security ?? api.security, route.path).to.deep.equal([
        ...people,
        ...(route.scope ? [{ apiKey: [] }] : []),
      ])
      expect(operation['x-scope'], route.path).to.equal(route.scope)
      expect(operation.responses['4XX'], route.path).to.have.property('$ref')
    }
  })

  it('refers to nothing that is not there', async () => {
    for (const file of ['/openapi.json', '/asyncapi.json']) {
      const { body } = await w.anybody.get(file)
      const missing = [...JSON.stringify(body).matchAll(/"\$ref":"#\/([^"]+)"/g)]
        .map(([, path = '']) => path)
        .filter((path) => !leadsSomewhere(body, path))
      expect(missing).to.deep.equal([])
    }
  })

  it('leads to an example of each operation, at an address that it names', async () => {
    const { body: api } = await w.anybody.get('/openapi.json')
    const { body: examples } = await w.anybody.get(api['x-examples'])
    const withReply = routes.filter(({ kind }) => kind !== 'download' && kind !== 'stream')
    expect(examples).to.have.all.keys(withReply.map(operationNameOf))
    expect(api.info.description).to.include(api['x-examples'])
  })

  it('has a shape of every input and answer that can be compiled', () => {
    const checks = routes.flatMap(({ check }) => Object.values(check)).filter((check) => check !== undefined)
    const faults = checks.flatMap((check) => {
      try {
        check(undefined, '')
        return []
      } catch (error) {
        return error instanceof AppError ? [] : [error]
      }
    })
    expect(faults).to.deep.equal([])
    expect(checks.length).to.be.above(3 * routes.length - 1)
  })

  it('gives every operation a name of its own', async () => {
    const { body: api } = await w.anybody.get('/openapi.json')
    const names = Object.values<Record<string, { operationId: string }>>(api.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    )
    expect(new Set(names).size).to.equal(names.length)
    expect(names.length).to.be.above(routes.length)
  })

  it('describes the events that clients hear, and not those that only nodes do', async () => {
    const { body: events } = await w.anybody.get('/asyncapi.json')
    expect(Object.keys(events.components.messages))
      .to.include('booking.changed')
      .and.not.include('session.ended')
  })

  describe('as a page', () => {
    let browser: Browser
    before(function () {
      needChromium(this)
    })
    before(async () => {
      browser = await aBrowser(w.url)
    })
    after(() => browser?.close())

    it('shows every endpoint, finds one by its words, and unfolds it', async () => {
      const { page, troubles } = browser
      await page.goto(`${w.url}/docs`, { waitUntil: 'domcontentloaded' })
      await page.locator('#postBookings').waitFor()
      expect(await page.locator('details:has(> summary > .badge:not(.event))').count()).to.be.above(
        routes.length,
      )
      await page.getByRole('searchbox').fill('post ask for a booking')
      expect(await page.locator('.chapter > details:visible').count()).to.equal(1)
      await page.locator('#postBookings > summary').click()
      await page.locator('#postBookings').getByText('passengerCount').first().waitFor()
      await page
        .locator('#postBookings')
        .locator('summary', { hasText: /^Example$/ })
        .first()
        .click()
      await page.locator('#postBookings pre').getByText('"passengerCount": ').first().waitFor()
      expect(troubles).to.deep.equal([])
    })

    it('finds an operation by one of its fields, and leads to the events beside it', async () => {
      const { page, troubles } = browser
      await page.goto(`${w.url}/docs`, { waitUntil: 'domcontentloaded' })
      await page.locator('#postBookings').waitFor()
      await page.getByRole('searchbox').fill('passengerCount')
      expect(await page.locator('#postBookings').isVisible()).to.equal(true)
      expect(await page.locator('#postAuthLogin').isVisible()).to.equal(false)
      await page.getByRole('searchbox').fill('')
      await page.locator('#bookings .beside').getByRole('link', { name: 'booking.changed' }).click()
      await page.locator('[id="event-booking.changed"][open]').getByText('Frame').waitFor()
      expect(troubles).to.deep.equal([])
    })

    it('opens what an address names', async () => {
      const { page } = browser
      await page.goto('about:blank')
      await page.goto(`${w.url}/docs#postApprovals`, { waitUntil: 'domcontentloaded' })
      await page.locator('#postApprovals[open]').waitFor()
    })

    it('tries an operation out as whoever is signed in in the console', async () => {
      const { page, troubles } = browser
      const { body } = await w.anybody.post('/auth/login', signInOf('employee'))
      const { accessToken, refreshToken } = body
      await page.goto(`${w.url}/docs`, { waitUntil: 'domcontentloaded' })
      await page.evaluate(
        `localStorage.setItem('bellhop.session', ${JSON.stringify(JSON.stringify({ accessToken, refreshToken }))})`,
      )
      await page.goto('about:blank')
      await page.goto(`${w.url}/docs#getAuthMe`, { waitUntil: 'domcontentloaded' })
      await page.locator('#who').getByText('Nguyễn Thị Mai').waitFor()
      const card = page.locator('#getAuthMe')
      await card.getByText('Try it out').click()
      await card.getByRole('button', { name: 'Send' }).click()
      await card.getByRole('status').getByText('employee@demo.test').waitFor()
      expect(troubles).to.deep.equal([])
    })

    it('has guides, every link of which leads somewhere', async () => {
      const { page, troubles } = browser
      await page.goto(`${w.url}/docs`, { waitUntil: 'domcontentloaded' })
      await page.locator('#postBookings').waitFor()
      const guides = await page.locator('.guides a[href^="/docs/"]').evaluateAll(hrefsOf)
      expect(guides).to.have.length(3)
      const names = new Set(
        await page.evaluate<string[]>(`[...document.querySelectorAll('[id]')].map(({ id }) => id)`),
      )
      for (const guide of guides) {
        await page.goto(guide, { waitUntil: 'domcontentloaded' })
        await page.getByRole('heading', { level: 1 }).waitFor()
        for (const link of await page.locator('main a').evaluateAll(hrefsOf)) {
          expect((await fetch(link)).status, link).to.equal(200)
          const { hash } = new URL(link)
          if (hash) expect(names, link).to.include(hash.slice(1))
        }
      }
      expect(troubles).to.deep.equal([])
    })
  })
})

/** Whole addresses. */
const hrefsOf = (links: { href?: unknown }[]): string[] => links.map(({ href }) => String(href))

const resolved = (api: any, answer: any): any =>
  answer.$ref ? api.components.responses[answer.$ref.split('/').at(-1)] : answer

/** Every field of a shape with what it takes, whether it was written in one piece or by reference. */
function fieldsOf(api: any, schema: any): unknown {
  if (Array.isArray(schema.type))
    return schema.type.flatMap((type: string) =>
      fieldsOf(api, type === 'null' ? { type } : { ...schema, type }),
    )
  if (schema.$ref) return fieldsOf(api, api.components.schemas[schema.$ref.split('/').at(-1)])
  if (schema.items) return [fieldsOf(api, schema.items)]
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  if (schema.properties)
    return Object.fromEntries(
      Object.entries(schema.properties)
        .map(([name, field]) => [name, fieldsOf(api, field)] as const)
        .toSorted(([one], [other]) => (one < other ? -1 : 1)),
    )
  if (schema.allOf) return Object.assign({}, ...parts.map((part) => fieldsOf(api, part)))
  if (parts.length > 0) return parts.flatMap((part) => fieldsOf(api, part))
  if (schema.const !== undefined) return [schema.const]
  return schema.enum ?? [schema.type ?? 'any']
}

function leadsSomewhere(document: unknown, path: string): boolean {
  return (
    path
      .split('/')
      .reduce(
        (inside, key) =>
          typeof inside === 'object' && inside !== null
            ? Object.entries(inside).find(([name]) => name === key)?.[1]
            : undefined,
        document,
      ) !== undefined
  )
}
