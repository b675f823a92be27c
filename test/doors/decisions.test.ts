// Deciding by the link in a mail: a page that looking at never changes, and that dies with its first use, with any
// decision, and with the deadline.

import { expect } from 'chai'
import { aBrowser, needChromium, type Browser } from '../support/browser.ts'
import { aMailPeer, type MailPeer } from '../support/mail-peer.ts'
import {
  approvalOf,
  ask,
  askAndRoute,
  auditOf,
  bookingOf,
  delegateTo,
  leave,
  stateOf,
} from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'

const EVERYTHING = [
  'bookings',
  'approvals',
  'notifications',
  'deliveries',
  'audit_log',
  'jobs',
  'decision_links',
]

describe('a decision from a mail', () => {
  let w: World
  let client: MailPeer
  beforeEach(async () => {
    client = await aMailPeer()
    w = await aWorld({
      with: ['api', 'workers'],
      env: {
        SMTP_URL: client.url,
        MAIL_FROM: 'no-reply@bellhop.test',
        PUBLIC_URL: 'https://bellhop.example',
      },
    })
  })
  afterEach(async () => {
    await w.end()
    await client.close()
  })

  function linkIn(mail = client.mails.at(-1)): string {
    const link = /https:\/\/bellhop\.example(\/decisions\?link=[\w.-]+)/.exec(mail?.text ?? '')?.[1]
    if (!link) throw new Error('The mail has no link.')
    expect(mail?.html).to.include(link)
    return link
  }

  const open = async (link: string, method = 'GET') => {
    const response = await fetch(w.url + link, { method })
    return {
      status: response.status,
      csp: response.headers.get('content-security-policy'),
      text: await response.text(),
    }
  }

  async function press(
    link: string,
    decision: string,
    notes = '',
    seen: { version?: string } = {},
  ): Promise<{ status: number; text: string }> {
    const token = new URL(link, w.url).searchParams.get('link') ?? ''
    const response = await fetch(`${w.url}/decisions`, {
      method: 'POST',
      body: new URLSearchParams({ link: token, decision, notes, ...seen }),
    })
    return { status: response.status, text: await response.text() }
  }

  it("shows what is asked, in the approver's language, and changes nothing however often it is opened", async () => {
    const { booking } = await askAndRoute(w)
    const before = await stateOf(w, ...EVERYTHING)
    for (const method of ['GET', 'HEAD', 'GET', 'GET'])
      expect((await open(linkIn(), method)).status).to.equal(200)
    const { text, csp } = await open(linkIn())
    for (const [label, value] of [
      ['Ngày', '10 thg 3, 2031'],
      ['Giờ', '08:30 – 09:30'],
      ['Loại chuyến', 'Một chuyến'],
      ['Số người', '2'],
      ['Mục đích', 'Khách hàng ở Thủ Đức'],
    ])
      expect(text).to.include(`<dt>${label}</dt><dd>${value}</dd>`)
    expect(text)
      .to.include('Nguyễn Thị Mai')
      .and.include(booking.bookingCode)
      .and.include('Từ chối')
      .and.include('Lê Hoàng Nam')
    expect(csp).to.include(`default-src 'none'`).and.include(`form-action 'self'`)
    expect(text).not.to.include('<script')
    expect(await stateOf(w, ...EVERYTHING)).to.deep.equal(before)
  })

  it('approves by its button, as the approver, once', async () => {
    const { booking } = await askAndRoute(w)
    const link = linkIn()
    const reply = await press(link, 'approve', 'Đi đi\r\nnhé')
    expect(reply.status).to.equal(200)
    expect(reply.text).to.include('Yêu cầu đã được duyệt.')
    await w.settle()
    expect(await approvalOf(w, booking.id)).to.deep.include({
      status: 'APPROVED',
      decidedBy: 'person',
      decidedById: await w.idOf('manager'),
      notes: 'Đi đi\nnhé',
    })
    expect((await bookingOf(w, booking.id)).status).to.equal('PENDING')
    expect(await auditOf(w, { action: 'decision_link_used' })).to.have.length(1)
    expect((await press(link, 'reject', 'Không')).status).to.equal(409)
    expect((await approvalOf(w, booking.id)).status).to.equal('APPROVED')
  })

  it('rejects with a reason, and asks for one', async () => {
    const { booking } = await askAndRoute(w)
    const empty = await press(linkIn(), 'reject', '   ')
    expect([empty.status, empty.text.includes('Hãy ghi lý do từ chối.')]).to.deep.equal([400, true])
    expect((await approvalOf(w, booking.id)).status).to.equal('PENDING')
    expect((await press(linkIn(), 'reject', 'Hết <ngân> sách')).text).to.include('Yêu cầu đã bị từ chối.')
    expect((await approvalOf(w, booking.id)).notes).to.equal('Hết <ngân> sách')
  })

  it('decides nothing that the page did not show: it comes again with what is asked now', async () => {
    const { booking, approval } = await askAndRoute(w)
    const version = /name="version" value="(\d+)"/.exec((await open(linkIn())).text)?.[1] ?? ''
    const employee = await w.as('employee')
    expect((await employee.patch(`/bookings/${booking.id}`, { purpose: 'Nơi khác' })).status).to.equal(200)
    for (const [decision, notes] of [
      ['approve', 'Được'],
      ['reject', ''],
    ] as const) {
      const { status, text } = await press(linkIn(), decision, notes, { version })
      expect(status).to.equal(decision === 'approve' ? 412 : 400)
      expect(text)
        .to.include('Yêu cầu đã thay đổi')
        .and.include('Nơi khác')
        .and.include(`${notes}</textarea>`)
    }
    expect((await approvalOf(w, booking.id)).status).to.equal('PENDING')
    const again = /name="version" value="(\d+)"/.exec((await open(linkIn())).text)?.[1] ?? ''
    expect((await press(linkIn(), 'approve', '', { version: again })).text).to.include('đã được duyệt')
    expect((await approvalOf(w, booking.id)).id).to.equal(approval.id)
  })

  it('of ten presses at once, one decides', async () => {
    await askAndRoute(w)
    const link = linkIn()
    const replies = await Promise.all(
      Array.from({ length: 10 }, (_, n) => press(link, n % 2 ? 'approve' : 'reject', 'so')),
    )
    expect(replies.filter(({ status }) => status === 200)).to.have.length(1)
    expect(replies.filter(({ status }) => status === 409)).to.have.length(9)
    expect(await auditOf(w, { action: 'approval_decided' })).to.have.length(1)
  })

  it('is over once somebody decided in the app, and at the deadline', async () => {
    const { approval } = await askAndRoute(w)
    const first = linkIn()
    await (await w.as('manager')).post(`/approvals/${approval.id}/approve`)
    expect((await press(first, 'reject', 'so')).status).to.equal(409)
    await ask(w, 'employee')
    await w.settle()
    const second = linkIn()
    await w.advance('1 day')
    expect((await open(second)).text)
      .to.include('Yêu cầu đã quá hạn duyệt.')
      .and.not.include('<form')
    expect((await press(second, 'approve')).status).to.equal(409)
  })

  it('is the same page in the mail of a reminder', async () => {
    await askAndRoute(w)
    const link = linkIn()
    await w.advance('1 hour')
    expect(client.mails).to.have.length(2)
    expect(linkIn()).to.equal(link)
  })

  it("is each decider's own: the delegate decides on behalf of the manager, until the delegation is taken back", async () => {
    const { id } = await delegateTo(w, 'manager', 'director')
    const first = await askAndRoute(w)
    const mail = client.mails.find(({ to }) => to.includes('director@demo.test'))
    await press(linkIn(mail), 'approve')
    expect(await approvalOf(w, first.booking.id)).to.deep.include({
      decidedById: await w.idOf('director'),
      onBehalfOfId: await w.idOf('manager'),
    })
    const second = await askAndRoute(w)
    const late = linkIn(client.mails.findLast(({ to }) => to.includes('director@demo.test')))
    await (await w.as('manager')).delete(`/approvals/delegations/${id}`)
    for (const reply of [await open(late), await press(late, 'approve')]) expect(reply.status).to.equal(404)
    expect((await approvalOf(w, second.booking.id)).status).to.equal('PENDING')
  })

  it('opens for nobody who left, and with no link but the one that was sent', async () => {
    await askAndRoute(w)
    const link = linkIn()
    const last = link.at(-1) === 'A' ? 'E' : 'A'
    for (const wrong of [
      '/decisions',
      '/decisions?link=x',
      link.slice(0, -1),
      `${link.slice(0, -1)}${last}`,
      link.replace(/link=./, (start) => `link=${start.endsWith('0') ? '1' : '0'}`),
    ]) {
      expect((await open(wrong)).status, wrong).to.equal(404)
    }
    await leave(w, 'manager')
    expect((await open(link)).status).to.equal(404)
    expect((await press(link, 'approve')).status).to.equal(404)
  })

  it('leaves nothing in the database that opens it', async () => {
    await askAndRoute(w)
    const signature = linkIn().split('.').at(-1) ?? 'none'
    expect(JSON.stringify(await stateOf(w, ...EVERYTHING))).not.to.include(signature)
  })

  describe('in a browser', () => {
    let browser: Browser
    before(function () {
      needChromium(this)
    })
    afterEach(() => browser.close())

    it('is read and pressed on a phone, without a script', async () => {
      browser = await aBrowser(w.url)
      const { booking } = await askAndRoute(w)
      await browser.page.setViewportSize({ width: 360, height: 740 })
      await browser.page.goto(w.url + linkIn(), { waitUntil: 'domcontentloaded' })
      expect(await browser.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).to.equal(true)
      await browser.page.getByLabel('Ghi chú').fill('Được')
      await browser.page.getByRole('button', { name: 'Duyệt' }).click()
      await browser.page.getByText('Yêu cầu đã được duyệt.').waitFor()
      expect((await approvalOf(w, booking.id)).notes).to.equal('Được')
      expect(browser.troubles).to.deep.equal([])
    })
  })
})
