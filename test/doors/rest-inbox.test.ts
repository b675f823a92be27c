import { expect } from 'chai'
import { caller } from '../support/client.ts'
import { aDesk, type Customer } from '../support/desk.ts'
import { mustBeProblem } from '../support/problems.ts'

describe('the inbox over REST', () => {
  const { here, aGuest, sitDown, answers, knows, responds } = aDesk()
  const conversations = async (query = ''): Promise<any[]> =>
    (await here.staff.get(`/chat/rooms?kind=SUPPORT&isActive=true${query}`)).body
  const roomOf = async ({ roomId }: Customer): Promise<any> =>
    (await here.staff.get(`/chat/rooms/${roomId}`)).body

  describe('a customer’s room', () => {
    it('is one for each customer, whoever asks for it', async () => {
      const { customer } = await roomOf(here.linh)
      const [again, byStaff, byAddress] = [
        await here.linh.post('/chat/rooms/create', { userId: here.staff.user.id, userName: 'Ai đó khác' }),
        await here.staff.post('/chat/rooms/create', { userId: customer.id }),
        await here.staff.post('/chat/rooms/create', { userEmail: 'CUSTOMER@demo.test' }),
      ]
      for (const { status, body } of [again, byStaff, byAddress])
        expect([status, body.id, body._id]).to.deep.equal([201, here.linh.roomId, here.linh.roomId])
      expect(again.body)
        .to.include({ kind: 'SUPPORT', name: 'Đỗ Khánh Linh', status: 'ACTIVE' })
        .and.not.have.any.keys('customer', 'assignee', 'tags', 'waitingSince', 'notesRoomId')
      expect(byStaff.body).to.include({
        priority: 'medium',
        waitingSince: null,
        waitingSeconds: 0,
        assignee: null,
      })
      expect(byStaff.body.customer).to.deep.equal({
        id: customer.id,
        fullName: 'Đỗ Khánh Linh',
        role: 'CUSTOMER',
        email: 'customer@demo.test',
        phone: null,
      })
    })

    it("shows the staff what a guest said of where they are reached, which opens no account and stands in nobody's way", async () => {
      const { body } = await here.w.anybody.post('/auth/guest', {
        org: 'demo',
        name: 'Khách có thư',
        email: 'admin@demo.test',
      })
      const guest = caller(here.w.url, body.accessToken)
      const { body: room } = await guest.post('/chat/rooms/create', {
        userName: 'Khách có thư',
        userPhone: ' 0901 234 567 ',
      })
      expect((await here.staff.get(`/chat/rooms/${room.id}`)).body.customer).to.deep.include({
        email: 'admin@demo.test',
        phone: '+84901234567',
      })
      mustBeProblem(await guest.post('/chat/rooms/create', { userPhone: '12' }), 422)
      await guest.post('/chat/rooms/create', { userEmail: 'toi@example.com' })
      expect((await here.staff.get(`/chat/rooms/${room.id}`)).body.customer).to.deep.include({
        email: 'toi@example.com',
        phone: '+84901234567',
      })
      expect(
        (await here.staff.get('/chat/rooms?kind=SUPPORT&search=toi@example')).body.map(
          ({ id }: { id: string }) => id,
        ),
      ).to.deep.equal([room.id])
      mustBeProblem(
        await here.w.anybody.post('/auth/login', { email: 'toi@example.com', password: 'bellhop-demo' }),
        401,
      )
      expect(
        (await here.w.anybody.post('/auth/login', { email: 'admin@demo.test', password: 'bellhop-demo' }))
          .body.user.id,
      ).to.equal(here.admin.user.id)
      mustBeProblem(await here.staff.post('/chat/rooms/create', { userEmail: 'toi@example.com' }), 404)
    })

    it('is for customers, and opened by the staff only for them', async () => {
      mustBeProblem(await (await here.w.as('employee')).post('/chat/rooms/create', {}), 403)
      mustBeProblem(await here.staff.post('/chat/rooms/create', { userId: here.admin.user.id }), 403)
      mustBeProblem(await here.staff.post('/chat/rooms/create', {}), 422)
      mustBeProblem(await here.staff.post('/chat/rooms/create', { userEmail: 'admin@other.test' }), 404)
      const { body } = await here.linh.post('/chat/rooms/create', { userId: 'x', userEmail: 'y', more: 1 })
      expect(body.errors.map(({ path }: { path: string }) => path)).to.have.members([
        '/body/userId',
        '/body/userEmail',
        '/body/more',
      ])
    })

    it('is archived and reactivated, by the staff or by the customer who comes back', async () => {
      const socket = await sitDown()
      mustBeProblem(await here.linh.put(`/chat/rooms/${here.linh.roomId}/archive`), 403)
      expect((await here.staff.put(`/chat/rooms/${here.linh.roomId}/archive`)).body.status).to.equal(
        'ARCHIVED',
      )
      mustBeProblem(
        await here.linh.post(`/chat/rooms/${here.linh.roomId}/messages`, { content: 'Còn đó không?' }),
        409,
        'room_not_active',
      )
      expect(await conversations()).to.deep.equal([])
      expect((await here.linh.post('/chat/rooms/create', {})).body.status).to.equal('ACTIVE')
      expect((await socket.event('inbox.conversation_opened'))['data']).to.include({
        roomId: here.linh.roomId,
        status: 'ACTIVE',
      })
      await here.staff.put(`/chat/rooms/${here.linh.roomId}/archive`)
      expect((await here.staff.put(`/chat/rooms/${here.linh.roomId}/reopen`)).body.status).to.equal('ACTIVE')
    })

    it('is rated by its customer alone once it is archived, and anew when it was opened again', async () => {
      const rate = (by: Pick<Customer, 'put'>, rating: unknown) =>
        by.put(`/chat/rooms/${here.linh.roomId}/rating`, { rating })
      const known = async (by: Pick<Customer, 'get'>) =>
        (await by.get(`/chat/rooms/${here.linh.roomId}`)).body.rating as number | null
      const socket = await sitDown()
      mustBeProblem(await rate(here.linh, 4), 409, 'not_closed')
      await here.staff.put(`/chat/rooms/${here.linh.roomId}/archive`)
      mustBeProblem(await rate(here.linh, 6), 400)
      mustBeProblem(await rate(here.staff, 5), 403)
      mustBeProblem(await rate(await aGuest(), 5), 404)
      expect((await rate(here.linh, 4)).body).to.include({ id: here.linh.roomId, rating: 4 })
      expect((await rate(here.linh, 2)).body.rating).to.equal(2)
      await socket.next(({ ev, data }) => ev === 'inbox.conversation_changed' && data.rating === 2)
      for (const by of [here.linh, here.staff]) expect(await known(by)).to.equal(2)
      expect(
        (await here.admin.get('/audit/logs?action=conversation_rated')).body.map(
          ({ metadata }: { metadata: { rating: number } }) => metadata.rating,
        ),
      ).to.deep.equal([2, 4])
      await here.linh.post('/chat/rooms/create', {})
      for (const by of [here.linh, here.staff]) expect(await known(by)).to.equal(null)
    })

    it('is nothing to another customer, in any way', async () => {
      const guest = await aGuest()
      await here.linh.say('Bí mật của tôi')
      for (const path of ['', '/messages', '/online-users'])
        mustBeProblem(await guest.get(`/chat/rooms/${here.linh.roomId}${path}`), 404)
      mustBeProblem(await guest.post(`/chat/rooms/${here.linh.roomId}/messages`, { content: 'Chào' }), 404)
      expect((await guest.get('/chat/rooms')).body.map(({ id }: { id: string }) => id)).to.deep.equal([
        guest.roomId,
      ])
      expect((await guest.get('/chat/rooms?kind=SUPPORT')).body).to.have.length(1)
      expect((await guest.get('/chat/messages/search?q=bí')).body).to.deep.equal([])
    })
  })

  describe('the staff', () => {
    it('sees who waits longest first, then who wrote last', async () => {
      const [one, two] = [await aGuest('Một'), await aGuest('Hai')]
      for (const each of [two, here.linh, one]) {
        await each.say('Chào shop')
        await here.w.advance('1 minutes')
      }
      await answers(two.roomId)
      const listed = await conversations()
      expect(listed.map(({ id }) => id)).to.deep.equal([here.linh.roomId, one.roomId, two.roomId])
      expect(listed.map(({ waitingSeconds }) => waitingSeconds)).to.deep.equal([120, 60, 0])
      expect((await conversations('&page=2&limit=2')).map(({ id }) => id)).to.deep.equal([two.roomId])
      expect((await conversations('&search=một')).map(({ id }) => id)).to.deep.equal([one.roomId])
      expect(
        (await here.staff.get('/chat/rooms?isActive=true&page=1&limit=20')).body.map(
          ({ _id }: { _id: string }) => _id,
        ),
      ).to.have.members(listed.map(({ id }) => id))
      expect(
        (await here.w.as('employee').then((employee) => employee.get('/chat/rooms?kind=SUPPORT'))).body,
      ).to.deep.equal([])
    })

    it('comes into a room by speaking in it; what was said before is read by it then', async () => {
      const message = await here.linh.say('Chào shop')
      expect((await here.staff.get(`/chat/rooms/${here.linh.roomId}/messages`)).body[1]).to.include({
        id: message.id,
        status: 'SENT',
      })
      await answers(here.linh.roomId)
      expect(
        (await roomOf(here.linh)).members.map(({ roleInRoom }: { roleInRoom: string }) => roleInRoom),
      ).to.have.members(['customer', 'staff'])
      await here.staff.post(`/chat/rooms/${here.linh.roomId}/read`)
      expect((await here.linh.get(`/chat/rooms/${here.linh.roomId}/messages?after=0`)).body[0]).to.include({
        id: message.id,
        status: 'READ',
      })
    })

    it('hears a room before it comes in, and says what it saw', async () => {
      const socket = await sitDown()
      expect(await socket.command('subscribe', { channel: `room:${here.linh.roomId}` })).to.include({
        ok: true,
      })
      await here.linh.say('Chào shop')
      expect((await socket.event('message.created'))['data']).to.include({ content: 'Chào shop' })
      await here.admin.post(`/chat/rooms/${here.linh.roomId}/read`)
      expect(
        (await here.linh.get(`/chat/rooms/${here.linh.roomId}/messages?after=0&limit=1`)).body[0].readBy,
      ).to.deep.equal([here.admin.user.id])
    })

    it('takes a conversation on, hands it over and lets go of it; whoever gets it is told', async () => {
      const assign = async (by: typeof here.staff, body: object): Promise<any> =>
        (await by.post(`/chat/rooms/${here.linh.roomId}/assign`, body)).body
      expect((await assign(here.staff, {})).assignee).to.include({ id: here.staff.user.id })
      const socket = await sitDown()
      expect((await assign(here.staff, { assigneeId: here.admin.user.id })).assignee).to.include({
        id: here.admin.user.id,
      })
      expect((await socket.event('inbox.conversation_changed'))['data']).to.deep.include({
        roomId: here.linh.roomId,
        priority: 'medium',
      })
      expect((await socket.event('inbox.attention'))['data']).to.include({
        reason: 'assigned',
        assigneeId: here.admin.user.id,
      })
      await here.w.settle()
      expect(
        (await here.admin.get('/notifications')).body.map(({ type }: { type: string }) => type),
      ).to.include('INBOX_ASSIGNED')
      expect((await assign(here.admin, { assigneeId: null })).assignee).to.equal(null)
      mustBeProblem(
        await here.staff.post(`/chat/rooms/${here.linh.roomId}/assign`, {
          assigneeId: (await here.w.as('driver')).user.id,
        }),
        422,
      )
      mustBeProblem(
        await here.staff.post(`/chat/rooms/${here.linh.roomId}/assign`, {
          assigneeId: (await here.w.as('foreignAdmin')).user.id,
        }),
        422,
      )
    })

    it('sets priority and tags', async () => {
      const { status, body } = await here.staff.patch(`/chat/rooms/${here.linh.roomId}/inbox`, {
        priority: 'urgent',
        tags: ['vip', 'phòng 12'],
      })
      expect([status, body.priority, body.tags]).to.deep.equal([200, 'urgent', ['vip', 'phòng 12']])
      mustBeProblem(
        await here.staff.patch(`/chat/rooms/${here.linh.roomId}/inbox`, {
          priority: 'huge',
          tags: ['vip', 'vip'],
        }),
        400,
      )
    })

    it('keeps notes that the customer never receives', async () => {
      const theirs = await (await here.w.as('customer')).socket()
      await answers(here.linh.roomId)
      const { status, body: note } = await here.staff.post(`/chat/rooms/${here.linh.roomId}/notes`, {
        content: 'Khách khó tính',
      })
      await here.admin.post(`/chat/rooms/${here.linh.roomId}/notes`, { content: 'Giảm giá 10%' })
      await here.w.settle()
      expect(status).to.equal(201)
      expect(
        (await here.admin.get(`/chat/rooms/${here.linh.roomId}/notes`)).body.map(
          ({ content }: { content: string }) => content,
        ),
      ).to.deep.equal(['Giảm giá 10%', 'Khách khó tính'])
      expect((await roomOf(here.linh)).notesRoomId).to.equal(note.roomId)
      for (const path of [`/chat/rooms/${note.roomId}`, `/chat/rooms/${note.roomId}/messages`])
        mustBeProblem(await here.linh.get(path), 404)
      mustBeProblem(await here.linh.get(`/chat/rooms/${here.linh.roomId}/notes`), 403)
      expect(await theirs.command('subscribe', { channel: `room:${note.roomId}` })).to.include({ ok: false })
      expect((await here.linh.get('/chat/messages/search?q=khách')).body).to.deep.equal([])
      const messages: { seq: number }[] = (
        await here.linh.get(`/chat/rooms/${here.linh.roomId}/messages?after=0`)
      ).body
      expect(
        messages.map(({ seq }) => seq),
        'a gap would tell of them',
      ).to.deep.equal([1])
      expect(theirs.frames.filter((frame) => JSON.stringify(frame).includes('khó tính'))).to.deep.equal([])
    })

    it('sends an automatic reply by hand', async () => {
      const { body: response } = await responds({
        message: 'Chào {name}, xin chờ',
        trigger: { event: 'manual' },
      })
      const { status, body } = await here.staff.post(
        `/chat/rooms/${here.linh.roomId}/auto-responses/${response.id}`,
      )
      expect(status).to.equal(201)
      expect((await here.linh.heard())[0]).to.include({
        id: body.messageId,
        content: 'Chào Đỗ Khánh Linh, xin chờ',
      })
      expect((await here.staff.get(`/chat/auto-responses/${response.id}`)).body).to.include({
        usageCount: 1,
        version: 1,
      })
      mustBeProblem(
        await here.staff.post(`/chat/rooms/${here.linh.roomId}/auto-responses/${here.linh.roomId}`),
        404,
      )
      await here.staff.put(`/chat/rooms/${here.linh.roomId}/archive`)
      mustBeProblem(
        await here.staff.post(`/chat/rooms/${here.linh.roomId}/auto-responses/${response.id}`),
        409,
      )
    })
  })

  describe('the FAQ', () => {
    it('is kept by the staff: with its defaults, versions and a soft end', async () => {
      const { status, body: faq, headers } = await knows('Mấy giờ mở cửa?', 'Chín giờ.')
      expect([status, headers.get('etag')?.slice(0, 3)]).to.deep.equal([201, '"1.'])
      expect(faq).to.deep.include({
        keywords: [],
        alternativeQuestions: [],
        category: null,
        confidenceThreshold: 70,
        priority: 0,
        isActive: true,
        usageCount: 0,
      })
      const changed = await here.staff.put(
        `/chat/faqs/${faq.id}`,
        { answer: 'Tám giờ.', keywords: ['giờ'] },
        { 'if-match': '"1"' },
      )
      expect(changed.body).to.deep.include({
        question: 'Mấy giờ mở cửa?',
        answer: 'Tám giờ.',
        keywords: ['giờ'],
        version: 2,
      })
      mustBeProblem(
        await here.staff.put(`/chat/faqs/${faq.id}`, { answer: 'Bảy giờ.' }, { 'if-match': '"1"' }),
        412,
      )
      expect((await here.staff.delete(`/chat/faqs/${faq.id}`)).body).to.include({
        id: faq.id,
        isActive: false,
      })
      for (const reply of [
        await here.staff.get(`/chat/faqs/${faq.id}`),
        await here.staff.put(`/chat/faqs/${faq.id}`, { answer: 'x' }),
        await here.staff.delete(`/chat/faqs/${faq.id}`),
      ])
        mustBeProblem(reply, 404)
      expect((await here.staff.get('/chat/faqs')).body).to.deep.equal([])
      const { body } = await here.staff.post('/chat/faqs', {
        question: ' ',
        confidenceThreshold: 101,
        keywords: ['a', 'a'],
        nonsense: true,
      })
      expect(body.errors.map(({ path }: { path: string }) => path)).to.have.members([
        '/body/answer',
        '/body/question',
        '/body/confidenceThreshold',
        '/body/keywords',
        '/body/nonsense',
      ])
    })

    it('shows what a text would be answered, with scores and why', async () => {
      const { body: faq } = await knows('Mấy giờ mở cửa?', 'Chín giờ.', {
        alternativeQuestions: ['Khi nào mở cửa?'],
      })
      await knows('Mật khẩu wifi là gì?', 'songxanh')
      const {
        status,
        body: [best],
      } = await here.staff.post('/chat/faqs/match', { text: 'MAY GIO MO CUA' })
      expect(status).to.equal(200)
      expect(best).to.include({ faqId: faq.id, question: 'Mấy giờ mở cửa?', isSure: true })
      expect(best.score).to.be.at.least(95)
      expect(best.why).to.be.an('object')
    })

    it('suggests what several asked and it did not answer, until it does', async () => {
      const [one, two] = [await aGuest(), await aGuest()]
      await sitDown()
      for (const each of [one, two, one]) await each.say('Có chỗ đậu xe không?')
      await here.linh.say('Hôm nay trời đẹp quá')
      const suggested = async (query = ''): Promise<any[]> =>
        (await here.staff.get(`/chat/faqs/suggestions${query}`)).body
      expect((await suggested()).map(({ text, askers }) => [text, askers])).to.deep.equal([
        ['Có chỗ đậu xe không?', 2],
      ])
      expect(await suggested('?atLeast=1')).to.have.length(2)
      await knows('Có chỗ đậu xe không?', 'Có, ở tầng hầm.')
      expect(await suggested()).to.deep.equal([])
    })
  })

  it('keeps automatic replies: with their texts checked, versions and a soft end', async () => {
    const { status, body: response } = await responds({
      quickReplies: ['Đặt phòng', { text: 'Gặp nhân viên', callStaff: true }],
      trigger: {
        event: 'after-hours',
        conditions: { dayOfWeek: [0, 6], timeRange: { start: '18:00', end: '09:00' } },
      },
    })
    expect(status).to.equal(201)
    expect(response.quickReplies).to.deep.equal([
      { text: 'Đặt phòng' },
      { text: 'Gặp nhân viên', callStaff: true },
    ])
    const detail = mustBeProblem(
      await here.staff.put(`/chat/auto-responses/${response.id}`, { message: 'Chào {ten}, {gio}' }),
      422,
    )
    expect(detail).to.include('{ten}, {gio}')
    expect(
      (await here.staff.put(`/chat/auto-responses/${response.id}`, { isActive: false })).body,
    ).to.include({ isActive: false, version: 2 })
    expect((await here.staff.delete(`/chat/auto-responses/${response.id}`)).status).to.equal(200)
    mustBeProblem(await here.staff.get(`/chat/auto-responses/${response.id}`), 404)
    const { body } = await here.staff.post('/chat/auto-responses', {
      name: 'x',
      responseType: 'never',
      message: 'x',
      trigger: { event: 'sometimes', conditions: { dayOfWeek: [7], timeRange: { start: '25:00' } } },
    })
    expect(body.errors.map(({ path }: { path: string }) => path)).to.have.members([
      '/body/responseType',
      '/body/trigger/event',
      '/body/trigger/conditions/dayOfWeek/0',
      '/body/trigger/conditions/timeRange/end',
      '/body/trigger/conditions/timeRange/start',
    ])
  })
})
