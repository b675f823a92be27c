// Rooms of two and of the team: how they come to be, who comes in, and how they end.

import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { postMessage } from '../../shared/chat/actions/post.ts'
import { archiveRoom } from '../../shared/chat/actions/rooms.ts'
import { makeStatement } from '../../shared/kit/store/change.ts'
import type { Reply } from '../support/client.ts'
import type { Name } from '../support/people.ts'
import { mustBeProblem } from '../support/problems.ts'
import { aHouseThatTalks, idsIn, rolesIn, times } from '../support/rooms.ts'
import { actorOf, auditOf } from '../support/story.ts'
import { until } from '../support/until.ts'
import { formWith, PNG } from '../support/upload.ts'

describe('rooms', () => {
  const { here, idOf, say, talk, refusesWords, someone } = aHouseThatTalks()

  describe('of two who talk', () => {
    it('are one for each pair, whoever asks, also for a hundred requests at once', async () => {
      const replies = await Promise.all(
        times(100).map((n) => (n % 2 ? talk('sic', 'director') : talk('director', 'sic'))),
      )
      expect(new Set(replies.map(({ status }) => status))).to.deep.equal(new Set([201]))
      expect(new Set(replies.map(({ body }) => body.id))).to.have.length(1)
      expect(idsIn(replies[0]?.body)).to.have.members([idOf('sic'), idOf('director')])
      expect(await auditOf(here.w, { action: 'room_created', entityId: replies[0]?.body.id })).to.have.length(
        1,
      )
    })

    it('are not for one, nor for customers, nor with whoever is not there', async () => {
      mustBeProblem(await talk('sic', 'sic'), 422)
      mustBeProblem(await talk('sic', 'customer'), 403)
      mustBeProblem(await talk('customer', 'sic'), 403)
      for (const userId of [randomUUID(), idOf('foreigner'), await someone('STAFF', 'Đã nghỉ', false)])
        mustBeProblem(
          await here.people.sic.post('/chat/conversations/with-user', { userId }),
          404,
          'not_found',
        )
    })

    it('are archived by either of them, take no words then, and are reactivated by whoever wants to talk', async () => {
      const { body: room } = await talk('sic', 'driver')
      expect((await here.people.driver.put(`/chat/rooms/${room.id}/archive`, {})).body.status).to.equal(
        'ARCHIVED',
      )
      expect((await here.people.sic.put(`/chat/rooms/${room.id}/archive`, {})).body).to.include({
        status: 'ARCHIVED',
        version: 2,
      })
      await refusesWords(here.people.sic, room.id)
      expect((await talk('sic', 'driver')).body).to.include({ id: room.id, status: 'ACTIVE' })
      expect((await say(here.people.driver, room.id)).status).to.equal(201)
    })

    it('know a person however the id is spelled', async () => {
      const { body: room } = await here.people.sic.post('/chat/conversations/with-user', {
        userId: idOf('director').toUpperCase(),
      })
      const { body: message } = await say(here.people.sic, room.id.toUpperCase())
      expect(message.roomId).to.equal(room.id)
      await here.w.settle()
      expect(await here.w.runtime.db('roomEvents').where({ roomId: room.id })).to.deep.equal([])
      expect((await talk('director', 'sic')).body).to.include({ id: room.id, lastSeq: message.seq })
    })
  })

  describe('of a pair', () => {
    const pair = (by: Name, type: string, one: Name, other: Name, more: object = {}): Promise<Reply> =>
      here.people[by].post('/chat/rooms', {
        type,
        participant1Id: idOf(one),
        participant2Id: idOf(other),
        ...more,
      })
    const aProperty = async (): Promise<string> =>
      (await here.people.staff.post('/resources', { kind: 'PROPERTY', name: 'Khách sạn' })).body.id

    it('are one for each pair, type and property, whatever the order', async () => {
      const [hotel, inn] = [await aProperty(), await aProperty()]
      const made = await Promise.all([
        pair('customer', 'customer_hotel_owner', 'customer', 'owner'),
        pair('owner', 'customer_hotel_owner', 'owner', 'customer'),
        pair('admin', 'customer_hotel_owner', 'customer', 'owner'),
        pair('customer', 'customer_hotel_owner', 'customer', 'owner', { hotelId: hotel }),
        pair('owner', 'customer_hotel_owner', 'owner', 'customer', { hotelId: hotel.toUpperCase() }),
        pair('customer', 'customer_hotel_owner', 'customer', 'owner', { hotelId: inn }),
        pair('customer', 'customer_admin', 'customer', 'admin'),
        pair('owner', 'hotel_owner_admin', 'admin', 'owner'),
      ])
      expect(made.map(({ status }) => status)).to.deep.equal(made.map(() => 201))
      const [first, second, third, atHotel, atHotelToo, atInn, withAdmin, ofOwner] = made.map(
        ({ body }) => body.id,
      )
      expect([second, third]).to.deep.equal([first, first])
      expect(atHotelToo).to.equal(atHotel)
      expect(new Set([first, atHotel, atInn, withAdmin, ofOwner])).to.have.length(5)
      expect(rolesIn(made[0]?.body)).to.deep.equal({
        [idOf('customer')]: 'customer',
        [idOf('owner')]: 'hotel_owner',
      })
      expect(rolesIn(made[7]?.body)).to.deep.equal({
        [idOf('owner')]: 'hotel_owner',
        [idOf('admin')]: 'admin',
      })
      expect(made[3]?.body).to.include({ kind: 'PAIRED', type: 'customer_hotel_owner', resourceId: hotel })
    })

    it('are one for each pair also when ids come in capitals', async () => {
      const [low, high] = [
        await pair('customer', 'customer_admin', 'customer', 'admin'),
        await here.people.customer.post('/chat/rooms', {
          type: 'customer_admin',
          participant1Id: idOf('admin').toUpperCase(),
          participant2Id: idOf('customer').toUpperCase(),
        }),
      ]
      expect([high.status, high.body.id]).to.deep.equal([201, low.body.id])
    })

    it('are one for a hundred requests at once', async () => {
      const customerId = await someone('CUSTOMER')
      const replies = await Promise.all(
        times(100).map((n) =>
          here.people.admin.post('/chat/rooms', {
            type: 'customer_admin',
            ...(n % 2
              ? { participant1Id: customerId, participant2Id: idOf('admin') }
              : { participant1Id: idOf('admin'), participant2Id: customerId }),
          }),
        ),
      )
      expect(new Set(replies.map(({ status, body }) => `${status} ${body.id}`))).to.have.length(1)
    })

    it('take fitting roles only', async () => {
      mustBeProblem(await pair('customer', 'customer_admin', 'customer', 'owner'), 422)
      mustBeProblem(await pair('customer', 'hotel_owner_admin', 'customer', 'admin'), 422)
      mustBeProblem(await pair('staff', 'customer_hotel_owner', 'staff', 'owner'), 422)
      mustBeProblem(await pair('customer', 'customer_admin', 'customer', 'customer'), 422)
      mustBeProblem(
        await here.people.customer.post('/chat/rooms', {
          type: 'customer_admin',
          participant1Id: idOf('customer'),
        }),
        422,
      )
      mustBeProblem(await here.people.customer.post('/chat/rooms', { type: 'lovers' }), 400, 'malformed')
    })

    it('are opened by the two themselves and by ADMINs, who are not in them by that', async () => {
      for (const name of ['owner', 'staff', 'employee', 'supervisor'] as const)
        mustBeProblem(await pair(name, 'customer_admin', 'customer', 'admin'), 403, 'forbidden')
      const ownerId = await someone('OWNER')
      const { body: room } = await here.people.admin.post('/chat/rooms', {
        type: 'customer_hotel_owner',
        participant1Id: ownerId,
        participant2Id: idOf('customer'),
      })
      expect(idsIn(room)).to.have.members([ownerId, idOf('customer')])
      expect(room).not.to.have.property('unreadCount')
      mustBeProblem(await here.people.admin.get(`/chat/rooms/${room.id}`), 404)
    })

    it('are not with somebody of another organisation, nor about what is no property', async () => {
      mustBeProblem(await pair('customer', 'customer_admin', 'customer', 'foreignAdmin'), 404)
      const {
        body: [vehicle],
      } = await here.people.staff.get('/resources?kind=VEHICLE')
      for (const hotelId of [vehicle.id, randomUUID()])
        mustBeProblem(await pair('customer', 'customer_hotel_owner', 'customer', 'owner', { hotelId }), 422)
    })

    it('are archived by the staff, not by the customer', async () => {
      const { body: room } = await pair('customer', 'customer_hotel_owner', 'customer', 'owner')
      mustBeProblem(await here.people.customer.put(`/chat/rooms/${room.id}/archive`, {}), 403)
      expect((await here.people.owner.put(`/chat/rooms/${room.id}/archive`, {})).body.status).to.equal(
        'ARCHIVED',
      )
      await refusesWords(here.people.customer, room.id)
    })
  })

  describe('of the team', () => {
    it('are for the staff among themselves, as many as they like', async () => {
      const ask = { type: 'team', name: 'Ca sáng', memberIds: [idOf('supervisor'), idOf('staff')] }
      const [one, other] = [
        await here.people.staff.post('/chat/rooms', ask),
        await here.people.staff.post('/chat/rooms', ask),
      ]
      expect(one.body).to.include({ kind: 'TEAM', type: 'team', name: 'Ca sáng', unreadCount: 0 })
      expect(idsIn(one.body)).to.have.members([idOf('staff'), idOf('supervisor')])
      expect(other.body.id).not.to.equal(one.body.id)
      for (const name of ['employee', 'driver', 'customer'] as const)
        mustBeProblem(await here.people[name].post('/chat/rooms', { type: 'team' }), 403)
      for (const name of ['employee', 'driver', 'customer'] as const)
        mustBeProblem(
          await here.people.staff.post('/chat/rooms', { type: 'team', memberIds: [idOf(name)] }),
          422,
        )
      mustBeProblem(
        await here.people.staff.post('/chat/rooms', { type: 'team', memberIds: [idOf('foreignAdmin')] }),
        404,
      )
    })
  })

  it('say that they closed also to whoever was about to speak', async () => {
    const { body: room } = await talk('director', 'manager')
    const director = await actorOf(here.w, 'director')
    const waiting = await here.w.change(async (change) => {
      await archiveRoom(change, director, room.id)
      const speaking = makeStatement(here.w.runtime, { requestId: 'late' }, (statement) =>
        postMessage(statement, director, room.id, { content: 'Khoan đã' }),
      ).then(
        () => 'said',
        (error: { code: string }) => error.code,
      )
      await until(
        'it waits for the room',
        async () =>
          (
            await here.w
              .owner('pg_stat_activity')
              .whereRaw(
                `datname = current_database() and wait_event_type = 'Lock' and query like '%insert into messages%'`,
              )
          ).length > 0,
      )
      return { speaking }
    })
    expect(await waiting.speaking).to.equal('room_not_active')
  })

  it('take a message with files once, however often it is sent at once', async () => {
    const { body: room } = await talk('director', 'staff')
    const { body: file } = await here.people.director.post('/chat/attachments', formWith(PNG, 'a.png'))
    const ask = { content: 'Ảnh', attachments: [file.id], clientMsgId: 'with-file' }
    const replies = await Promise.all(
      times(10).map(() => here.people.director.post(`/chat/rooms/${room.id}/messages`, ask)),
    )
    expect(replies.map(({ status }) => status)).to.deep.equal(replies.map(() => 201))
    expect(new Set(replies.map(({ body }) => body.id))).to.have.length(1)
  })
})
