import { expect } from 'chai'
import { type Consoles, withConsoles } from '../support/console.ts'
import { TRIP } from '../support/people.ts'
import { until } from '../support/until.ts'
import type { World } from '../support/world.ts'

for (const size of ['wide', 'phone'] as const)
  describe(`one’s own day in the console, ${size}`, function () {
    let w: World
    let consoles: Consoles
    withConsoles((opened) => ({ w, consoles } = opened))

    it('begins one’s day with what comes first, and says so when nothing lies ahead any more', async () => {
      const customer = await w.as('customer')
      const page = await consoles.open('customer', '/', { size })
      const nothing = page.getByText('Nothing that you asked for lies ahead')
      await nothing.waitFor()
      const ids: string[] = []
      for (const scheduledDate of ['2031-05-02', '2031-05-01'])
        ids.push(
          (await customer.post('/bookings', { ...TRIP, scheduledDate, purpose: `Đi ${scheduledDate}` })).body
            .id,
        )
      const shown = async (): Promise<string> =>
        (await page.locator('main .line .strong').allInnerTexts()).join()
      await until(
        'both are there, the earlier one first',
        async () => (await shown()) === 'Đi 2031-05-01,Đi 2031-05-02',
      )
      const { body: late } = await customer.post('/bookings', { ...TRIP, purpose: 'Đi lâu rồi' })
      ids.push(late.id)
      await w.owner('bookings').where({ id: late.id }).update({ scheduledDate: '2020-05-01' })
      await page.reload({ waitUntil: 'domcontentloaded' })
      await until(
        'what should be over stands last',
        async () => (await shown()) === 'Đi 2031-05-01,Đi 2031-05-02,Đi lâu rồi',
      )
      for (const id of ids) await customer.post(`/bookings/${id}/cancel`, { reason: 'USER_REQUEST' })
      await nothing.waitFor()
      await page.close()
      expect(consoles.troubles).to.deep.equal([])
    })

    it('lets a customer begin to talk to the desk, and go on after it was closed', async () => {
      const [customer, staff] = [await w.as('customer'), await w.as('staff')]
      const page = await consoles.open('customer', '/chat', { size })
      const write = page.getByRole('textbox', { name: 'Write a message' })
      await page.getByRole('button', { name: 'Talk to support' }).click()
      await write.waitFor()
      const [room] = (await customer.get('/chat/rooms')).body
      expect((await staff.put(`/chat/rooms/${room.id}/archive`)).status).to.equal(200)
      await page.getByText('This conversation is closed.').waitFor()
      if (size === 'phone') await page.getByRole('link', { name: 'Back', exact: true }).click()
      await page.getByRole('button', { name: 'Talk to support' }).click()
      await write.waitFor()
      expect((await customer.get(`/chat/rooms/${room.id}`)).body.status).to.equal('ACTIVE')
      await page.close()
      expect(consoles.troubles).to.deep.equal([])
    })

    it('has a conversation within the screen: nothing scrolls but what was said', async () => {
      const [driver, staff] = [await w.as('driver'), await w.as('staff')]
      const { body: room } = await driver.post('/chat/conversations/with-user', { userId: staff.user.id })
      const page = await consoles.open('driver', `/chat/${room.id}`, {
        size,
        // Whoever is elsewhere has a note about times below it.
        zone: 'Asia/Ho_Chi_Minh',
      })
      await page.getByRole('textbox', { name: 'Write a message' }).waitFor()
      await until('it fits', () =>
        page.evaluate('document.documentElement.scrollHeight <= document.documentElement.clientHeight'),
      )
      await page.close()
      expect(consoles.troubles).to.deep.equal([])
    })
  })
