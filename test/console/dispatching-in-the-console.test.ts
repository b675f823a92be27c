import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { type Consoles, withConsoles } from '../support/console.ts'
import { until } from '../support/until.ts'
import type { World } from '../support/world.ts'

describe('dispatching in the console', () => {
  let w: World
  let consoles: Consoles
  withConsoles((opened) => ({ w, consoles } = opened))

  const press = (page: Page, name: string): Promise<void> =>
    page.getByRole('button', { name, exact: true }).first().click()

  for (const [at, size] of (['wide', 'phone'] as const).entries())
    it(`a trip of several stops is asked for, driven by others than first thought, and handed over, ${size}`, async () => {
      const purpose = `Đón đoàn ${at}`
      const staff = await consoles.open('staff', '/bookings/new', { size })
      await staff.getByLabel('Purpose').fill(purpose)
      await staff.getByLabel('Day', { exact: true }).fill(`2031-03-1${at + 1}`)
      await staff.getByLabel('Time').fill('08:30')
      await staff.getByLabel('Kind of trip').selectOption('MULTI_STOP')
      await press(staff, 'Ask for it')
      await staff.locator('.field', { hasText: 'Stops' }).locator('.field-problem').waitFor()
      // A browser itself notes that it was refused.
      expect(consoles.troubles.splice(0).filter((trouble) => !/4\d\d/.test(trouble))).to.deep.equal([])
      const fill = (stop: string, label: string, text: string): Promise<void> =>
        staff.getByRole('group', { name: stop, exact: true }).getByLabel(label, { exact: true }).fill(text)
      await fill('From', 'From', 'Sân bay Tân Sơn Nhất')
      await press(staff, 'Add a stop')
      await fill('Stop 1', 'Stop 1', 'Nhà máy Bình Dương')
      await fill('Stop 1', 'At', '09:15')
      await fill('To', 'To', 'Khách sạn Rex')
      await fill('To', 'Address', '141 Nguyễn Huệ')
      await press(staff, 'Ask for it')
      await staff.getByText('Khách sạn Rex').waitFor()
      await staff.getByText('141 Nguyễn Huệ').waitFor()
      await staff.locator('.stops').getByText('09:15').waitFor()
      await staff.getByRole('link', { name: 'Change the booking' }).click()
      // Begun after its stop at 09:15: the stop stays on its day, and is refused.
      await staff.getByLabel('Time').fill('09:30')
      await press(staff, 'Save')
      await staff.getByRole('alert').getByText('stops/1/at').waitFor()
      expect(consoles.troubles.splice(0).filter((trouble) => !/4\d\d/.test(trouble))).to.deep.equal([])
      await staff.getByLabel('Time').fill('08:30')
      await staff.getByLabel('Passengers').fill('7')
      await press(staff, 'Save')
      await staff.getByText('Changed.').waitFor()
      await staff.getByText('Khách sạn Rex').waitFor()
      await w.settle()
      const [, , id = ''] = new URL(staff.url()).pathname.split('/')
      const { status } = (await (await w.as('admin')).get(`/bookings/${id}`)).body
      if (status === 'PENDING_APPROVAL') await approve(id)
      await press(staff, 'Assign')
      await staff.getByRole('dialog').getByRole('button', { name: 'Assign' }).click()
      const first = await vehicleOf(id)
      await staff.getByRole('dialog').waitFor({ state: 'detached' })
      await press(staff, 'Change vehicle or driver')
      await staff.getByRole('dialog').getByLabel('Vehicle').selectOption({ index: 1 })
      await staff.getByLabel('Reason').fill('Xe kia vào xưởng')
      await staff.getByRole('dialog').getByRole('button', { name: 'Change vehicle or driver' }).click()
      await staff.getByText('Xe kia vào xưởng').waitFor()
      expect(await vehicleOf(id)).not.to.equal(first)

      const driver = await consoles.open('driver', `/bookings/${id}`, { size })
      await press(driver, 'Hand-over')
      await driver.getByLabel('Fuel or charge in %').fill('250')
      await press(driver, 'Write it down')
      await driver.locator('.field', { hasText: 'Fuel' }).locator('.field-problem').waitFor()
      consoles.troubles.splice(0)
      await driver.getByLabel('Fuel or charge in %').fill('80')
      await driver.getByLabel('Odometer in km').fill('41200')
      await press(driver, 'Write it down')
      await staff.getByText('Taken over, before the trip').waitFor()
      await staff.getByText('41200').waitFor()

      await staff.goto(`${w.url}/bookings/grid?day=2031-03-12&view=week`, { waitUntil: 'domcontentloaded' })
      const block = staff.locator('.week .block', { hasText: purpose })
      await block.first().waitFor()
      // Once with the vehicle, once with the driver.
      expect(await block.count()).to.equal(2)
      await Promise.all([staff.close(), driver.close()])
      expect(consoles.troubles).to.deep.equal([])
    })

  for (const [at, size] of (['wide', 'phone'] as const).entries())
    it(`whoever sends out vehicles begins with what has to be done today, ${size}`, async () => {
      const [admin, staff] = [await w.as('admin'), await w.as('staff')]
      const onConflicts = (conflicts: string) => admin.patch('/organisation', { settings: { conflicts } })
      expect((await onConflicts('warn')).status).to.equal(200)
      const { body: car } = await admin.post('/resources', {
        kind: 'VEHICLE',
        name: `Xe ${size}`,
        needsDriver: false,
      })
      const ask = async (purpose: string, scheduledTime: string): Promise<string> => {
        const when = { scheduledDate: `2031-03-0${at + 3}`, scheduledTime }
        const { body } = await staff.post('/bookings', { ...when, passengerCount: 1, purpose })
        await w.settle()
        if ((await staff.get(`/bookings/${body.id}`)).body.status === 'PENDING_APPROVAL')
          await approve(body.id)
        return body.id
      }
      for (const [purpose, time] of [
        ['Đón khách', '14:00'],
        ['Giao hàng', '14:30'],
      ] as const)
        await staff.post(`/bookings/${await ask(`${purpose} ${size}`, time)}/assign`, { resourceId: car.id })
      await ask(`Ra sân bay ${size}`, '16:00')

      const now = new Date(`2031-03-0${at + 3}T02:30:00Z`)
      const page = await consoles.open('staff', '/', { size, now })
      const section = (name: string) => page.getByRole('region', { name })
      const clash = section('Needs you now').locator('li', { hasText: `Xe ${size}: two trips at once` })
      await clash.getByRole('link', { name: `Giao hàng ${size}` }).waitFor()
      const waiting = section('To be assigned').locator('li', { hasText: `Ra sân bay ${size}` })
      expect(await section('Today').getByText(`Đón khách ${size}`).count()).to.equal(1)
      await waiting.getByRole('button', { name: 'Assign' }).click()
      await page.getByRole('dialog').getByLabel('Vehicle').selectOption(car.id)
      await page.getByRole('dialog').getByRole('button', { name: 'Assign' }).click()
      await section('Today').getByText(`Ra sân bay ${size}`).waitFor()
      await waiting.waitFor({ state: 'detached' })
      await clash.getByRole('link', { name: 'To the plan of the day' }).click()
      await page
        .locator('.day .block', { hasText: `Giao hàng ${size}` })
        .first()
        .waitFor()
      expect((await onConflicts('refuse')).status).to.equal(200)
      await page.close()
      expect(consoles.troubles).to.deep.equal([])
    })

  it('in the week of the fleet, what is longer than its cell is cut, and told whole by its title', async () => {
    const staff = await w.as('staff')
    const purpose = 'Đưa chuyên gia đi khảo sát nhà máy ở Bình Dương và Đồng Nai'
    const { body: booking } = await staff.post('/bookings', {
      scheduledDate: '2031-03-25',
      scheduledTime: '10:00',
      passengerCount: 1,
      purpose,
    })
    await w.settle()
    const { status } = (await staff.get(`/bookings/${booking.id}`)).body
    if (status === 'PENDING_APPROVAL') await approve(booking.id)
    const page = await consoles.open('staff', '/bookings/grid?day=2031-03-25&view=week')
    const block = page.locator('.week .block', { hasText: purpose })
    await block.waitFor()
    expect(await block.getAttribute('title')).to.equal(`10:00 ${purpose}`)
    const [inside, cell] = [
      await block.boundingBox(),
      await page.locator('.week td', { hasText: purpose }).boundingBox(),
    ]
    if (!inside || !cell) throw new Error('They are not drawn')
    expect(inside.x + inside.width).to.be.at.most(cell.x + cell.width)

    // What waits has no lane of its own to name.
    await page.goto(`${w.url}/bookings/grid?day=2031-03-25`, { waitUntil: 'domcontentloaded' })
    await page.locator('.day .block', { hasText: purpose }).waitFor()
    expect(await page.locator('.day h3:empty').count()).to.equal(0)
    await page.close()
    expect(consoles.troubles).to.deep.equal([])
  })

  it('a vehicle that is too small is shown as such, and refused in words', async () => {
    const admin = await w.as('admin')
    const { body: car } = await admin.post('/resources', { kind: 'VEHICLE', name: 'Xe nhỏ', capacity: 4 })
    const { body: booking } = await admin.post('/bookings', {
      scheduledDate: '2031-04-25',
      scheduledTime: '09:00',
      passengerCount: 40,
      purpose: 'Đoàn lớn',
    })
    const page = await consoles.open('staff', `/bookings/${booking.id}`)
    await w.settle()
    if ((await admin.get(`/bookings/${booking.id}`)).body.status === 'PENDING_APPROVAL')
      await approve(booking.id)
    await press(page, 'Assign')
    const dialog = page.getByRole('dialog')
    const vehicles = dialog.getByLabel('Vehicle')
    await vehicles.getByText('Xe nhỏ · 4 seats · too small').waitFor({ state: 'attached' })
    await vehicles.selectOption(car.id)
    await dialog.getByText('40 people travel, and it has 4 seats.').waitFor()
    await dialog.getByRole('button', { name: 'Assign' }).click()
    await dialog.getByText('Xe nhỏ has 4 seats, and 40 people travel.').waitFor()
    await page.close()
    // A browser itself notes that it was refused.
    expect(consoles.troubles.splice(0).filter((trouble) => !/4\d\d/.test(trouble))).to.deep.equal([])
  })

  it('what was cancelled by mistake stays when it is taken back at once', async () => {
    const employee = await w.as('employee')
    const { body: booking } = await employee.post('/bookings', {
      scheduledDate: '2031-03-20',
      scheduledTime: '09:00',
      passengerCount: 1,
      purpose: 'Gặp khách',
    })
    const page = await consoles.open('employee', `/bookings/${booking.id}`)
    await press(page, 'Cancel the booking')
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the booking' }).click()
    // Meanwhile nothing else is begun with it.
    const pending = page.getByRole('button', { name: 'Being cancelled…' })
    await pending.waitFor()
    expect(await pending.isDisabled()).to.equal(true)
    await press(page, 'Undo')
    await pending.waitFor({ state: 'detached' })
    expect((await employee.get(`/bookings/${booking.id}`)).body.status).not.to.equal('CANCELLED')
    await press(page, 'Cancel the booking')
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel the booking' }).click()
    await page.locator('.page-head').getByText('Cancelled').waitFor()
    await page.close()
    expect(consoles.troubles).to.deep.equal([])
  })

  it('an FAQ that was removed comes back as it was', async () => {
    const admin = await w.as('admin')
    const faqs = async (): Promise<{ question: string }[]> => (await admin.get('/chat/faqs')).body
    const [{ question }] = (await faqs()) as [{ question: string }]
    const page = await consoles.open('admin', '/organisation?view=faqs')
    await page.getByText(question).first().click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
    await until('it is gone', async () => (await faqs()).every((each) => each.question !== question))
    await press(page, 'Undo')
    await until('it is back', async () => (await faqs()).some((each) => each.question === question))
    await page.close()
    expect(consoles.troubles).to.deep.equal([])
  })

  async function approve(bookingId: string): Promise<void> {
    const admin = await w.as('admin')
    const { body } = await admin.get(`/approvals?subjectId=${bookingId}&as=admin`)
    const { body: approver } = await admin.get(`/users/${body[0].approverId}`)
    const name = (['manager', 'director', 'owner', 'admin', 'supervisor'] as const).find(
      (each) => approver.email === `${each}@demo.test`,
    )
    await (await w.as(name ?? 'manager')).post(`/approvals/${body[0].id}/decide`, { decision: 'approve' })
  }

  async function vehicleOf(bookingId: string): Promise<string> {
    const admin = await w.as('admin')
    await until(
      'it is assigned',
      async () => (await admin.get(`/bookings/${bookingId}`)).body.assignedResourceId !== null,
      60_000,
    )
    return (await admin.get(`/bookings/${bookingId}`)).body.assignedResourceId
  }
})
