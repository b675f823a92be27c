import { expect } from 'chai'
import { Clients } from '../support/socketio.ts'
import { TRIP } from '../support/people.ts'
import { aWorld, type World } from '../support/world.ts'

describe('the calls that the document of trips lists, in its order', () => {
  let w: World
  let clients: Clients
  before(async () => {
    w = await aWorld()
    clients = new Clients(w.url)
  })
  after(async () => {
    clients.leave()
    await w.end()
  })

  it('ask, approve and reject, also with the words of its statuses', async () => {
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    const { bookingType: _, ...bare } = TRIP
    const ask = async (): Promise<string> => {
      const { status, body } = await employee.post('/bookings', bare)
      expect([status, body.bookingType]).to.deep.equal([201, 'SINGLE_TRIP'])
      await w.settle()
      return (await manager.get(`/approvals/booking/${body.id}`)).body.id
    }
    const id = await ask()
    expect(
      (await manager.get('/approvals/pending')).body.map((each: { id: string }) => each.id),
    ).to.deep.equal([id])
    expect(
      (await employee.get('/approvals/my-requests')).body.map((each: { id: string }) => each.id),
    ).to.deep.equal([id])
    expect((await manager.get(`/approvals/${id}`)).body).to.include({ id, status: 'PENDING' })
    expect((await manager.post(`/approvals/${id}/approve`, { notes: 'Đồng ý' })).body).to.include({
      status: 'APPROVED',
      notes: 'Đồng ý',
    })
    expect((await manager.post(`/approvals/${await ask()}/reject`, { notes: 'Hết xe' })).body).to.include({
      status: 'REJECTED',
    })
    expect(
      (await manager.post(`/approvals/${await ask()}/respond`, { decision: 'APPROVED' })).body,
    ).to.include({ status: 'APPROVED' })
    expect(
      (await manager.post(`/approvals/${await ask()}/respond`, { decision: 'REJECTED', notes: 'Không' }))
        .body,
    ).to.include({ status: 'REJECTED' })
  })

  it('talk in the room of a trip, over REST and on its sockets', async () => {
    const [employee, driver, staff] = [await w.as('manager'), await w.as('driver'), await w.as('staff')]
    const { body: booking } = await employee.post('/bookings', {
      ...TRIP,
      bookingType: 'BLOCK_SCHEDULE',
      endDate: '2031-03-12',
    })
    const {
      body: [vehicle],
    } = await staff.get('/resources?kind=VEHICLE')
    expect(
      (
        await staff.post(`/bookings/${booking.id}/assign`, {
          resourceId: vehicle.id,
          driverId: driver.user.id,
        })
      ).status,
    ).to.equal(201)
    const { body: room } = await employee.get(`/chat/rooms/booking/${booking.id}`)
    expect((await employee.get('/chat/rooms')).body.map(({ id }: { id: string }) => id)).to.include(room.id)
    expect((await employee.get(`/chat/rooms/${room.id}`)).body).to.include({
      id: room.id,
      bookingId: booking.id,
    })
    expect(
      (await employee.post(`/chat/rooms/${room.id}/messages`, { content: 'Tôi đứng ở cổng' })).status,
    ).to.equal(201)
    expect(
      (
        await employee.post(`/chat/rooms/${room.id}/schedule-change`, {
          newTime: '18:30',
          reason: 'Họp muộn',
        })
      ).status,
    ).to.equal(201)
    expect((await driver.get(`/chat/rooms/${room.id}/messages?limit=50&offset=0`)).body).to.have.length(2)
    expect((await driver.get('/chat/unread-count')).body).to.deep.equal({ count: 2 })
    expect((await driver.post(`/chat/rooms/${room.id}/read`)).body).to.deep.equal({ success: true })

    const [asking, driving] = [await clients.as(employee, '/chat'), await clients.as(driver, '/chat')]
    asking.says('joinRoom', { chatRoomId: room.id })
    expect(await asking.hears('joinedRoom')).to.deep.equal({ chatRoomId: room.id })
    driving.says('typing', { chatRoomId: room.id, isTyping: true })
    expect(await asking.hears('userTyping')).to.deep.equal({
      chatRoomId: room.id,
      userId: driver.user.id,
      isTyping: true,
    })
    driving.says('sendMessage', { chatRoomId: room.id, content: 'Tôi tới rồi' })
    expect(await asking.hears('newMessage')).to.include({ content: 'Tôi tới rồi' })
    // Who has said it types it no more.
    await asking.hears('userTyping', ({ isTyping }) => !isTyping)
    asking.says('markRead', { chatRoomId: room.id })
    expect(await driving.hears('messagesRead', ({ readBy }) => readBy === employee.user.id)).to.include({
      chatRoomId: room.id,
    })
  })
})
