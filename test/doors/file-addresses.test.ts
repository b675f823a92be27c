import { expect } from 'chai'
import { mustBeProblem } from '../support/problems.ts'
import { leave } from '../support/story.ts'
import { formWith, HTML, PNG } from '../support/upload.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('the address at which a file is shown', () => {
  let w: World
  let employee: Person
  let manager: Person
  let roomId: string
  beforeEach(async () => {
    w = await aWorld({ with: ['api'] })
    ;[employee, manager] = [await w.as('employee'), await w.as('manager')]
    const { body } = await employee.post('/chat/conversations/with-user', { userId: manager.user.id })
    roomId = body.id
  })
  afterEach(() => w.end())

  async function sent(
    content: Uint8Array = PNG,
    name = 'ảnh.png',
  ): Promise<{ id: string; messageId: string }> {
    const { body } = await employee.post('/chat/attachments', formWith(content, name))
    const message = await employee.post(`/chat/rooms/${roomId}/messages`, {
      content: name,
      attachments: [body.id],
    })
    return { id: body.id, messageId: message.body.id }
  }
  const addressFor = async (person: Person, id: string): Promise<string> =>
    w.url + (await person.get(`/files/${id}/address`)).body.url
  const statusOf = async (address: string): Promise<number> => (await fetch(address)).status

  it('needs no token, says how long it is good, and lets pages of other origins draw it, and nothing more', async () => {
    const { id } = await sent()
    const { body } = await manager.get(`/files/${id}/address`)
    const minutes = (Date.parse(body.expiresAt) - w.clock.now().getTime()) / 60_000
    expect(minutes).to.be.within(5, 10)
    const answer = await fetch(w.url + body.url)
    expect(answer.status).to.equal(200)
    expect(Buffer.from(await answer.arrayBuffer()).equals(PNG)).to.equal(true)
    expect(answer.headers.get('content-disposition')).to.match(/^inline/)
    expect(answer.headers.get('cross-origin-resource-policy')).to.equal('cross-origin')
    expect(answer.headers.get('content-security-policy')).to.match(/^sandbox; default-src 'none'/)
    expect(answer.headers.get('referrer-policy')).to.equal('no-referrer')
  })

  it('is the same for some minutes, so that a browser draws what it has', async () => {
    const { id } = await sent()
    const before = await addressFor(manager, id)
    expect(await addressFor(manager, id)).to.equal(before)
    const etag = (await fetch(before)).headers.get('etag') ?? ''
    expect((await fetch(before, { headers: { 'if-none-match': etag } })).status).to.equal(304)
    expect(await addressFor(employee, id)).not.to.equal(before)
  })

  it('saves what a browser could run', async () => {
    const { id } = await sent(HTML, 'trang.html')
    const answer = await fetch(await addressFor(manager, id))
    expect(answer.headers.get('content-disposition')).to.match(/^attachment/)
  })

  it('is given to nobody who may not read the file', async () => {
    const { id } = await sent()
    mustBeProblem(await (await w.as('staff')).get(`/files/${id}/address`), 404)
    mustBeProblem(await (await w.as('foreigner')).get(`/files/${id}/address`), 404)
  })

  it('ends by itself', async () => {
    const { id } = await sent()
    const address = await addressFor(manager, id)
    w.clock.moveTo(new Date(w.clock.now().getTime() + 11 * 60_000))
    expect(await statusOf(address)).to.equal(404)
  })

  it('leads to this file for this person until then, and to nothing else', async () => {
    const [{ id }, other] = [await sent(), await sent()]
    const address = new URL(await addressFor(manager, id))
    const until = Number(address.searchParams.get('until'))
    const changed = (change: (url: URL) => void): string => {
      const url = new URL(address)
      change(url)
      return url.href
    }
    const forged = [
      changed((url) => (url.pathname = url.pathname.replace(id, other.id))),
      changed((url) => url.searchParams.set('for', employee.user.id)),
      changed((url) => url.searchParams.set('until', String(until + 1))),
      changed((url) => url.searchParams.set('until', 'NaN')),
      changed((url) => url.searchParams.delete('key')),
      changed((url) => (url.pathname = '/shown-files/nothing')),
    ]
    expect(await Promise.all(forged.map(statusOf))).to.deep.equal(forged.map(() => 404))
    const authorization = `Bearer ${address.searchParams.get('key')}`
    mustBeProblem(await w.anybody.get('/auth/me', { authorization }), 401)
  })

  const ends: Record<string, (sent: { id: string; messageId: string }) => Promise<unknown>> = {
    'the message is taken back': ({ messageId }) => employee.delete(`/chat/messages/${messageId}`),
    'whoever it is for leaves the organisation': () => leave(w, 'manager'),
  }
  for (const [when, end] of Object.entries(ends))
    it(`ends at once when ${when}`, async () => {
      const file = await sent()
      const address = await addressFor(manager, file.id)
      expect(await statusOf(address)).to.equal(200)
      await end(file)
      expect(await statusOf(address)).to.equal(404)
    })
})
