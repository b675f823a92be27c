import { expect } from 'chai'
import type { Reply } from '../support/client.ts'
import { tripOnItsDay, type Name } from '../support/people.ts'
import { mustBeProblem } from '../support/problems.ts'
import { aHouseThatTalks, rolesIn, times } from '../support/rooms.ts'

describe('rooms of trips', () => {
  const { here, idOf, say, talk, refusesWords, someone } = aHouseThatTalks()
  let resourceId: string
  before(async () => {
    resourceId = (await here.people.staff.get('/resources?kind=VEHICLE')).body[0].id
  })

  const roomOf = (by: Name, bookingId: string): Promise<Reply> =>
    here.people[by].get(`/chat/rooms/booking/${bookingId}`)
  const assign = (bookingId: string, driverId = idOf('driver')): Promise<Reply> =>
    here.people.staff.post(`/bookings/${bookingId}/assign`, { resourceId, driverId })
  const book = async (ask: object = {}, by: Name = 'manager'): Promise<string> =>
    (await here.people[by].post('/bookings', { ...tripOnItsDay(), ...ask })).body.id
  const roomRows = (bookingId: string): Promise<{ status: string }[]> =>
    here.w.runtime.db('rooms').where({ bookingId })

  async function driven(): Promise<{ bookingId: string; roomId: string }> {
    const bookingId = await book()
    await assign(bookingId)
    return { bookingId, roomId: (await roomOf('manager', bookingId)).body.id }
  }

  it('wait for a driver, and are for those two only', async () => {
    const bookingId = await book()
    mustBeProblem(await roomOf('manager', bookingId), 409, 'no_driver')
    mustBeProblem(await roomOf('driver', bookingId), 404)
    await assign(bookingId)
    expect(await roomRows(bookingId)).to.deep.equal([])
    const { status, body } = await roomOf('driver', bookingId)
    expect(status).to.equal(200)
    expect(body).to.include({ kind: 'BOOKING', bookingId, status: 'ACTIVE' })
    expect(rolesIn(body)).to.deep.equal({ [idOf('manager')]: 'requester', [idOf('driver')]: 'driver' })
    for (const name of ['admin', 'staff', 'sic', 'foreignAdmin'] as const)
      mustBeProblem(await roomOf(name, bookingId), 404)
  })

  it('are one for each booking, also for a hundred requests at once', async () => {
    const bookingId = await book()
    await assign(bookingId)
    const replies = await Promise.all(times(100).map((n) => roomOf(n % 2 ? 'manager' : 'driver', bookingId)))
    expect(new Set(replies.map(({ status, body }) => `${status} ${body.id}`))).to.have.length(1)
    expect(await roomRows(bookingId)).to.have.length(1)
  })

  it('are there for a schedule over days as soon as a driver is', async () => {
    const bookingId = await book({
      bookingType: 'BLOCK_SCHEDULE',
      scheduledDate: '2031-03-10',
      endDate: '2031-03-12',
    })
    expect(await roomRows(bookingId)).to.deep.equal([])
    await assign(bookingId)
    expect(await roomRows(bookingId)).to.have.length(1)
    await assign(bookingId)
    expect(await roomRows(bookingId)).to.have.length(1)
  })

  it('pass from one driver to the next, who has not read what was said before', async () => {
    const { bookingId, roomId } = await driven()
    const { body: message } = await say(here.people.manager, roomId, 'Anh tới đâu rồi?')
    const nextId = await someone('DRIVER', 'Tài xế khác')
    expect((await assign(bookingId, nextId)).status).to.equal(201)
    expect(rolesIn((await roomOf('manager', bookingId)).body)).to.deep.equal({
      [idOf('manager')]: 'requester',
      [nextId]: 'driver',
    })
    mustBeProblem(await here.people.driver.get(`/chat/rooms/${roomId}`), 404)
    mustBeProblem(await roomOf('driver', bookingId), 404)
    expect((await here.people.manager.get(`/chat/rooms/${roomId}/messages`)).body[0]).to.deep.include({
      id: message.id,
      status: 'SENT',
      readBy: [],
    })
  })

  it('keep whoever asked for the trip, also when they were to drive it themselves and do not', async () => {
    const bookingId = await book({}, 'manager')
    await here.w.runtime
      .db('bookings')
      .where({ id: bookingId })
      .update({ requesterId: idOf('driver') })
    await assign(bookingId)
    const { body: alone } = await roomOf('driver', bookingId)
    expect(rolesIn(alone)).to.deep.equal({ [idOf('driver')]: 'requester' })
    const nextId = await someone('DRIVER')
    await assign(bookingId, nextId)
    expect(rolesIn((await roomOf('driver', bookingId)).body)).to.deep.equal({
      [idOf('driver')]: 'requester',
      [nextId]: 'driver',
    })
  })

  it('are archived when the trip is completed', async () => {
    const { bookingId, roomId } = await driven()
    await here.people.driver.post(`/bookings/${bookingId}/start`)
    expect((await say(here.people.driver, roomId)).status).to.equal(201)
    await here.people.driver.post(`/bookings/${bookingId}/complete`)
    expect((await roomOf('manager', bookingId)).body).to.include({ id: roomId, status: 'ARCHIVED' })
    await refusesWords(here.people.manager, roomId)
    expect((await here.people.manager.get(`/chat/rooms/${roomId}/messages`)).body).to.have.length(1)
  })

  it('are closed when it is cancelled', async () => {
    const { bookingId, roomId } = await driven()
    await here.people.manager.post(`/bookings/${bookingId}/cancel`, { reason: 'WEATHER' })
    expect((await roomOf('driver', bookingId)).body).to.include({ id: roomId, status: 'CLOSED' })
    await refusesWords(here.people.driver, roomId)
  })

  it('are over from the start when nobody asked for them before the trip was', async () => {
    const [completed, cancelled] = [await book(), await book()]
    for (const bookingId of [completed, cancelled]) await assign(bookingId)
    await here.people.driver.post(`/bookings/${completed}/start`)
    await here.people.driver.post(`/bookings/${completed}/complete`)
    await here.people.staff.post(`/bookings/${cancelled}/cancel`, { reason: 'OTHER' })
    expect((await roomOf('manager', completed)).body.status).to.equal('ARCHIVED')
    expect((await roomOf('manager', cancelled)).body.status).to.equal('CLOSED')
  })

  it('take a change of the schedule from whoever travels, in the language of the organisation, and alert the driver', async () => {
    const { roomId } = await driven()
    const change = { newTime: '19:30', originalTime: '17:00', reason: 'họp muộn' }
    const { status, body } = await here.people.manager.post(`/chat/rooms/${roomId}/schedule-change`, change)
    expect(status).to.equal(201)
    expect(body).to.deep.include({
      messageType: 'schedule_change',
      content: 'Về muộn, lúc 19:30 (thay vì 17:00). Lý do: họp muộn',
      metadata: { changeType: 'LATE_RETURN', ...change },
    })
    await here.w.settle()
    const [alert, ...others] = await here.w.runtime
      .db('notifications')
      .where({ userId: idOf('driver') })
      .whereRaw(`data->>'messageId' = ?`, [body.id])
    expect(alert.type).to.equal('SCHEDULE_CHANGE_ALERT')
    expect(others, 'told twice').to.deep.equal([])

    await here.w.runtime.db('organisations').where({ slug: 'demo' }).update({ locale: 'en' })
    expect(
      (
        await here.people.manager.post(`/chat/rooms/${roomId}/schedule-change`, {
          ...change,
          changeType: 'DEPARTURE_CHANGE',
        })
      ).body.content,
    ).to.match(/^Departure moved to 19:30/)
    await here.w.runtime.db('organisations').where({ slug: 'demo' }).update({ locale: 'vi' })

    mustBeProblem(await here.people.driver.post(`/chat/rooms/${roomId}/schedule-change`, change), 403)
    mustBeProblem(await here.people.sic.post(`/chat/rooms/${roomId}/schedule-change`, change), 404)
    const { body: elsewhere } = await talk('manager', 'sic')
    mustBeProblem(await here.people.manager.post(`/chat/rooms/${elsewhere.id}/schedule-change`, change), 422)
    for (const wrong of [
      { newTime: '24:00' },
      { newTime: '9:00' },
      { reason: '' },
      { reason: 'x'.repeat(501) },
      { changeType: 'EARLY' },
    ]) {
      mustBeProblem(
        await here.people.manager.post(`/chat/rooms/${roomId}/schedule-change`, { ...change, ...wrong }),
        400,
        'malformed',
      )
    }
    await here.people.manager.post(
      `/bookings/${(await here.people.manager.get(`/chat/rooms/${roomId}`)).body.bookingId}/cancel`,
      { reason: 'WEATHER' },
    )
    mustBeProblem(
      await here.people.manager.post(`/chat/rooms/${roomId}/schedule-change`, change),
      409,
      'room_not_active',
    )
  })
})
