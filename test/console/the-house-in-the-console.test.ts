import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { DEMO_PASSWORD } from '../../shared/demonstration/seed.ts'
import { aBrowser, needChromium, type Browser } from '../support/browser.ts'
import { SIZES } from '../support/console.ts'
import { gate } from '../support/gate.ts'
import { PEOPLE, type Name } from '../support/people.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'
import { sealAll } from '../../workers/audit-sealer.ts'

for (const size of ['wide', 'phone'] as const)
  describe(`the house in the console, ${size}`, function () {
    let w: World
    let browser: Browser
    let page: Page
    before(function () {
      needChromium(this)
    })
    before(async () => {
      w = await aWorld()
    })
    beforeEach(async () => {
      browser = await aBrowser(w.url)
      page = browser.page
      await page.setViewportSize(SIZES[size])
    })
    afterEach(() => browser?.close())
    after(() => w?.end())

    async function open(name: Name, path: string): Promise<void> {
      await page.goto(w.url, { waitUntil: 'domcontentloaded' })
      await page.evaluate("localStorage.setItem('bellhop.language', 'en')")
      await page.goto(w.url + path, { waitUntil: 'domcontentloaded' })
      await page.getByLabel('E-mail or phone').fill(PEOPLE[name])
      await page.getByLabel('Password').fill(DEMO_PASSWORD)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.locator('main h1').first().waitFor()
    }
    const press = (name: string, within = page.locator('body')): Promise<void> =>
      within.getByRole('button', { name, exact: true }).first().click()

    it('a customer who asks is taken, answered and closed at the desk', async () => {
      const customer = await w.as('customer')
      const { body: room } = await customer.post('/chat/rooms/create')
      await open('staff', '/desk')
      await customer.post(`/chat/rooms/${room.id}/messages`, { content: 'Tôi để quên áo trên xe' })
      await page.locator('.rooms .line').first().click()
      await page.getByRole('log').getByText('Tôi để quên áo trên xe').waitFor()
      await press('Take it')
      await page.getByText('The conversation is yours.').waitFor()
      await page.getByRole('textbox', { name: 'Write a message' }).fill('Dạ, để tôi hỏi tài xế')
      await page.keyboard.press('Enter')
      await until('the customer has the answer', async () =>
        (await customer.get(`/chat/rooms/${room.id}/messages`)).body.some(
          ({ content }: { content: string }) => content === 'Dạ, để tôi hỏi tài xế',
        ),
      )
      await press('Canned answers')
      await page.getByRole('dialog').getByRole('button', { name: 'Ngoài giờ' }).click()
      await page.getByRole('log').getByText('Hiện chúng tôi đã đóng cửa').waitFor()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      const statusOf = async () => (await customer.get(`/chat/rooms/${room.id}`)).body.status
      await press('Close')
      await page.getByText('Closed. The customer opens it again by writing.').waitFor()
      expect(await statusOf()).to.equal('ARCHIVED')
      await press('Undo')
      await until('it is open again', async () => (await statusOf()) === 'ACTIVE')
      expect(browser.troubles).to.deep.equal([])
    })

    it('a ticket is opened, shows its clock, is taken and closed, and is rated by whoever opened it', async () => {
      await open('customer', '/tickets')
      await press('Open a ticket')
      await page.getByLabel('Description').fill('Trạm Thủ Đức mất điện')
      await press('Open a ticket', page.getByRole('dialog'))
      await page.getByText('Answer by').waitFor()
      const staff = await w.as('staff')
      const [ticket] = (await staff.get('/supports')).body
      await staff.patch(`/supports/${ticket.id}`, { assigneeId: staff.user.id, status: 'closed' })
      await press('5 of 5')
      await page.getByText('Thank you.').waitFor()
      expect((await staff.get(`/supports/${ticket.id}`)).body.rating).to.equal(5)
      expect(browser.troubles).to.deep.equal([])
    })

    it('people come by a file, every problem of which stands at its line, and leave with what they hold', async () => {
      await open('admin', '/people')
      await press('Import')
      const choose = (text: string) =>
        page.setInputFiles('#people-file', { name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
      await choose('email,full_name,role\nnowhere,Lê An,EMPLOYEE\nbinh@demo.test,Lê Bình,PILOT\n')
      await press('Look at it first')
      await page.getByText('2 problems').waitFor()
      expect(await page.locator('tbody tr').allInnerTexts()).to.satisfy((lines: string[]) =>
        lines.every((line, at) => line.startsWith(`${at + 2}\t${at === 0 ? 'email' : 'role'}`)),
      )
      await choose('email,full_name,role\nan@demo.test,Lê An,EMPLOYEE\n')
      await press('Look at it first')
      await page.getByText('1 new, 0 changed, 0 as they are.').waitFor()
      await press('Import', page.getByRole('dialog'))
      const person = page.locator('main li', { hasText: 'Lê An' })
      await person.getByRole('button', { name: 'Invite' }).waitFor()
      // All others have a password, or came as guests.
      expect(await page.getByRole('button', { name: 'Invite' }).count()).to.equal(1)
      const admin = await w.as('admin')
      const { body: found } = await admin.get('/users?q=an@demo.test')
      await admin.post(`/users/${found[0].id}/password`, { password: 'mật khẩu mới' })
      await person.getByRole('button', { name: 'Invite' }).waitFor({ state: 'detached' })
      await person.getByRole('button', { name: 'Deactivate' }).click()
      await page.getByText('They hold nothing.').waitFor()
      await press('Deactivate', page.getByRole('dialog'))
      await person.getByText('Left').waitFor()
      await press('Undo')
      await person.getByRole('button', { name: 'Deactivate' }).waitFor()
      expect(browser.troubles).to.deep.equal([])
    })

    it('who would be asked is seen before it is asked, and a rule that is none is told at its place', async () => {
      await open('admin', '/organisation?view=policies')
      await page.getByRole('textbox', { name: 'Day' }).fill('2031-03-12')
      await press('Show the route')
      await page.getByRole('listitem').getByText('Step 1').waitFor()
      await page.getByText('The same as JSON').click()
      await page.getByLabel('Rules, as JSON').fill('[{"name": "x", "when": {"fact": "moon"}, "steps": []}]')
      await press('Save')
      await page.getByRole('alert').getByText('rule 1, condition').first().waitFor()
      // A browser itself notes that it was refused.
      expect(browser.troubles.filter((trouble) => !trouble.includes('400'))).to.deep.equal([])
    })

    it('a vehicle is given its seats, and what else is known of it', async () => {
      await open('staff', '/organisation?view=resources')
      await press('Add a vehicle or place')
      const dialog = page.getByRole('dialog')
      await press('Add a vehicle or place', dialog)
      await dialog.getByText('Please fill this in.').waitFor()
      await dialog.getByLabel('Name or plate').fill('Kia Carnival 51K-777.77')
      await dialog.getByLabel('Seats').fill('7')
      await dialog.getByLabel('Single trip').check()
      await dialog.getByLabel('Minutes to make it ready').fill('15')
      await press('Add a vehicle or place', dialog)
      const line = page.locator('main li', { hasText: 'Kia Carnival' })
      await line.getByText('7 seats').waitFor()
      await line.click()
      await dialog.getByLabel('Seats').fill('8')
      await dialog.getByLabel('State').selectOption('MAINTENANCE')
      await press('Save', dialog)
      await line.getByText('8 seats').waitFor()
      await line.getByText('In the workshop').waitFor()
      const all = (await (await w.as('staff')).get('/resources?kind=VEHICLE')).body
      expect(all.find(({ name }: { name: string }) => name.startsWith('Kia'))).to.include({
        capacity: 8,
        bufferMinutes: 15,
        needsDriver: true,
        status: 'MAINTENANCE',
      })
      expect(browser.troubles).to.deep.equal([])
    })

    it('of more than a hundred vehicles the others are shown, too', async () => {
      const admin = await w.as('admin')
      const { body: first } = await admin.get('/resources?limit=100')
      if (first.length < 100)
        for (let count = 0; count < 101; count++)
          await admin.post('/resources', { kind: 'VEHICLE', name: `Xe ${count}` })
      const [last] = (await admin.get('/resources?limit=1&q=Xe 99')).body
      await open('staff', '/organisation?view=resources')
      const line = page.locator('main li', { hasText: last.name })
      await page.locator('main li', { hasText: 'Xe 10' }).first().waitFor()
      expect(await line.count()).to.equal(0)
      await press('Show more')
      await page.locator('main li:nth-child(100)').waitFor()
      await press('Show more')
      await line.waitFor()
      await page.getByRole('button', { name: 'Show more' }).waitFor({ state: 'detached' })
      expect(browser.troubles).to.deep.equal([])
    })

    it('what was missed of what other ADMINs did is read again when that is told', async () => {
      let swallowed = false
      let tellMissed = (): void => undefined
      await page.routeWebSocket(/\/ws/, (socket) => {
        socket.connectToServer().onMessage((message) => {
          if (String(message).includes('"audit.recorded"')) swallowed = true
          else socket.send(message)
        })
        tellMissed = () =>
          socket.send(
            JSON.stringify({ t: 'refetch', reason: 'trimmed', channels: [], cursor: {}, epochs: {} }),
          )
      })
      await open('admin', '/programs')
      await page.getByRole('button', { name: 'Make a key' }).waitFor()
      const name = `Kho ${size}`
      const body = { name, scopes: ['bookings:read'] }
      expect((await (await w.as('admin')).post('/api-keys', body)).status).to.equal(201)
      await w.settle()
      await sealAll(w.runtime)
      await until('it was missed', async () => swallowed)
      expect(await page.getByText(name).count()).to.equal(0)
      tellMissed()
      await page.getByText(name).waitFor()
      expect(browser.troubles).to.deep.equal([])
    })

    it('a key is shown once', async () => {
      await open('admin', '/programs')
      await press('Make a key')
      await page.getByLabel('Name').fill('Kho dữ liệu')
      await press('Make a key', page.getByRole('dialog'))
      const key = await page.locator('.secret').innerText()
      expect((await w.anybody.get('/events/none', { authorization: `Bearer ${key}` })).status).to.equal(404)
      await page.keyboard.press('Escape')
      await page.getByText('Kho dữ liệu').waitFor()
      expect(await page.content()).not.to.include(key)
      await page
        .locator('main li', { hasText: 'Kho dữ liệu' })
        .getByRole('button', { name: 'Take back' })
        .click()
      await page.getByRole('heading', { name: 'Take back the key “Kho dữ liệu”?' }).waitFor()
      await press('Take back', page.getByRole('dialog'))
      await page.getByText('The key opens nothing any more.').waitFor()
      expect(browser.troubles).to.deep.equal([])
    })

    it('a webhook hears of what was ticked, and without an address nothing is sent', async () => {
      await open('admin', '/programs?view=webhooks')
      await press('Add a webhook')
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('booking.changed', { exact: true }).check()
      await press('Add a webhook', dialog)
      await dialog.getByText('Please fill this in.').waitFor()
      await dialog.getByLabel('Address').fill('https://example.com/hook')
      await press('Add a webhook', dialog)
      await page.locator('.secret').waitFor()
      const [webhook] = (await (await w.as('admin')).get('/webhooks')).body
      expect(webhook.events).to.deep.equal(['booking.changed'])
      await page.keyboard.press('Escape')
      const line = page.locator('main li', { hasText: 'https://example.com/hook' })
      await line.click()
      await press('Turn off', dialog)
      await line.getByText('Disabled').waitFor()
      await press('Undo')
      await line.getByText('On', { exact: true }).waitFor()
      await line.click()
      await press('Delete', dialog)
      await page.getByRole('heading', { name: 'Delete the webhook to example.com?' }).waitFor()
      await press('Delete', dialog)
      await line.waitFor({ state: 'detached' })
      expect(browser.troubles).to.deep.equal([])
    })

    it('what was confirmed closes nothing that was opened since', async () => {
      const old = { url: 'https://example.com/old', events: ['*'] }
      expect((await (await w.as('admin')).post('/webhooks', old)).status).to.equal(201)
      await open('admin', '/programs?view=webhooks')
      const dialog = page.getByRole('dialog')
      const line = page.locator('main li', { hasText: old.url })
      await line.click()
      const deleted = gate()
      await page.route('**/webhooks/*', async (route) => {
        await deleted.opened
        await route.continue()
      })
      await press('Delete', dialog)
      await page.getByRole('heading', { name: 'Delete the webhook to example.com?' }).waitFor()
      await press('Delete', dialog)
      await page.keyboard.press('Escape')
      await press('Add a webhook')
      await dialog.getByLabel('Address').fill('https://example.com/new')
      await press('Add a webhook', dialog)
      await page.locator('.secret').waitFor()
      deleted.open()
      await page.getByText('Deleted.', { exact: true }).waitFor()
      expect(await page.locator('.secret').isVisible()).to.equal(true)
      expect(browser.troubles).to.deep.equal([])
    })
  })
