import { expect } from 'chai'
import { TRIP } from '../support/people.ts'
import { Clients, TRANSPORTS } from '../support/socketio.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('a trip over several days, whose people chat at their existing clients', () => {
  let w: World
  let people: Record<'sic' | 'driver' | 'staff', Person>
  let clients: Clients
  let resourceId: string
  before(async () => {
    w = await aWorld()
    people = { sic: await w.as('sic'), driver: await w.as('driver'), staff: await w.as('staff') }
    clients = new Clients(w.url)
    const { body } = await people.staff.get('/resources?kind=VEHICLE')
    resourceId = body[0].id
  })
  afterEach(() => clients.leave())
  after(() => w.end())

  async function aTrip(): Promise<string> {
    const { body } = await people.sic.post('/bookings', {
      ...TRIP,
      bookingType: 'BLOCK_SCHEDULE',
      endDate: '2031-03-12',
    })
    await w.settle()
    return body.id
  }

  for (const transports of TRANSPORTS) {
    it(`from the assignment of a driver to the end of the trip, over ${transports.join()}`, async () => {
      const bookingId = await aTrip()
      const [employee, driver] = [
        await clients.as(people.sic, '/chat', transports),
        await clients.as(people.driver, '/chat', transports),
      ]
      expect(
        (
          await people.staff.post(`/bookings/${bookingId}/assign`, {
            resourceId,
            driverId: people.driver.user.id,
          })
        ).status,
      ).to.equal(201)
      const { body: room } = await people.sic.get(`/chat/rooms/booking/${bookingId}`)
      const chatRoomId = room.id
      await w.settle()

      employee.says('joinRoom', { chatRoomId })
      expect(await employee.hears('joinedRoom')).to.deep.equal({ chatRoomId })

      // The driver was there before the room was, and hears it all the same.
      employee.says('sendMessage', { chatRoomId, content: 'Anh đón em ở cổng sau nhé', messageType: 'text' })
      const message = await driver.hears('newMessage')
      expect(message).to.include({
        chatRoomId,
        seq: 1,
        content: 'Anh đón em ở cổng sau nhé',
        messageType: 'text',
        senderId: people.sic.user.id,
        status: 'SENT',
      })
      expect(message.sender).to.deep.equal({
        id: people.sic.user.id,
        fullName: people.sic.user.fullName,
        role: 'EMPLOYEE',
      })
      expect(await employee.hears('newMessage')).to.deep.equal(message)

      driver.says('typing', { chatRoomId, isTyping: true })
      expect(await employee.hears('userTyping')).to.deep.equal({
        chatRoomId,
        userId: people.driver.user.id,
        isTyping: true,
      })
      driver.says('markRead', { chatRoomId })
      expect(await employee.hears('messagesRead')).to.deep.equal({
        chatRoomId,
        readBy: people.driver.user.id,
      })
      driver.says('sendMessage', { chatRoomId, content: 'Vâng, tôi tới ngay' })
      await employee.hears('newMessage', ({ seq }) => seq === 2)
      expect(driver.all('userTyping')).to.deep.equal([])

      const change = await people.sic.post(`/chat/rooms/${chatRoomId}/schedule-change`, {
        changeType: 'LATE_RETURN',
        newTime: '18:30',
        originalTime: '17:00',
        reason: 'Họp kéo dài',
      })
      expect(change.status).to.equal(201)
      const told = await driver.hears('newMessage', ({ messageType }) => messageType === 'schedule_change')
      expect(told).to.deep.include({
        seq: 3,
        metadata: {
          changeType: 'LATE_RETURN',
          newTime: '18:30',
          originalTime: '17:00',
          reason: 'Họp kéo dài',
        },
      })

      for (const step of ['start', 'complete'])
        expect((await people.driver.post(`/bookings/${bookingId}/${step}`)).status).to.equal(201)
      employee.says('sendMessage', { chatRoomId, content: 'Cảm ơn anh' })
      expect(await employee.hears('error')).to.include({
        status: 409,
        message: 'The room is ARCHIVED and takes no messages',
      })
      expect(driver.all('newMessage').map(({ seq }) => seq)).to.deep.equal([1, 2, 3])
      // Neither of them ever heard the other document's words.
      expect(
        employee.heard
          .map(({ name }) => name)
          .filter((name) => name.includes('_') && name !== 'token_renewed'),
      ).to.deep.equal([])
    })
  }

  it('follows a new driver, who hears what comes, and leaves the former one out', async () => {
    const admin = await w.as('admin')
    const login = { email: 'second-driver@demo.test', password: 'dài và khó đoán 7' }
    expect(
      (await admin.post('/users', { ...login, fullName: 'Tài xế thứ hai', role: 'DRIVER' })).status,
    ).to.equal(201)
    const second = (await w.anybody.post('/auth/login', login)).body
    const bookingId = await aTrip()
    await people.staff.post(`/bookings/${bookingId}/assign`, { resourceId, driverId: people.driver.user.id })
    const { body: room } = await people.sic.get(`/chat/rooms/booking/${bookingId}`)
    await w.settle()
    const [former, next] = [await clients.as(people.driver, '/chat'), await clients.as(second, '/chat')]
    const say = async (content: string): Promise<unknown> =>
      people.sic.post(`/chat/rooms/${room.id}/messages`, { content })
    await say('Đi thôi')
    await former.hears('newMessage', ({ content }) => content === 'Đi thôi')
    expect((await next.asks('joinRoom', { chatRoomId: room.id })).error).to.include({ status: 404 })

    expect(
      (await people.staff.post(`/bookings/${bookingId}/assign`, { resourceId, driverId: second.user.id }))
        .status,
    ).to.equal(201)
    await w.settle()
    await say('Chào anh')
    await next.hears('newMessage', ({ content }) => content === 'Chào anh')
    expect((await former.asks('sendMessage', { chatRoomId: room.id, content: 'Tôi đây' })).error).to.include({
      status: 404,
    })
    expect(former.all('newMessage').map(({ content }) => content)).to.deep.equal(['Đi thôi'])
    expect(next.all('newMessage').map(({ content }) => content)).to.deep.equal(['Chào anh'])
  })
})
