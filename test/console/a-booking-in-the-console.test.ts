import { expect } from 'chai'
import type { Locator, Page, Route } from 'playwright-core'
import { signInOf, SIZES, type Consoles, withConsoles } from '../support/console.ts'
import { tripOnItsDay, type Name } from '../support/people.ts'
import { until } from '../support/until.ts'
import type { World } from '../support/world.ts'

describe('in the console', function () {
  let w: World
  let consoles: Consoles
  withConsoles((opened) => ({ w, consoles } = opened))

  const sizes = Object.keys(SIZES).filter((size) => size === 'wide' || size === 'phone')
  for (const [at, size] of sizes.entries()) {
    it(`a booking goes from the request to the end of its trip, ${size}`, async () => {
      const purpose = `Khách hàng ở Thủ Đức ${at}`
      const employee = await consoles.open('nobody', '/', { size })
      await signIn(employee)
      await employee.getByRole('link', { name: 'Ask for a booking' }).first().click()
      await employee.getByLabel('Purpose').fill(purpose)
      await employee.getByLabel('Day').fill(`2031-03-1${at}`)
      await employee.reload({ waitUntil: 'domcontentloaded' })
      expect(await employee.getByLabel('Purpose').inputValue()).to.equal(purpose)
      await employee.getByRole('button', { name: 'Ask for it' }).click()
      await employee.locator('[aria-invalid="true"]').first().waitFor()
      // A browser itself notes that it was refused.
      expect(consoles.troubles.splice(0).filter((trouble) => !trouble.includes('400'))).to.deep.equal([])
      await employee.getByLabel('Time').fill('08:30')
      await employee.getByRole('button', { name: 'Ask for it' }).click()
      await employee.getByText('Awaiting approval').waitFor()

      const manager = await consoles.open('manager', '/', { size })
      const request = manager.locator('.approval', { hasText: purpose })
      await request.getByRole('button', { name: 'Approve' }).click()
      await manager.getByLabel('Note (optional)').fill('Đi đường cẩn thận')
      await manager.getByRole('dialog').getByRole('button', { name: 'Approve' }).click()
      await request.waitFor({ state: 'detached' })
      await employee.getByText('To be assigned').waitFor()

      const staff = await consoles.open('staff', '/bookings', { size })
      await staff.getByRole('link', { name: purpose }).click()
      await staff.getByRole('button', { name: 'Assign', exact: true }).click()
      await staff.getByRole('dialog').getByRole('button', { name: 'Assign' }).click()
      await employee.getByText('Hồ Văn Tài').waitFor()

      const driver = await consoles.open('driver', '/', { size })
      await driver.getByRole('link', { name: purpose }).click()
      await employee.getByRole('button', { name: 'Trip chat' }).click()
      await say(employee, `Tôi chờ ở cổng ${at}`)
      await driver.getByRole('button', { name: 'Trip chat' }).click()
      await driver.getByRole('log').getByText(`Tôi chờ ở cổng ${at}`).waitFor()
      await say(driver, 'Dạ, năm phút nữa ạ')
      await employee.getByRole('log').getByText('Dạ, năm phút nữa ạ').waitFor()
      await employee.getByRole('img', { name: 'Read', exact: true }).first().waitFor()

      await driver.goBack()
      await press(driver, 'Start the trip')
      await driver.getByRole('dialog').getByText('The requester is told that it has begun.').waitFor()
      await press(driver.getByRole('dialog'), 'Start the trip')
      await press(driver, 'Complete the trip')
      await press(driver.getByRole('dialog'), 'Complete the trip')
      await driver.locator('.page-head').getByText('Completed').waitFor()
      await employee.getByText('This conversation is closed.').waitFor()
      await Promise.all([employee, manager, staff, driver].map((page) => page.close()))
      expect(consoles.troubles).to.deep.equal([])
    })
  }

  it('a request that changes while somebody decides is shown to them first', async () => {
    const employee = await w.as('employee')
    const trip = { ...tripOnItsDay(), purpose: 'Đi Cần Thơ' }
    const { body: booking } = await employee.post('/bookings', trip)
    const manager = await consoles.open('manager', '/')
    const request = manager.locator('.approval', { hasText: trip.purpose })
    await request.getByRole('button', { name: 'Approve' }).click()
    const dialog = manager.getByRole('dialog')
    await dialog.getByLabel('Note (optional)').fill('Được')
    await employee.patch(`/bookings/${booking.id}`, { purpose: 'Đi Cà Mau' })
    await dialog.getByText('Đi Cần Thơ → Đi Cà Mau').waitFor()
    expect(await dialog.getByRole('button', { name: 'Approve' }).count()).to.equal(0)
    await dialog.getByRole('button', { name: 'I have seen it' }).click()
    // It changes once more while the decision is on its way.
    const changeFirst = async (route: Route): Promise<void> => {
      await employee.patch(`/bookings/${booking.id}`, { purpose: 'Đi Phú Quốc' })
      await route.continue()
    }
    await manager.route('**/approve', changeFirst, { times: 1 })
    await dialog.getByRole('button', { name: 'Approve' }).click()
    await dialog.getByText('Đi Cà Mau → Đi Phú Quốc').waitFor()
    await dialog.getByRole('button', { name: 'I have seen it' }).click()
    await dialog.getByRole('button', { name: 'Approve' }).click()
    await manager.getByText('Approved.', { exact: true }).waitFor()
    const { body: approval } = await employee.get(`/approvals/booking/${booking.id}`)
    expect([approval.status, approval.notes, approval.version]).to.deep.equal(['APPROVED', 'Được', 3])
    await manager.close()
    // A browser itself notes that it was refused.
    expect(consoles.troubles.splice(0).filter((trouble) => !trouble.includes('412'))).to.deep.equal([])
  })

  it('a dialog stays that of the request for which it was opened when another one comes', async () => {
    const employee = await w.as('employee')
    const [one, other] = ['Đi Bến Tre', 'Đi Vĩnh Long'].map((purpose) => ({ ...tripOnItsDay(), purpose }))
    const { body: first } = await employee.post('/bookings', one)
    const manager = await consoles.open('manager', '/')
    const request = (trip: typeof one) => manager.locator('.approval', { hasText: trip?.purpose ?? '' })
    await request(one).getByRole('button', { name: 'Reject' }).click()
    const dialog = manager.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('Không được')
    // The newest stands first, and pushes the other down.
    await w.advance('1 minute')
    const { body: second } = await employee.post('/bookings', other)
    await manager
      .locator('.approval')
      .first()
      .filter({ hasText: other?.purpose ?? '' })
      .waitFor()
    expect(await dialog.count()).to.equal(1)
    expect(await dialog.getByText(first.bookingCode).count()).to.equal(1)
    expect(await request(one).getByRole('dialog').count()).to.equal(1)
    expect(await dialog.getByLabel('Reason').inputValue()).to.equal('Không được')
    await dialog.getByRole('button', { name: 'Reject' }).click()
    await manager.getByText('Rejected.', { exact: true }).waitFor()
    const statusOf = async (id: string): Promise<string> =>
      (await employee.get(`/approvals/booking/${id}`)).body.status
    expect([await statusOf(first.id), await statusOf(second.id)]).to.deep.equal(['REJECTED', 'PENDING'])

    // Its page says of a vehicle only that there was one, or that one is waited for; and that it was rejected, nobody cancelled it.
    await manager.goto(`${w.url}/bookings/${first.id}`, { waitUntil: 'domcontentloaded' })
    await manager.locator('.page-head').getByText('Rejected', { exact: true }).waitFor()
    await manager.getByText(first.bookingCode).first().waitFor()
    expect(await manager.locator('dd').getByText('false').count()).to.equal(0)
    await manager.close()
    expect(consoles.troubles).to.deep.equal([])
  })

  for (const size of sizes)
    it(`a request that was rejected is called so in the lists, and no cancelled one, ${size}`, async () => {
      const [employee, manager] = [await w.as('employee'), await w.as('manager')]
      const ask = async (purpose: string): Promise<{ id: string; purpose: string }> =>
        (await employee.post('/bookings', { ...tripOnItsDay(), purpose })).body
      const [rejected, cancelled] = [await ask(`Đi Huế, ${size}`), await ask(`Đi Vinh, ${size}`)]
      await w.settle()
      const { body: approval } = await manager.get(`/approvals/booking/${rejected.id}`)
      await manager.post(`/approvals/${approval.id}/reject`, { notes: 'Đi tàu' })
      await employee.post(`/bookings/${cancelled.id}/cancel`, { reason: 'USER_REQUEST' })
      const page = await consoles.open('employee', '/bookings?status=CANCELLED', { size })
      const line = (purpose: string) => page.locator('main li', { hasText: purpose })
      await line(rejected.purpose).getByText('Rejected', { exact: true }).waitFor()
      await line(cancelled.purpose).getByText('Cancelled', { exact: true }).waitFor()
      await page.close()
      expect(consoles.troubles).to.deep.equal([])
    })

  it('the bell says the same in two tabs', async () => {
    const [one, other] = [await consoles.open('manager'), await consoles.open('manager', '/chat')]
    const bell = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
    const manager = await w.as('manager')
    await manager.post('/notifications/read-all')
    for (const page of [one, other]) await bell(page, 'Notifications').waitFor()
    await (await w.as('employee')).post('/bookings', tripOnItsDay())
    for (const page of [one, other]) await bell(page, 'Notifications, 1 unread').waitFor()
    await bell(one, 'Notifications, 1 unread').click()
    await one.getByRole('button', { name: 'Mark all as read' }).click()
    await one.keyboard.press('Escape')
    for (const page of [one, other]) await bell(page, 'Notifications').waitFor()
    expect(consoles.troubles).to.deep.equal([])
    await Promise.all([one.close(), other.close()])
  })

  it('an address that was mistyped has nothing, in words', async () => {
    const page = await consoles.open('employee', '/bookings/12345')
    await page.getByRole('alert').getByText('The address may be old').waitFor()
    await page.close()
    // A browser itself notes that it was refused.
    consoles.troubles.splice(0)
  })

  it('a message that was written without a network arrives once when it is back', async () => {
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    const { body: room } = await employee.post('/chat/conversations/with-user', { userId: manager.user.id })
    const page = await consoles.open('employee', `/chat/${room.id}`)
    const reader = await consoles.open('manager', `/chat/${room.id}`)
    await page.getByRole('log').getByText('Nothing was said yet').waitFor()
    await reader.getByRole('log').getByText('Nothing was said yet').waitFor()
    await page.context().setOffline(true)
    await say(page, 'Viết khi mất mạng')
    await page.getByText('Sending…').waitFor()
    await page.context().setOffline(false)
    await reader.getByRole('log').getByText('Viết khi mất mạng').waitFor()
    await page.getByText('Sending…').waitFor({ state: 'detached' })
    expect(await page.getByRole('log').getByText('Viết khi mất mạng').count()).to.equal(1)
    expect((await manager.get(`/chat/rooms/${room.id}/messages`)).body).to.have.length(1)
    await Promise.all([page.close(), reader.close()])
    // A browser itself notes that it asked for something without a network.
    consoles.troubles.splice(0)
  })

  it('a file that was sent without a network is there after a reload, and arrives once', async () => {
    const [employee, driver] = [await w.as('employee'), await w.as('driver')]
    const { body: room } = await employee.post('/chat/conversations/with-user', { userId: driver.user.id })
    const page = await consoles.open('employee', `/chat/${room.id}`)
    await page.getByRole('log').getByText('Nothing was said yet').waitFor()
    await page.context().setOffline(true)
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'bien-ban.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') })
    await page.getByRole('button', { name: 'Take bien-ban.csv away' }).waitFor()
    await say(page, 'Biên bản đây')
    await page.getByRole('log').getByText('bien-ban.csv').waitFor()
    await page.getByText('Sending…').waitFor()
    // The page comes again, the API does not yet.
    const api = (url: URL): boolean => url.pathname.startsWith('/api/v1/')
    await page.route(api, (route) => route.abort())
    await page.context().setOffline(false)
    await page.reload({ waitUntil: 'domcontentloaded' })
    await page.getByRole('alert').waitFor()
    expect((await driver.get(`/chat/rooms/${room.id}/messages`)).body).to.deep.equal([])
    await page.unroute(api)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('button', { name: 'bien-ban.csv' }).waitFor()
    await page.getByText('Sending…').waitFor({ state: 'detached' })
    const { body: said } = await driver.get(`/chat/rooms/${room.id}/messages`)
    expect(said.map(({ content }: { content: string }) => content)).to.deep.equal(['Biên bản đây'])
    expect(said[0].attachments.map(({ name }: { name: string }) => name)).to.deep.equal(['bien-ban.csv'])
    await page.close()
    // A browser itself notes that it asked for something without a network.
    consoles.troubles.splice(0)
  })

  it('files that were chosen are there after a reload, but those that were taken away, and gone once they are sent', async () => {
    const [employee, owner] = [await w.as('employee'), await w.as('owner')]
    const { body: room } = await employee.post('/chat/conversations/with-user', { userId: owner.user.id })
    const page = await consoles.open('employee', `/chat/${room.id}`)
    const chosen = page.getByRole('button', { name: /^Take .* away$/ })
    await page.locator('input[type=file]').setInputFiles(
      ['hoa-don.csv', 'nham.csv'].map((name) => ({
        name,
        mimeType: 'text/csv',
        buffer: Buffer.from(name),
      })),
    )
    await page.getByRole('button', { name: 'Take nham.csv away' }).click()
    await chosen.waitFor()
    await until('it is kept', async () => (await page.evaluate(KEPT)) === 1)
    await page.reload({ waitUntil: 'domcontentloaded' })
    await chosen.waitFor()
    expect(await chosen.getAttribute('aria-label')).to.equal('Take hoa-don.csv away')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('log').getByRole('button', { name: 'hoa-don.csv' }).waitFor()
    await chosen.waitFor({ state: 'detached' })
    await until('it is kept no longer', async () => (await page.evaluate(KEPT)) === 0)
    await page.reload({ waitUntil: 'domcontentloaded' })
    await page.getByRole('log').getByRole('button', { name: 'hoa-don.csv' }).waitFor()
    expect(await chosen.count()).to.equal(0)
    const { body: said } = await owner.get(`/chat/rooms/${room.id}/messages`)
    expect(
      said[0].attachments.map(({ name, size }: { name: string; size: number }) => [name, size]),
    ).to.deep.equal([['hoa-don.csv', 'hoa-don.csv'.length]])
    expect(consoles.troubles).to.deep.equal([])
    await page.close()
  })

  it('says which chosen files the device lost', async () => {
    const [employee, owner] = [await w.as('employee'), await w.as('owner')]
    const { body: room } = await employee.post('/chat/conversations/with-user', { userId: owner.user.id })
    const page = await consoles.open('employee', `/chat/${room.id}`)
    await page
      .locator('input[type=file]')
      .setInputFiles({ name: 'mat.csv', mimeType: 'text/csv', buffer: Buffer.from('a') })
    await until('it is kept', async () => (await page.evaluate(KEPT)) === 1)
    await page.evaluate(
      "new Promise((gone) => (indexedDB.deleteDatabase('bellhop.chosen').onsuccess = () => gone()))",
    )
    await page.reload({ waitUntil: 'domcontentloaded' })
    await page.getByText('This device no longer has what you had chosen: mat.csv.').waitFor()
    expect(await page.getByRole('button', { name: /^Take .* away$/ }).count()).to.equal(0)
    await page.close()
  })

  it('what is half written stays with whoever wrote it, where others use the desk, and takes ten files', async () => {
    const [employee, staff] = [await w.as('employee'), await w.as('staff')]
    const { body: room } = await employee.post('/chat/conversations/with-user', { userId: staff.user.id })
    const page = await consoles.open('employee', `/chat/${room.id}`)
    const write = page.getByRole('textbox', { name: 'Write a message' })
    const choose = (...names: string[]): Promise<void> =>
      page
        .locator('input[type=file]')
        .setInputFiles(names.map((name) => ({ name, mimeType: 'text/csv', buffer: Buffer.from('a,b\n') })))
    const chosen = page.getByRole('button', { name: /^Take .* away$/ })
    await write.fill('Của Mai')
    await choose(...Array.from({ length: 11 }, (_, at) => `${at}.csv`))
    await page.getByText('At most 10 files.').waitFor()
    expect(await chosen.count()).to.equal(0)
    await choose('cua-mai.csv')
    await chosen.waitFor()
    for (const [name, written, files] of [
      ['staff', '', 0],
      ['employee', 'Của Mai', 1],
    ] as const) {
      await page.getByRole('button', { name: /^Account/ }).click()
      await page.getByRole('button', { name: 'Sign out' }).click()
      await enter(page, name)
      await write.waitFor()
      expect([await write.inputValue(), await chosen.count()], name).to.deep.equal([written, files])
    }
    await page.close()
    // A browser itself notes that it was refused.
    consoles.troubles.splice(0)
  })
})

/** How many chosen files the device keeps. */
const KEPT = `(async () => {
  const known = await indexedDB.databases()
  if (!known.some(({ name }) => name === 'bellhop.chosen')) return 0
  return new Promise((answer) => {
    indexedDB.open('bellhop.chosen').onsuccess = ({ target: { result: database } }) => {
      database.transaction('files').objectStore('files').count().onsuccess = ({ target }) => {
        database.close()
        answer(target.result)
      }
    }
  })
})()`

async function signIn(page: Page): Promise<void> {
  await enter(page, 'employee')
  await page.getByRole('heading', { name: 'Hello, Nguyễn Thị Mai' }).waitFor()
}

async function enter(page: Page, name: Name): Promise<void> {
  const { email, password } = signInOf(name)
  await page.getByLabel('E-mail or phone').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

const press = (within: Page | Locator, name: string): Promise<void> =>
  within.getByRole('button', { name }).last().click()

async function say(page: Page, words: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Write a message' }).fill(words)
  await page.keyboard.press('Enter')
}
