import { expect } from 'chai'
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { faultsOf } from '../support/axe.ts'
import { needChromium, noteTroubles, openContext } from '../support/browser.ts'
import { signInOf, SIZES } from '../support/console.ts'
import { anEmbeddingPage, type EmbeddingPage } from '../support/embedding-page.ts'
import { tripOnItsDay, type Name } from '../support/people.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

describe('widgets in somebody’s own page, of another origin and under a strict policy', function () {
  let w: World
  let embedding: EmbeddingPage
  let contexts: BrowserContext[] = []
  let troubles: string[] = []
  before(function () {
    needChromium(this)
  })
  before(async () => {
    embedding = await anEmbeddingPage({ server: () => w.url, tokenOf: signInTo })
    w = await aWorld({ env: { CORS_ORIGINS: embedding.origin } })
  })
  after(async () => {
    await embedding?.close()
    await w?.end()
  })
  beforeEach(() => {
    troubles = []
  })
  afterEach(async () => {
    await Promise.all(contexts.map((each) => each.close()))
    contexts = []
  })

  async function signInTo(who: string): Promise<string> {
    return (await w.anybody.post('/auth/login', signInOf(who as Name))).body.accessToken
  }

  async function visit(origin: string, path: string, look: BrowserContextOptions): Promise<Page> {
    const context = await openContext({ locale: 'en', ...look })
    contexts.push(context)
    const page = await context.newPage()
    noteTroubles(page, origin, troubles)
    await page.goto(origin + path, { waitUntil: 'domcontentloaded' })
    return page
  }

  async function open(
    body: string,
    {
      size = 'wide',
      theme = 'light',
      zone,
    }: { size?: keyof typeof SIZES; theme?: 'light' | 'dark'; zone?: string } = {},
  ): Promise<Page> {
    embedding.bodies.set('/', body)
    return visit(embedding.origin, '', {
      viewport: SIZES[size],
      colorScheme: theme,
      ...(zone && { timezoneId: zone }),
    })
  }

  /** Asked of two origins alone, nothing kept in the page's storage, and no complaint of the browser's. */
  async function end(page: Page): Promise<void> {
    expect(troubles.filter((each) => !each.startsWith(`asked for ${w.url}/`))).to.deep.equal([])
    expect(await page.evaluate('localStorage.length + sessionStorage.length')).to.equal(0)
  }

  for (const size of ['wide', 'phone'] as const)
    it(`the bell counts what is told, tells the page, and opens, ${size}`, async () => {
      await (await w.as('manager')).post('/notifications/read-all')
      const page = await open('<bellhop-bell data-who="manager"></bellhop-bell>', { size })
      const bell = (name: string) => page.getByRole('button', { name, exact: true })
      await bell('Notifications').waitFor()
      await (await w.as('employee')).post('/bookings', tripOnItsDay())
      await bell('Notifications, 1 unread').click()
      expect(await page.title()).to.equal('1 unread')
      await page.getByRole('dialog', { name: 'Notifications' }).getByText('Nguyễn Thị Mai').first().waitFor()
      await page.getByRole('button', { name: 'Mark all as read' }).click()
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await bell('Notifications').waitFor()
      await end(page)
    })

  it('approvals are decided with all that is decided on', async () => {
    const purpose = 'Đón khách ở Nội Bài'
    const { body: booking } = await (await w.as('employee')).post('/bookings', { ...tripOnItsDay(), purpose })
    const page = await open('<bellhop-approvals data-who="manager" locale="vi"></bellhop-approvals>')
    const request = page.getByRole('listitem').filter({ hasText: purpose })
    await request.getByRole('button', { name: 'Từ chối' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Từ chối' }).click()
    await page.locator('[aria-invalid="true"]').first().waitFor()
    await page.getByLabel('Lý do, người yêu cầu sẽ đọc').fill('Đi tàu nhé')
    await page.getByRole('dialog').getByRole('button', { name: 'Từ chối' }).click()
    await request.waitFor({ state: 'detached' })
    const { body: refused } = await (await w.as('employee')).get(`/bookings/${booking.id}`)
    expect(refused.cancellationReason).to.equal('MANAGER_REJECTED')
    await end(page)
  })

  it('what is refused is said in Vietnamese where a widget speaks it, in words that no other asks for', async () => {
    const words = (): boolean => troubles.some((each) => each.endsWith('/widgets/refusals.vi.json'))
    const enter = async (locale: string, title: string, name: string, begin: string): Promise<Page> => {
      const page = await open(
        `<bellhop-customer-chat org="nobody" locale="${locale}"></bellhop-customer-chat>`,
      )
      await page.getByRole('button', { name: title }).click()
      await page.getByLabel(name, { exact: true }).fill('Lan')
      await page.getByRole('button', { name: begin }).click()
      await page.getByRole('alert').waitFor()
      return page
    }
    const english = await enter('en', 'Chat with us', 'Your name', 'Start the chat')
    expect(await english.getByRole('alert').innerText()).to.contain('not found')
    expect(words()).to.equal(false)
    const page = await enter('vi', 'Trò chuyện với chúng tôi', 'Tên của bạn', 'Bắt đầu trò chuyện')
    // The words may come after the refusal.
    await until('it is said in Vietnamese', async () => {
      await page.getByRole('button', { name: 'Bắt đầu trò chuyện' }).click()
      return (await page.getByRole('alert').innerText()).includes('Không tìm thấy')
    })
    expect(words()).to.equal(true)
    // A browser itself notes that it was refused.
    troubles = troubles.filter((each) => !each.includes('404'))
    await english.context().close()
    await end(page)
  })

  it('two people talk on one page, with files, see each other type, and what was read', async () => {
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    const { body: room } = await employee.post('/chat/conversations/with-user', { userId: manager.user.id })
    const page = await open(
      `<bellhop-chat id="one" data-who="employee" room="${room.id}"></bellhop-chat>
       <bellhop-chat id="other" data-who="manager"></bellhop-chat>`,
    )
    const [one, other] = [page.locator('#one'), page.locator('#other')]
    await other.getByRole('button', { name: 'Nguyễn Thị Mai' }).click()
    await other.getByText('Nothing was said yet').waitFor()
    const write = one.getByRole('textbox', { name: 'Write a message' })
    await write.pressSequentially('Gửi anh bảng')
    await other.getByText('Nguyễn Thị Mai is typing…').waitFor()
    await one
      .locator('input[type=file]')
      .setInputFiles({ name: 'bang-ke.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') })
    await one.getByRole('button', { name: 'Take bang-ke.csv away' }).waitFor()
    await write.press('Enter')
    await other.getByRole('log').getByText('Gửi anh bảng').waitFor()
    await other.getByRole('button', { name: 'bang-ke.csv' }).waitFor()
    await one.getByRole('img', { name: 'Read', exact: true }).waitFor()
    const { body: messages } = await manager.get(`/chat/rooms/${room.id}/messages`)
    expect(messages[0].attachments[0].name).to.equal('bang-ke.csv')
    await end(page)
  })

  it('a guest says a name, is answered by the FAQ at a press, and by the desk', async () => {
    const page = await open('<bellhop-customer-chat org="demo"></bellhop-customer-chat>', { size: 'phone' })
    await page.getByRole('button', { name: 'Chat with us' }).click()
    await page.getByRole('button', { name: 'Start the chat' }).click()
    await page.locator('[aria-invalid="true"]').first().waitFor()
    await page.getByLabel('Your name').fill('Khách Qua Đường')
    await page.getByRole('button', { name: 'Start the chat' }).click()
    await page.getByRole('button', { name: 'Mấy giờ mở cửa?' }).click()
    await page.getByRole('log').getByText('từ thứ Hai đến thứ Sáu').waitFor()
    const staff = await w.as('staff')
    const { body: rooms } = await staff.get('/chat/rooms?kind=SUPPORT')
    const room = rooms.find(
      (each: { customer: { fullName: string } }) => each.customer.fullName === 'Khách Qua Đường',
    )
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await staff.post(`/chat/rooms/${room.id}/messages`, { content: 'Dạ, em nghe ạ' })
    await page.getByRole('button', { name: 'Chat with us, 1 unread' }).click()
    await page.getByRole('log').getByText('Dạ, em nghe ạ').waitFor()
    await until('it was read', async () => {
      const { body: messages } = await staff.get(`/chat/rooms/${room.id}/messages`)
      return messages[0].status === 'READ'
    })
    await staff.put(`/chat/rooms/${room.id}/archive`)
    await page.getByRole('button', { name: '4 of 5' }).click()
    await page.getByRole('button', { name: '4 of 5' }).waitFor({ state: 'detached' })
    expect((await staff.get(`/chat/rooms/${room.id}`)).body.rating).to.equal(4)
    // What the staff opens once more and closes is rated once more.
    await staff.put(`/chat/rooms/${room.id}/reopen`)
    await staff.put(`/chat/rooms/${room.id}/archive`)
    await page.getByRole('button', { name: '5 of 5' }).click()
    await page.getByRole('button', { name: '5 of 5' }).waitFor({ state: 'detached' })
    expect((await staff.get(`/chat/rooms/${room.id}`)).body.rating).to.equal(5)
    await page.getByRole('button', { name: 'Start the chat' }).click()
    await page.getByRole('textbox', { name: 'Write a message' }).waitFor()
    await end(page)
  })

  it('a ticket is opened, answered, and rated once it is closed', async () => {
    const page = await open('<bellhop-tickets data-who="customer"></bellhop-tickets>')
    await page.getByRole('button', { name: 'Open a ticket' }).click()
    await page.getByLabel('Description').fill('Trạm mất điện')
    await page.getByRole('dialog').getByRole('button', { name: 'Open a ticket' }).click()
    await page.getByRole('heading', { name: 'Trạm mất điện' }).waitFor()
    const staff = await w.as('staff')
    const [ticket] = (await staff.get('/supports')).body
    await staff.post(`/chat/rooms/${ticket.roomId}/messages`, { content: 'Đang sửa ạ' })
    await page.getByRole('log').getByText('Đang sửa ạ').waitFor()
    await staff.patch(`/supports/${ticket.id}`, { status: 'closed' })
    await page.getByRole('button', { name: '4 of 5' }).click()
    await page.getByText('Thank you.').waitFor()
    expect((await staff.get(`/supports/${ticket.id}`)).body.rating).to.equal(4)
    await end(page)
  })

  it('whoever is not signed in is told so, and becomes somebody by a token', async () => {
    const page = await open('<bellhop-approvals></bellhop-approvals>')
    await page.getByText('Sign in to see this.').waitFor()
    await page.locator('bellhop-approvals').evaluate(
      (element, token) => {
        Reflect.set(element, 'token', token)
      },
      await signInTo('manager'),
    )
    await page.getByText('Sign in to see this.').waitFor({ state: 'detached' })
    await page
      .locator('bellhop-approvals')
      .getByRole('list')
      .first()
      .or(page.getByText('No approvals here'))
      .waitFor()
    await end(page)
  })

  it('shows times as the organisation has them, to a reader in another zone, too', async () => {
    await (await w.as('employee')).post('/bookings', tripOnItsDay())
    await w.settle()
    const [told] = (await (await w.as('manager')).get('/notifications?limit=1')).body
    const page = await open('<bellhop-bell data-who="manager"></bellhop-bell>', { zone: 'America/New_York' })
    await page.getByRole('button', { name: /^Notifications/ }).click()
    const time = page.locator(`time[datetime="${told.createdAt}"]`).first()
    const clock = { timeZone: 'Asia/Ho_Chi_Minh', hour: '2-digit', minute: '2-digit' } as const
    expect(await time.innerText()).to.include(
      new Intl.DateTimeFormat('en-GB', clock).format(new Date(told.createdAt)),
    )
    expect(await time.getAttribute('title')).to.include('GMT+7')
    await end(page)
  })

  it('takes the colours of the page', async () => {
    const page = await open('<bellhop-bell data-who="manager"></bellhop-bell>')
    await page.evaluate(`document.documentElement.style.setProperty('--bellhop-ink', 'rgb(1, 2, 3)')`)
    const colour = await page.evaluate(
      `getComputedStyle(document.querySelector('bellhop-bell').shadowRoot.querySelector('button')).color`,
    )
    expect(colour).to.equal('rgb(1, 2, 3)')
  })

  for (const theme of ['light', 'dark'] as const)
    for (const size of ['wide', 'phone'] as const)
      it(`their page plays two people side by side, and anybody can use it: ${theme}, ${size}`, async () => {
        const page = await visit(w.url, '/widgets', { viewport: SIZES[size], colorScheme: theme })
        await page.getByRole('button', { name: 'Play two people' }).click()
        await page.getByRole('button', { name: 'Ask for a booking' }).click()
        await page.getByRole('button', { name: /^Notifications, \d+ unread$/ }).click()
        await page.getByRole('dialog', { name: 'Notifications' }).getByRole('listitem').first().waitFor()
        expect(await faultsOf(page)).to.deep.equal([])
        await page.keyboard.press('Escape')
        await page.getByRole('button', { name: 'Chat with us' }).click()
        await page.getByLabel('Your name').fill('Khách')
        await page.keyboard.press('Enter')
        await page.getByRole('group', { name: 'Quick replies' }).waitFor()
        expect(await faultsOf(page)).to.deep.equal([])
        expect(troubles).to.deep.equal([])
      })
})
