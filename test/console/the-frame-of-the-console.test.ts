import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { DEMO_PASSWORD } from '../../shared/demonstration/seed.ts'
import { sealAll } from '../../workers/audit-sealer.ts'
import { signInOf, type Consoles, withConsoles } from '../support/console.ts'
import { PEOPLE, tripOnItsDay } from '../support/people.ts'
import { askAndRoute } from '../support/story.ts'
import { until } from '../support/until.ts'
import type { World } from '../support/world.ts'

for (const size of ['wide', 'phone'] as const)
  describe(`the frame of the console, ${size}`, function () {
    let w: World
    let consoles: Consoles
    withConsoles((opened) => ({ w, consoles } = opened))
    const press = (page: Page, name: string): Promise<void> =>
      page.getByRole('button', { name, exact: true }).first().click()

    it('says every instant in the zone of the organisation, and its name to whoever has another one', async () => {
      const { approval } = await askAndRoute(w)
      const away = await consoles.open('manager', `/approvals/${approval.id}`, {
        size,
        zone: 'America/New_York',
      })
      await away.getByText('Times are those of the organisation: Indochina Time').waitFor()
      const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: 'Asia/Ho_Chi_Minh' })
      const asked = away.locator(`.approval time[datetime="${approval.createdAt.toISOString()}"]`)
      expect(await asked.getAttribute('title')).to.include(clock.format(approval.createdAt))
      const near = await consoles.open('manager', '/', { size, zone: 'Asia/Bangkok' })
      await near.getByRole('heading', { level: 1 }).waitFor()
      expect(await near.getByText('Times are those of the organisation').count()).to.equal(0)
      await Promise.all([away.close(), near.close()])
      expect(consoles.troubles).to.deep.equal([])
    })

    it('speaks one language, which is that of what the server writes', async () => {
      const { approval } = await askAndRoute(w)
      const manager = await consoles.open('manager', `/approvals/${approval.id}`, { size })
      await manager.locator('dt', { hasText: 'Passengers' }).waitFor()
      expect(await manager.locator('dt', { hasText: 'Số người' }).count()).to.equal(0)
      await manager.close()

      const page = await consoles.open('nobody', '/', { size, zone: 'Asia/Ho_Chi_Minh' })
      await press(page, 'Tiếng Việt')
      await page.getByLabel('E-mail hoặc số điện thoại').fill(signInOf('admin').email)
      await page.getByLabel('Mật khẩu').fill(DEMO_PASSWORD)
      await press(page, 'Đăng nhập')
      await page.getByRole('heading', { name: 'Xin chào' }).waitFor()
      // Who was told things in English is told them as they chose.
      const admin = await w.as('admin')
      await until('it is theirs', async () => (await admin.get('/auth/me')).body.locale === 'vi')
      await admin.patch('/auth/me', { locale: 'en' })
      await page.close()
      expect(consoles.troubles).to.deep.equal([])
    })

    it('counts what is unread in conversations, in every tab, until it is read in one', async () => {
      const [employee, manager] = [await w.as('employee'), await w.as('manager')]
      const { body: room } = await manager.post('/chat/conversations/with-user', { userId: employee.user.id })
      const [one, other] = [
        await consoles.open('employee', '/', { size }),
        await consoles.open('employee', '/bookings', { size }),
      ]
      const badge = (page: Page, name: string) => page.locator('.nav').getByRole('img', { name, exact: true })
      for (const page of [one, other]) await page.getByRole('heading', { level: 1 }).waitFor()
      for (const content of ['Chào chị', 'Chị xem giúp em'])
        await manager.post(`/chat/rooms/${room.id}/messages`, { content })
      for (const page of [one, other]) await badge(page, '2 unread').waitFor()
      await one.goto(`${w.url}/chat/${room.id}`, { waitUntil: 'domcontentloaded' })
      for (const page of [one, other]) await badge(page, '2 unread').waitFor({ state: 'detached' })
      await Promise.all([one.close(), other.close()])
      expect(consoles.troubles).to.deep.equal([])
    })

    it('keeps what ADMINs are told of the audit out of what the bell counts, and beside the rest', async () => {
      const admin = await w.as('admin')
      await admin.post('/notifications/read-all')
      const countOf = async (query = ''): Promise<number> =>
        (await admin.get(`/notifications/unread-count${query}`)).body.count
      await (await w.as('employee')).post('/bookings', tripOnItsDay())
      await w.settle()
      await sealAll(w.runtime)
      await w.settle()
      expect(await countOf()).to.be.above(0)
      expect(await countOf('?except=audit')).to.equal(0)
      const page = await consoles.open('admin', '/', { size })
      const bell = page.getByRole('button', { name: 'Notifications', exact: true })
      await bell.click()
      const told = page.getByRole('dialog').getByText('The audit noted a change')
      await page.getByRole('dialog').getByText('Nothing new').waitFor()
      expect(await told.count()).to.equal(0)
      await page.getByRole('dialog').getByText('Audit', { exact: true }).click()
      await told.first().waitFor()
      await press(page, 'Mark all as read')
      await until('the audit is read, too', async () => (await countOf()) === 0)
      await page.close()
      expect(consoles.troubles).to.deep.equal([])
    })

    it('lets one change the password, and shows where one is signed in', async () => {
      const elsewhere = await w.anybody.post('/auth/login', signInOf('sic'))
      const page = await consoles.open('sic', '/', { size })
      await page.getByRole('button', { name: /^Account/ }).click()
      const panel = page.getByRole('dialog')
      await panel.getByText('This device').waitFor()
      const others = panel.getByRole('button', { name: 'End', exact: true })
      await others.first().waitFor()
      await others.first().click()
      await page.getByText('That session has ended.').waitFor()
      await panel.getByText('Change the password').first().click()
      await panel.getByLabel('Password now').fill('không phải')
      await panel.getByLabel('New password').fill('một câu dài hơn')
      const change = panel.getByRole('button', { name: 'Change the password' })
      await change.click()
      await panel.getByText('That is not your password now.').waitFor()
      // A browser itself notes that it was refused.
      expect(consoles.troubles.splice(0).filter((trouble) => !trouble.includes('422'))).to.deep.equal([])
      await panel.getByLabel('Password now').fill(DEMO_PASSWORD)
      await change.click()
      await page.getByText('The password is changed.').waitFor()
      await others.first().waitFor({ state: 'detached' })
      const again = await w.anybody.post('/auth/refresh', { refreshToken: elsewhere.body.refreshToken })
      expect(again.status).to.equal(401)
      const body = { email: PEOPLE.sic, password: 'một câu dài hơn' }
      expect((await w.anybody.post('/auth/login', body)).status).to.equal(200)
      await page.close()
      expect(consoles.troubles).to.deep.equal([])
    })

    it('leads from a forgotten password back to the sign-in, in its own colours', async () => {
      const page = await consoles.open('nobody', '/', { size })
      const accentOf = (): Promise<string> =>
        page.evaluate("getComputedStyle(document.querySelector('button:not(.link)')).backgroundColor")
      await page.getByRole('button', { name: 'Sign in' }).waitFor()
      const accent = await accentOf()
      await page.getByRole('link', { name: 'Forgotten your password?' }).click()
      await page.getByRole('heading', { name: 'Forgot your password?' }).waitFor()
      expect(await accentOf()).to.equal(accent)
      await page.getByRole('link', { name: 'Back to the sign-in' }).click()
      await page.getByRole('heading', { name: 'Sign in' }).waitFor()
      expect(await page.getByRole('link', { name: 'See that chat' }).getAttribute('href')).to.equal(
        '/widgets',
      )
      await page.close()
      expect(consoles.troubles).to.deep.equal([])
    })
  })
