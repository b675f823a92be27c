import { expect } from 'chai'
import type { Locator, Page, Route } from 'playwright-core'
import { enterAs, SIZES, type Consoles, withConsoles, writeMessage } from '../support/console.ts'
import { tripOnItsDay } from '../support/people.ts'
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
      await writeMessage(employee, `Tôi chờ ở cổng ${at}`)
      await driver.getByRole('button', { name: 'Trip chat' }).click()
      await driver.getByRole('log').getByText(`Tôi chờ ở cổng ${at}`).waitFor()
      await writeMessage(driver, 'Dạ, năm phút nữa ạ')
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
})

async function signIn(page: Page): Promise<void> {
  await enterAs(page, 'employee')
  await page.getByRole('heading', { name: 'Hello, Nguyễn Thị Mai' }).waitFor()
}

const press = (within: Page | Locator, name: string): Promise<void> =>
  within.getByRole('button', { name }).last().click()
