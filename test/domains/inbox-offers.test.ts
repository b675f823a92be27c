import { expect } from 'chai'
import type { Message } from '../../shared/chat/schema.ts'
import { answerMessage } from '../../shared/inbox/actions/answer.ts'
import { aDesk } from '../support/desk.ts'

const types = (messages: readonly Message[]): unknown[] =>
  messages.map(({ metadata, messageType }) => metadata?.['responseType'] ?? messageType)
const BREAKFAST = ['Is breakfast included in the room rate?', 'Yes, from 6 to 10.'] as const
const POOL = ['When is the swimming pool open?', 'From 6 to 22.'] as const
/** Of both a little, of none enough. */
const VAGUE = 'something about the breakfast, also the pool'

describe('what the desk offers where no FAQ is sure', () => {
  const { here, sitDown, knows, aGuest } = aDesk()
  const room = async (): Promise<{ waitingSince: string | null }> =>
    (await here.staff.get(`/chat/rooms/${here.linh.roomId}`)).body
  const offers = async (): Promise<Record<string, unknown>[]> =>
    (await here.staff.get('/chat/faqs/offers')).body
  const suggested = async (): Promise<string[]> =>
    (await here.staff.get('/chat/faqs/suggestions?atLeast=1')).body.map(({ text }: { text: string }) => text)

  async function ask(): Promise<{ asked: Message; replies: string[]; ids: string[] }> {
    await sitDown()
    const ids = [(await knows(...BREAKFAST)).body.id, (await knows(...POOL)).body.id]
    const asked = await here.linh.say(VAGUE)
    const heard = await here.linh.heard()
    expect(types(heard)).to.deep.equal(['offer'])
    return { asked, ids, replies: heard[0]?.metadata?.['quickReplies'] as string[] }
  }

  it('is the best two questions and something else: one message, to which nobody is called', async () => {
    const { replies, asked, ids } = await ask()
    expect(replies).to.have.length(3).and.to.include.members([BREAKFAST[0], POOL[0]])
    expect(
      (await here.staff.get('/notifications')).body.filter(
        ({ type }: { type: string }) => type === 'INBOX_ATTENTION',
      ),
    ).to.deep.equal([])
    expect((await room()).waitingSince, 'is seen to wait until they choose').not.to.equal(null)
    const [offer] = await offers()
    const offered = offer?.['offered'] as { faqId: string }[]
    expect(offer).to.include({
      messageId: asked.id,
      roomId: here.linh.roomId,
      text: VAGUE,
      choice: null,
      chosenFaqId: null,
    })
    expect(offered.map(({ faqId }) => faqId)).to.have.members(ids)
  })

  it('is answered by what is chosen, counted, and kept as what was meant', async () => {
    const { ids } = await ask()
    await here.linh.say(POOL[0].toUpperCase())
    expect(types(await here.linh.heard())).to.deep.equal(['offer', 'faq_response', 'follow-up'])
    expect((await here.linh.heard())[1]?.content).to.equal(POOL[1])
    expect((await here.staff.get(`/chat/faqs/${ids[1]}`)).body).to.include({ usageCount: 1 })
    expect((await offers())[0]).to.include({ choice: 'faq', chosenFaqId: ids[1] })
    expect((await room()).waitingSince).to.equal(null)
  })

  it('calls a person for something else, and keeps that as well', async () => {
    const { replies } = await ask()
    const socket = await here.staff.socket()
    await here.linh.say(replies[2] ?? '')
    expect((await socket.event('inbox.attention'))['data']).to.include({
      roomId: here.linh.roomId,
      reason: 'unanswered',
    })
    expect(types(await here.linh.heard())).to.deep.equal(['offer', 'acknowledgement'])
    expect((await offers())[0]).to.include({ choice: 'something_else', chosenFaqId: null })
    expect(await suggested()).to.deep.equal([VAGUE])
  })

  it('belongs to the room in which it was made: said elsewhere it chooses nothing', async () => {
    await ask()
    const guest = await aGuest()
    await guest.say(POOL[0])
    expect((await offers())[0]).to.include({ choice: null, chosenFaqId: null })
  })

  it('is made once, however often its job runs', async () => {
    const { asked } = await ask()
    await here.w.change((change) => answerMessage(change, { roomId: here.linh.roomId, messageId: asked.id }))
    await here.w.settle()
    expect(types(await here.linh.heard())).to.deep.equal(['offer'])
    expect(await offers()).to.have.length(1)
  })

  it('keeps no words of its own: they go with the message', async () => {
    const { asked } = await ask()
    expect((await here.linh.delete(`/chat/messages/${asked.id}`)).status).to.be.below(300)
    expect((await offers())[0]).to.include({ messageId: asked.id, text: '' })
  })

  it('is not made where the organisation wants none, and is shown as it would be made', async () => {
    await ask()
    const outcomes = async (): Promise<string[]> =>
      (await here.staff.post('/chat/faqs/match', { text: VAGUE })).body.map(
        ({ outcome }: { outcome: string }) => outcome,
      )
    expect(await outcomes()).to.deep.equal(['offered', 'offered'])
    expect((await here.staff.post('/chat/faqs/match', { text: POOL[0] })).body[0].outcome).to.equal(
      'answered',
    )
    await here.admin.patch('/organisation', { settings: { offerFrom: 100 } })
    expect(await outcomes()).to.deep.equal(['left', 'left'])
    const guest = await aGuest()
    await guest.say(VAGUE)
    expect(types(await guest.heard())).to.deep.equal(['acknowledgement'])
  })
})
