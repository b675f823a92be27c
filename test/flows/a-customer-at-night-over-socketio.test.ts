import { expect } from 'chai'
import { aCustomerDesk, FAQ, type InRoom } from '../support/customer-desk.ts'

const OFFLINE = {
  name: 'Weekend nights',
  responseType: 'offline',
  message: 'Hiện chúng tôi đã về, hẹn {name} ngày mai.',
  trigger: {
    event: 'after-hours',
    conditions: { dayOfWeek: [0, 6], timeRange: { start: '18:00', end: '09:00' } },
  },
  quickReplies: [FAQ.question, 'Đặt phòng'],
}

describe('a customer who writes while nobody is there, at an existing client', () => {
  let desk: Awaited<ReturnType<typeof aCustomerDesk>>
  afterEach(() => desk.end())

  async function comeAt(length: string): Promise<InRoom> {
    desk = await aCustomerDesk(length)
    const admin = await desk.at(await desk.w.as('admin'))
    await admin.rest.post('/chat/faqs', FAQ)
    expect((await admin.rest.post('/chat/auto-responses', OFFLINE)).status).to.equal(201)
    admin.socket.close()
    return desk.comeIn(await desk.w.as('customer'))
  }

  it('hears on a Sunday evening what the organisation says on weekend nights, once, and chooses from what it offers', async () => {
    const customer = await comeAt('155 hours')
    customer.says('Alo')
    const offline = await customer.socket.hears('chat:auto-response')
    expect(offline).to.deep.include({
      content: 'Hiện chúng tôi đã về, hẹn Đỗ Khánh Linh ngày mai.',
      senderType: 'bot',
      quickReplies: [FAQ.question, 'Đặt phòng'],
    })
    customer.says('Có ai không?')
    await desk.quiet(customer)
    expect(customer.socket.all('chat:auto-response')).to.have.length(1)
    customer.says(offline.quickReplies[0])
    expect(await customer.socket.hears('chat:faq-response')).to.include({ content: FAQ.answer })
  })

  it('hears at 02:00 on a Tuesday when somebody will be there, whoever of the staff still looks', async () => {
    const customer = await comeAt('17 hours')
    await desk.sitDown()
    customer.says(FAQ.question)
    const { content, quickReplies } = await customer.socket.hears('chat:auto-response')
    expect(content)
      .to.include('Đỗ Khánh Linh')
      .and.include('09:00')
      .and.match(/\b4\b.+\b3\b.+2031/)
    expect(quickReplies).to.equal(undefined)
    await desk.quiet(customer)
    expect(customer.socket.all('chat:faq-response')).to.deep.equal([])
  })

  it('hears on a Sunday at noon what Bellhop says, and in the morning finds an office that answers', async () => {
    const customer = await comeAt('147 hours')
    customer.says('Alo')
    expect((await customer.socket.hears('chat:auto-response')).content).to.include('09:00')
    await desk.w.advance('21 hours')
    desk.leave()
    const { refreshToken } = await desk.w.as('customer')
    const morning = (await desk.w.anybody.post('/auth/refresh', { refreshToken })).body
    const again = await desk.comeIn(morning)
    expect(again.roomId).to.equal(customer.roomId)
    await desk.sitDown()
    again.says(FAQ.question)
    await again.socket.hears('chat:faq-response')
  })
})
