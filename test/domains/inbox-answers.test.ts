import { expect } from 'chai'
import type { Message } from '../../shared/chat/schema.ts'
import { answerMessage, welcomeCustomer } from '../../shared/inbox/actions/answer.ts'
import { expireQuestions } from '../../shared/inbox/actions/faqs.ts'
import { answerMessageJob } from '../../shared/inbox/jobs.ts'
import { DAY, plusMs } from '../../shared/kit/time/time.ts'
import { aDesk } from '../support/desk.ts'
import { until } from '../support/until.ts'

const types = (messages: readonly Message[]): unknown[] =>
  messages.map(({ metadata, messageType }) => metadata?.['responseType'] ?? messageType)
const WIFI = ['Mật khẩu wifi là gì?', 'Mật khẩu là songxanh2031'] as const

describe('what the desk says by itself', () => {
  const { here, aGuest, sitDown, answers, responds, knows } = aDesk()
  const waits = async (): Promise<boolean> =>
    (await here.staff.get(`/chat/rooms/${here.linh.roomId}`)).body.waitingSince !== null
  const leave = async (socket: Awaited<ReturnType<typeof sitDown>>): Promise<void> => {
    await socket.close()
    await here.w.advance('10 seconds')
    await until(
      'they are gone',
      async () =>
        (await here.w.runtime.presence.online(here.staff.user.orgId, [here.staff.user.id])).length === 0,
    )
  }

  it('while closed: that it is closed, once for five messages, and when it opens', async () => {
    await here.w.advance('10 hours')
    for (const content of ['Chào shop', 'Có ai không?', 'Alo', 'Mình cần đặt phòng', 'Trả lời mình với'])
      await here.linh.say(content)
    const [told, ...more] = await here.linh.heard()
    expect(more).to.deep.equal([])
    expect(told?.content).to.include('09:00').and.include('Đỗ Khánh Linh')
    expect(told).to.include({ senderType: 'bot', senderId: null, messageType: 'text' })
  })

  it('once more on the next night', async () => {
    await here.w.advance('10 hours')
    await here.linh.say('Tối thứ hai')
    await here.w.advance('1 day')
    await here.linh.say('Tối thứ ba')
    expect(types(await here.linh.heard())).to.deep.equal(['offline', 'offline'])
  })

  it('while nobody of the staff is there: so, once until a person has answered', async () => {
    await here.linh.say('Chào shop')
    await here.linh.say('Có ai không?')
    expect(types(await here.linh.heard())).to.deep.equal(['offline'])
    await answers(here.linh.roomId)
    await here.w.advance('6 minutes')
    await here.linh.say('Còn đó không?')
    expect(types(await here.linh.heard())).to.deep.equal(['offline', 'offline'])
  })

  it('counts nobody as staff who is none', async () => {
    await (await here.w.as('customer')).socket()
    await (await here.w.as('driver')).socket()
    await here.linh.say('Chào shop')
    expect(types(await here.linh.heard())).to.deep.equal(['offline'])
  })

  it('acknowledges while somebody is there, and when the last one leaves says that nobody is', async () => {
    const socket = await sitDown()
    await here.linh.say('Chào shop')
    await leave(socket)
    await here.linh.say('Có ai không?')
    expect(types(await here.linh.heard())).to.deep.equal(['acknowledgement', 'offline'])
  })

  it('acknowledges once, and again only after a person has answered', async () => {
    await sitDown()
    await here.linh.say('Chào shop')
    await here.linh.say('Mình hỏi chút')
    await answers(here.linh.roomId)
    await here.w.advance('6 minutes')
    await here.linh.say('Cảm ơn, còn một việc nữa')
    expect(types(await here.linh.heard())).to.deep.equal(['acknowledgement', 'acknowledgement'])
  })

  it('is silent for five minutes after a person wrote, and not longer', async () => {
    await sitDown()
    await knows(...WIFI)
    await answers(here.linh.roomId)
    await here.linh.say(WIFI[0])
    await here.w.advance('4 minutes')
    await here.linh.say(WIFI[0])
    expect(await here.linh.heard()).to.deep.equal([])
    expect(await waits()).to.equal(true)
    await here.w.advance('1 minutes')
    await here.linh.say(WIFI[0])
    expect(types(await here.linh.heard())).to.deep.equal(['faq_response', 'follow-up'])
  })

  it('answers from the FAQ: one answer, one follow-up, and nobody waits', async () => {
    await sitDown()
    const { body: faq } = await knows(...WIFI)
    await here.linh.say('mat khau WIFI la gi')
    const [told, followUp, ...more] = await here.linh.heard()
    expect(more).to.deep.equal([])
    expect(told).to.include({ content: WIFI[1], messageType: 'faq_response' })
    expect(told?.metadata).to.include({ faqId: faq.id, question: WIFI[0] })
    expect(followUp?.metadata?.['quickReplies']).to.have.length(2)
    expect(await waits()).to.equal(false)
    expect((await here.staff.get(`/chat/faqs/${faq.id}`)).body).to.include({
      usageCount: 1,
      helpfulCount: 0,
      unhelpfulCount: 0,
      version: 1,
    })
  })

  it('counts whether that helped, once and as the customer thinks last; who was not helped gets a person', async () => {
    const socket = await sitDown()
    const { body: faq } = await knows(...WIFI)
    await here.linh.say(WIFI[0])
    const [, followUp] = await here.linh.heard()
    const [yes, no] = (followUp?.metadata?.['quickReplies'] ?? []) as string[]
    await here.linh.say(no ?? '')
    expect((await here.staff.get(`/chat/faqs/${faq.id}`)).body).to.include({
      usageCount: 1,
      helpfulCount: 0,
      unhelpfulCount: 1,
    })
    expect((await socket.event('inbox.attention'))['data']).to.include({
      roomId: here.linh.roomId,
      reason: 'unhelpful_answer',
    })
    expect(await waits()).to.equal(true)
    expect(types(await here.linh.heard())).to.deep.equal(['faq_response', 'follow-up', 'acknowledgement'])
    await here.linh.say(WIFI[0])
    await here.linh.say((yes ?? '').toUpperCase())
    expect((await here.staff.get(`/chat/faqs/${faq.id}`)).body).to.include({
      usageCount: 2,
      helpfulCount: 1,
      unhelpfulCount: 1,
    })
    expect((await here.linh.heard()).at(-1)?.metadata?.['responseType'], 'a yes is not answered').to.equal(
      'follow-up',
    )
  })

  it('leaves the FAQ alone while closed, unless the organisation wants it', async () => {
    await knows(...WIFI)
    await here.w.advance('10 hours')
    await here.linh.say(WIFI[0])
    expect(types(await here.linh.heard())).to.deep.equal(['offline'])
    await here.admin.patch('/organisation', { settings: { answerFaqAfterHours: true } })
    await here.linh.say(WIFI[0])
    expect(types(await here.linh.heard())).to.deep.equal(['offline', 'faq_response', 'follow-up'])
  })

  it('answers what it offered, also while closed, by the FAQ that the offer names', async () => {
    const { body: faq } = await knows(...WIFI)
    await responds({
      message: 'Xin chào {name}',
      trigger: { event: 'after-hours' },
      quickReplies: ['Gọi lại cho tôi', { text: 'Wifi?', faqId: faq.id }],
    })
    await here.w.advance('10 hours')
    await here.linh.say('Chào shop')
    expect((await here.linh.heard())[0]?.metadata?.['quickReplies']).to.deep.equal([
      'Gọi lại cho tôi',
      'Wifi?',
    ])
    await here.linh.say('wifi')
    expect((await here.linh.heard()).at(1)?.content).to.equal(WIFI[1])
  })

  it('takes of several FAQs that are sure the one with the highest priority', async () => {
    await sitDown()
    await knows(...WIFI)
    await knows(WIFI[0], 'Cái này trước', { priority: 5 })
    await knows(WIFI[0], 'Tắt rồi', { priority: 9, isActive: false })
    await here.linh.say(WIFI[0])
    expect((await here.linh.heard())[0]?.content).to.equal('Cái này trước')
  })

  it('welcomes once, whoever opens the room and however often', async () => {
    await responds({
      responseType: 'welcome',
      message: 'Chào {name}, đây là {organisation}',
      trigger: { event: 'user-joined' },
    })
    const guest = await aGuest('Bảo')
    await guest.post('/chat/rooms/create', {})
    await here.w.settle()
    expect((await guest.heard()).map(({ content }) => content)).to.deep.equal([
      'Chào Bảo, đây là Bellhop Demo',
    ])
  })

  it('says its word about the crowd when many wait', async () => {
    await sitDown()
    await responds({
      responseType: 'busy',
      message: 'Đông quá, chờ {waitingTime}',
      trigger: { event: 'high-load', conditions: { queueSize: 2 } },
    })
    const [one, two, three] = [await aGuest('Một'), await aGuest('Hai'), await aGuest('Ba')]
    await one.say('Chào shop')
    await here.w.advance('3 minutes')
    await two.say('Chào shop')
    await three.say('Chào shop')
    expect(types(await one.heard())).to.deep.equal(['acknowledgement'])
    expect((await three.heard()).map(({ content }) => content)).to.deep.equal(['Đông quá, chờ 3 phút'])
  })

  it('says nothing in a room that was archived meanwhile', async () => {
    await here.linh.post(`/chat/rooms/${here.linh.roomId}/messages`, { content: 'Chào shop' })
    await here.w.runtime.db('rooms').where({ id: here.linh.roomId }).update({ status: 'ARCHIVED' })
    await here.w.settle()
    expect(await here.linh.heard()).to.deep.equal([])
  })

  it('calls the desk once in each waiting period, and whoever has the conversation rather than the desk', async () => {
    const socket = await sitDown()
    await here.linh.say('Chào shop')
    await here.linh.say('Có ai không?')
    expect((await socket.event('inbox.attention'))['data']).to.deep.include({
      roomId: here.linh.roomId,
      reason: 'unanswered',
      assigneeId: null,
      text: 'Chào shop',
    })
    const told = async (by: typeof here.staff): Promise<number> =>
      (await by.get('/notifications?category=chat')).body.filter(
        ({ type }: { type: string }) => type === 'INBOX_ATTENTION',
      ).length
    expect([await told(here.staff), await told(here.admin)]).to.deep.equal([1, 0])
    await here.admin.post(`/chat/rooms/${here.linh.roomId}/assign`, {})
    await answers(here.linh.roomId)
    await here.w.advance('6 minutes')
    await here.linh.say('Còn đó không?')
    expect([await told(here.staff), await told(here.admin)]).to.deep.equal([1, 1])
  })

  it('welcomes twice ordered, and late, once', async () => {
    await responds({ responseType: 'welcome', message: 'Chào', trigger: { event: 'user-joined' } })
    const guest = await aGuest()
    await here.w.advance('1 hour')
    await here.w.change((change) => welcomeCustomer(change, guest.roomId))
    await here.w.settle()
    expect(await guest.heard()).to.have.length(1)
  })

  it('forgets what was asked once and not again for ninety days', async () => {
    await sitDown()
    await here.linh.say('Có chỗ đậu xe không?')
    const kept = async (): Promise<number> =>
      (await here.staff.get('/chat/faqs/suggestions?atLeast=1')).body.length
    await here.w.change((change) => expireQuestions(change))
    expect(await kept()).to.equal(1)
    here.w.clock.moveTo(plusMs(here.w.clock.now(), 91 * DAY))
    for (const _ of [1, 2]) await here.w.change((change) => expireQuestions(change))
    expect(await here.w.runtime.db('unanswered_questions').select('key')).to.deep.equal([])
  })

  describe('its job', () => {
    const again = async ({ id: messageId }: Message): Promise<void> => {
      await here.w.change((change) => answerMessage(change, { roomId: here.linh.roomId, messageId }))
      await here.w.settle()
    }

    it('run twice, answers once, counts once and calls once', async () => {
      await sitDown()
      const { body: faq } = await knows(...WIFI)
      const [asked, unanswered] = [await here.linh.say(WIFI[0]), await here.linh.say('Chuyện khác hẳn')]
      await again(asked)
      await again(unanswered)
      expect(types(await here.linh.heard())).to.deep.equal(['faq_response', 'follow-up', 'acknowledgement'])
      expect((await here.staff.get(`/chat/faqs/${faq.id}`)).body.usageCount).to.equal(1)
      expect(
        (await here.staff.get('/notifications')).body.filter(
          ({ type }: { type: string }) => type === 'INBOX_ATTENTION',
        ),
      ).to.have.length(1)
    })

    it('run too late, says nothing to whom a person has answered', async () => {
      const message = await here.linh.say('Chào shop')
      await answers(here.linh.roomId)
      await here.w.advance('1 hour')
      await again(message)
      expect(types(await here.linh.heard())).to.deep.equal(['offline'])
      expect(await waits()).to.equal(false)
    })

    it('of a message that is gone, does nothing', async () => {
      await here.w.change(async (change) =>
        change.enqueue(answerMessageJob, { roomId: here.linh.roomId, messageId: here.linh.roomId }),
      )
      await here.w.settle()
      expect(await here.linh.heard()).to.deep.equal([])
    })
  })
})
