import { expect } from 'chai'
import { randomUUID } from 'node:crypto'
import { caller } from '../support/client.ts'
import { aDesk } from '../support/desk.ts'
import { mustBeProblem } from '../support/problems.ts'
import { choicesOf } from '../support/seed.ts'

const choices = choicesOf(20_310_311)
const nonsense = (characters: number): string =>
  Array.from({ length: characters }, (_, at) =>
    at % 9 === 8 ? ' ' : choices.oneOf([...'abcdeghiklmnoprstuy']),
  ).join('')

describe('how much one organisation may make the desk read', () => {
  const { here, sitDown, knows, responds } = aDesk()

  /** As they could be written before there was a limit. */
  async function writeFar(count: number, alternatives: number): Promise<void> {
    const now = here.w.clock.now()
    for (let n = 0; n < count; n++) {
      await here.w.runtime.db('faqs').insert({
        id: randomUUID(),
        orgId: here.staff.user.orgId,
        question: nonsense(480),
        alternativeQuestions: Array.from({ length: alternatives }, () => nonsense(480)),
        keywords: [],
        answer: 'x',
        category: null,
        confidenceThreshold: 70,
        priority: 0,
        isActive: true,
        usageCount: 0,
        helpfulCount: 0,
        unhelpfulCount: 0,
        version: 1,
        createdAt: now,
        updatedAt: now,
      })
    }
  }

  it('is bounded also where a hundred FAQs with fifty alternatives of 480 characters are there already: its customers are answered, and its neighbour’s', async () => {
    await sitDown()
    await writeFar(100, 50)
    const { body: faq } = await here.w.runtime
      .db('faqs')
      .first('id')
      .then(({ id }: { id: string }) =>
        here.staff.put(`/chat/faqs/${id}`, {
          question: 'Mật khẩu wifi là gì?',
          answer: 'songxanh',
          priority: 9,
        }),
      )
    expect(faq).to.include({ priority: 9 })
    const { body: neighbour } = await here.w.anybody.post('/auth/guest', {
      org: 'other',
      name: 'Khách nhà bên',
    })
    const next = caller(here.w.url, neighbour.accessToken)
    const { body: room } = await next.post('/chat/rooms/create', {})
    await next.post(`/chat/rooms/${room.id}/messages`, { content: 'Có ai không?' })
    await here.linh.say('mat khau wifi la gi')
    expect((await here.linh.heard())[0]?.content).to.equal('songxanh')
    expect((await next.get(`/chat/rooms/${room.id}/messages?after=0`)).body).to.have.length.above(1)
    expect((await here.staff.post('/chat/faqs/match', { text: 'mat khau wifi' })).body[0]).to.include({
      faqId: faq.id,
    })
  })

  it('cannot be made too much: an FAQ over the limit is refused with the limit, one that is made shorter is not', async () => {
    await writeFar(12, 50)
    const alternativeQuestions = Array.from({ length: 20 }, () => nonsense(480))
    expect(
      mustBeProblem(await knows('Một câu nữa?', 'x', { alternativeQuestions }), 409, 'too_many_faqs'),
    ).to.include('300000')
    const { id } = await here.w.runtime.db('faqs').first('id')
    expect((await here.staff.put(`/chat/faqs/${id}`, { alternativeQuestions: [] })).status).to.equal(200)
    expect((await knows('Một câu nữa?', 'x', { alternativeQuestions })).status).to.equal(201)
    mustBeProblem(
      await here.staff.put(`/chat/faqs/${id}`, {
        alternativeQuestions: Array.from({ length: 50 }, () => nonsense(480)),
      }),
      409,
      'too_many_faqs',
    )
  })

  it('is a hundred automatic replies', async () => {
    for (let n = 0; n < 100; n++)
      expect((await responds({ trigger: { event: 'manual' } })).status).to.equal(201)
    mustBeProblem(await responds({ trigger: { event: 'manual' } }), 409, 'too_many_auto_responses')
  })
})
