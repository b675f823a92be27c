// What calendar programs read, by two of them.

import { expect } from 'chai'
import ical from 'node-ical'
import { convertIcsCalendar, type IcsCalendar } from 'ts-ics'
import { tripOnItsDay } from '../support/people.ts'
import { mustBeProblem } from '../support/problems.ts'
import { leave } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('a calendar of one’s own', () => {
  let w: World
  let staff: Person
  let manager: Person
  let driver: Person
  let resourceId: string

  before(async () => {
    w = await aWorld({ with: ['api'] })
    staff = await w.as('staff')
    manager = await w.as('manager')
    driver = await w.as('driver')
    resourceId = (await staff.post('/resources', { kind: 'VEHICLE', name: 'Xe, số "7"' })).body.id
  })
  after(() => w.end())

  /** The manager's, who needs nobody's approval. */
  const asksFor = async (more: object = {}) =>
    (await manager.post('/bookings', { ...tripOnItsDay(), ...more })).body
  const feedOf = async (person: Person, body: object = {}): Promise<string> =>
    (await person.post('/calendars', body)).body.url
  /** PUBLIC_URL of a world is not where it listens. */
  const readAt = (url: string, headers = {}): Promise<Response> =>
    fetch(w.url + new URL(url).pathname, { headers })

  interface Seen {
    uid: string
    summary: string
    description: string
    status: string
    sequence: number
    from: string
    to: string
  }

  /** As both programs read it, which must be the same. */
  async function seenBy(url: string): Promise<Seen[]> {
    const answer = await readAt(url)
    expect([answer.status, answer.headers.get('content-type')]).to.deep.equal([
      200,
      'text/calendar; charset=utf-8',
    ])
    const text = await answer.text()
    expect(text).to.include('\r\nREFRESH-INTERVAL;VALUE=DURATION:PT15M\r\n')
    expect(text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).to.equal(true)
    const one = Object.values(ical.sync.parseICS(text)).flatMap((each): Seen[] =>
      each?.type === 'VEVENT'
        ? [
            {
              uid: each.uid,
              summary: String(each.summary),
              description: String(each.description),
              status: String(each.status),
              sequence: Number(each.sequence),
              from: each.start.toISOString(),
              to: each.end?.toISOString() ?? '',
            },
          ]
        : [],
    )
    const calendar: IcsCalendar = convertIcsCalendar(undefined, text)
    const other = (calendar.events ?? []).map((each): Seen => ({
      uid: each.uid,
      summary: each.summary,
      description: String(each.description),
      status: String(each.status),
      sequence: Number(each.sequence),
      from: each.start.date.toISOString(),
      to: each.end?.date.toISOString() ?? '',
    }))
    expect(other).to.deep.equal(one)
    return one
  }

  it('shows to whoever asks, drives or looks after the vehicle the same trip, with its changes', async () => {
    const booking = await asksFor({ purpose: 'Đón khách; ga Sài Gòn, cổng 2\\3', durationMinutes: 90 })
    const entry = {
      uid: `${booking.id}@bellhop`,
      summary: `Đón khách; ga Sài Gòn, cổng 2\\3 (${booking.bookingCode})`,
      from: booking.startsAt,
      to: booking.endsAt,
    }
    const own = await feedOf(manager)
    expect(await seenBy(own)).to.deep.include.members([
      {
        ...entry,
        status: 'TENTATIVE',
        sequence: booking.version,
        description: `Người đặt: ${manager.user.fullName}\nSố người: 2`,
      },
    ])
    const { body: assigned } = await staff.post(`/bookings/${booking.id}/assign`, {
      resourceId,
      driverId: driver.user.id,
    })
    for (const url of [own, await feedOf(driver), await feedOf(staff, { resourceId })])
      expect(await seenBy(url)).to.deep.include.members([
        {
          ...entry,
          status: 'CONFIRMED',
          sequence: assigned.version,
          description: `Người đặt: ${manager.user.fullName}\nSố người: 2\nPhương tiện: Xe, số "7"\nTài xế: ${driver.user.fullName}`,
        },
      ])
    await manager.post(`/bookings/${booking.id}/cancel`, { reason: 'USER_REQUEST' })
    const [gone] = (await seenBy(own)).filter(({ uid }) => uid === entry.uid)
    expect(gone?.status).to.equal('CANCELLED')
    expect(gone?.sequence).to.be.above(assigned.version)
  })

  it('has each day of a schedule over days, at the same hour of that day', async () => {
    await w.owner.raw(`update organisations set timezone = 'Europe/Berlin' where slug = 'demo'`)
    // Clocks go forward on 30 March 2031.
    const booking = await asksFor({
      bookingType: 'BLOCK_SCHEDULE',
      scheduledDate: '2031-03-29',
      endDate: '2031-03-31',
      scheduledTime: '09:00',
      durationMinutes: 60,
    })
    const days = (await seenBy(await feedOf(manager))).filter(({ uid }) => uid.startsWith(booking.id))
    expect(days.map(({ uid, from }) => [uid, from])).to.deep.equal([
      [`${booking.id}-1@bellhop`, '2031-03-29T08:00:00.000Z'],
      [`${booking.id}-2@bellhop`, '2031-03-30T07:00:00.000Z'],
      [`${booking.id}-3@bellhop`, '2031-03-31T07:00:00.000Z'],
    ])
    await w.owner.raw(`update organisations set timezone = 'Asia/Ho_Chi_Minh' where slug = 'demo'`)
  })

  it('is not read twice when nothing changed', async () => {
    const url = await feedOf(manager)
    const tag = (await readAt(url)).headers.get('etag') ?? ''
    // As a calendar program asks; fetch by itself would add no-cache.
    const known = { 'if-none-match': tag, 'cache-control': 'max-age=0' }
    expect((await readAt(url, known)).status).to.equal(304)
    await asksFor()
    expect((await readAt(url, known)).status).to.equal(200)
  })

  it('has one address for each matter, which is another once it was taken back', async () => {
    const employee = await w.as('employee')
    const { body: feed } = await employee.post('/calendars', {})
    expect((await employee.post('/calendars', {})).body).to.deep.equal(feed)
    expect((await employee.get('/calendars')).body).to.deep.equal([feed])
    mustBeProblem(await manager.delete(`/calendars/${feed.id}`), 404, 'not_found')
    expect((await employee.delete(`/calendars/${feed.id}`)).status).to.equal(200)
    expect((await readAt(feed.url)).status).to.equal(404)
    const again = await feedOf(employee)
    expect(again).not.to.equal(feed.url)
    expect((await readAt(again.replace(/.{5}\.ics$/, 'AAAAA.ics'))).status).to.equal(404)
  })

  it('of a resource is the staff’s, and ends when they are none any more; everybody’s ends when they leave', async () => {
    mustBeProblem(await manager.post('/calendars', { resourceId }), 403, 'forbidden')
    const foreigner = await w.as('foreignAdmin')
    mustBeProblem(await foreigner.post('/calendars', { resourceId }), 404, 'not_found')
    const [ofCar, own] = [await feedOf(staff, { resourceId }), await feedOf(staff)]
    await w.owner.raw(`update users set role = 'EMPLOYEE' where email = 'staff@demo.test'`)
    expect([(await readAt(ofCar)).status, (await readAt(own)).status]).to.deep.equal([404, 200])
    await leave(w, 'staff')
    expect((await readAt(own)).status).to.equal(404)
  })
})
