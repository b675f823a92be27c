import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { expect } from 'chai'
import { startApi } from '../../api/server.ts'
import { openRuntime } from '../../shared/kit/process/runtime.ts'
import { PROBLEM_CODES } from '../../shared/kit/declare/problem-codes.ts'
import { DAY, plusMs } from '../../shared/kit/time/time.ts'
import { whenReady } from '../../shared/kit/store/redis.ts'
import { caller } from '../support/client.ts'
import { TRIP } from '../support/people.ts'
import { mustBeProblem, problemsIn } from '../support/problems.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('the conventions of the HTTP API', () => {
  let w: World
  let employee: Person
  let manager: Person
  before(async () => {
    w = await aWorld({ with: ['api'] })
    employee = await w.as('employee')
    manager = await w.as('manager')
  })
  after(() => w.end())

  const book = async (by = manager): Promise<{ id: string; bookingCode: string }> =>
    (await by.post('/bookings', TRIP)).body
  const countBookings = async (): Promise<number> => (await w.runtime.db('bookings')).length

  describe('base paths', () => {
    for (const base of ['/api/v1', '/api', '']) {
      it(`answers the same under "${base}"`, async () => {
        const { id } = await book()
        const reply = await caller(w.url + base, manager.accessToken).get(`/bookings/${id}`)
        expect([reply.status, reply.body.id]).to.deep.equal([200, id])
      })
    }
  })

  it('answers clients that offer another protocol with each request, whatever they send', async () => {
    const asking = request(`${w.url}/bookings`, {
      method: 'POST',
      headers: {
        Connection: 'Upgrade, HTTP2-Settings',
        Upgrade: 'h2c',
        'HTTP2-Settings': 'AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
        'Content-Type': 'application/json',
        Authorization: `Bearer ${manager.accessToken}`,
      },
    })
    asking.end(JSON.stringify(TRIP))
    const [answer]: IncomingMessage[] = await once(asking, 'response')
    let body = ''
    for await (const chunk of answer ?? []) body += String(chunk)
    expect([answer?.statusCode, JSON.parse(body).bookingType]).to.deep.equal([201, TRIP.bookingType])
  })

  describe('spelling of keys', () => {
    const SNAKE = {
      booking_type: 'SINGLE_TRIP',
      scheduled_date: '2031-03-10',
      scheduled_time: '08:30',
      passenger_count: 2,
    }

    it('is taken as it comes, and answered as it was asked', async () => {
      const { status, body } = await manager.post('/bookings', SNAKE)
      expect(status).to.equal(201)
      expect(body).to.include({ booking_type: 'SINGLE_TRIP', passenger_count: 2, is_business_trip: true })
      expect(Object.keys(body).filter((key) => /[A-Z]/.test(key))).to.deep.equal([])
      expect((await manager.get(`/bookings/${body.id}`)).body).to.include({ bookingType: 'SINGLE_TRIP' })
    })

    it('is snake_case in lists and single things when ?keys=snake asks for it', async () => {
      await book()
      const [first] = (await manager.get('/bookings?keys=snake&limit=1')).body
      expect(first).to.have.property('booking_code')
      expect((await manager.get(`/bookings/${first.id}?keys=snake`)).body).to.have.property(
        'scheduled_date',
        '2031-03-10',
      )
    })

    it('leaves alone what somebody else has named', async () => {
      const staff = await w.as('staff')
      const { body } = await staff.post('/resources', {
        kind: 'VEHICLE',
        name: '51A-111.11',
        attributes: { seat_count: 7, plateColour: 'xanh', inner: { deep_key: 1 } },
      })
      expect(body.attributes).to.deep.equal({ seat_count: 7, plateColour: 'xanh', inner: { deep_key: 1 } })
      expect((await staff.get(`/resources/${body.id}?keys=snake`)).body.attributes).to.deep.equal(
        body.attributes,
      )
    })

    it('names a problem by the name that its sender used, and what is missing in the same spelling', async () => {
      const { scheduled_date: _, ...rest } = SNAKE
      expect(
        problemsIn(
          await manager.post('/bookings?page_size=2', { ...rest, passenger_count: 0, extra_field: 1 }),
        ),
      ).to.deep.equal([
        '/body/extra_field is unknown',
        '/body/passenger_count must be >= 1',
        '/body/scheduled_date is missing',
        '/query/page_size is unknown',
      ])
      const { scheduledTime: __, ...camel } = TRIP
      expect(problemsIn(await manager.post('/bookings', { ...camel, passengerCount: 0 }))).to.deep.equal([
        '/body/passengerCount must be >= 1',
        '/body/scheduledTime is missing',
      ])
    })

    it('is that of the problem, too, when Bellhop finds it deeper inside', async () => {
      const admin = await w.as('admin')
      const day = { date: '2031-04-30', name: 'Lễ', slots: [{ from: '08:00', to: '12:00' }] }
      expect(
        problemsIn(
          await admin.put('/organisation/calendar', {
            weekly: null,
            holidays: [day, { ...day, slots: [{ from_time: '1' }] }],
          }),
        ),
      ).to.deep.equal([
        '/body/holidays/1/slots/0/from is missing',
        '/body/holidays/1/slots/0/from_time is unknown',
        '/body/holidays/1/slots/0/to is missing',
      ])
    })
  })

  describe('lists', () => {
    for (const [kind, begin, expected] of [
      ['followed', '/bookings?limit=2', ['next', 'next', '']],
      ['counted', '/bookings?limit=2&offset=1', ['next prev', 'prev']],
    ] as const) {
      it(`are pages: a total, and links that lead through all of it, each once, when they are ${kind}`, async () => {
        const day = '2031-05-05'
        while ((await employee.get('/bookings')).body.length < 5)
          await employee.post('/bookings', { ...TRIP, scheduledDate: day })
        const seen: string[] = []
        let path: string | undefined = begin
        const relations: string[] = []
        while (path) {
          const reply = await employee.get(path)
          expect(reply.headers.get('x-total-count')).to.equal('5')
          seen.push(...reply.body.map(({ bookingCode }: { bookingCode: string }) => bookingCode))
          const link = reply.headers.get('link') ?? ''
          relations.push([...link.matchAll(/rel="(\w+)"/g)].map((match) => match[1]).join(' '))
          path = /<\/api\/v1([^>]+)>; rel="next"/.exec(link)?.[1]
        }
        expect(relations).to.deep.equal(expected)
        expect(new Set(seen).size).to.equal(seen.length)
        expect(seen).to.have.length(kind === 'followed' ? 5 : 4)
      })
    }

    it('keep their filter in the links', async () => {
      const link =
        (await employee.get('/bookings?status=PENDING_APPROVAL&limit=1&offset=1')).headers.get('link') ?? ''
      expect(link).to.include('</api/v1/bookings?status=PENDING_APPROVAL&limit=1&offset=2>; rel="next"')
      expect(link).to.include('</api/v1/bookings?status=PENDING_APPROVAL&limit=1&offset=0>; rel="prev"')
    })

    it('are empty, not an error, when there is nothing', async () => {
      const { status, body, headers } = await employee.get('/bookings?status=COMPLETED')
      expect([status, body, headers.get('x-total-count'), headers.get('link')]).to.deep.equal([
        200,
        [],
        '0',
        null,
      ])
    })
  })

  describe('versions', () => {
    it('stand in the ETag, and If-Match keeps two people from undoing each other', async () => {
      const staff = await w.as('staff')
      const { id } = await book()
      const seen = await staff.get(`/bookings/${id}`)
      expect(seen.headers.get('etag')).to.equal('"1"')
      const moved = await staff.post(`/bookings/${id}/confirm`, {}, { 'if-match': '"1"' })
      expect([moved.status, moved.headers.get('etag')]).to.deep.equal([201, '"2"'])
      expect(
        mustBeProblem(
          await staff.post(`/bookings/${id}/redirect`, {}, { 'if-match': '"1"' }),
          412,
          'changed_meanwhile',
        ),
      ).to.include('version 2, not 1')
      expect((await staff.get(`/bookings/${id}`)).body.status).to.equal('CONFIRMED')
      expect((await staff.post(`/bookings/${id}/redirect`, {}, { 'if-match': '*' })).status).to.equal(201)
    })
  })

  describe('what was read before', () => {
    it('is not sent again while it is the same', async () => {
      const { id } = await book()
      const seen = await manager.get(`/bookings/${id}`)
      const again = await manager.get(`/bookings/${id}`, { 'if-none-match': seen.headers.get('etag') ?? '' })
      expect([again.status, again.body, again.headers.get('etag')]).to.deep.equal([
        304,
        '',
        seen.headers.get('etag'),
      ])
      await (await w.as('staff')).post(`/bookings/${id}/confirm`)
      expect(
        (await manager.get(`/bookings/${id}`, { 'if-none-match': seen.headers.get('etag') ?? '' })).body
          .status,
      ).to.equal('CONFIRMED')
    })

    it('is sent again when what moved has no version of its own, as the newest message of a room', async () => {
      const admin = await w.as('admin')
      const { id } = (await admin.post('/chat/groups', { name: 'Đội xe', memberIds: [employee.user.id] }))
        .body
      const seen = (await employee.get(`/chat/rooms/${id}`)).headers.get('etag') ?? ''
      expect((await employee.get(`/chat/rooms/${id}`, { 'if-none-match': seen })).status).to.equal(304)
      await admin.post(`/chat/rooms/${id}/messages`, { content: 'Chào' })
      const moved = await employee.get(`/chat/rooms/${id}`, { 'if-none-match': seen })
      expect([moved.status, moved.body.unreadCount]).to.deep.equal([200, 1])
    })
  })

  describe('an answer', () => {
    it('comes packed to whoever takes it so, and a HEAD comes without one', async () => {
      for (const encoding of ['gzip', 'br']) {
        const reply = await fetch(`${w.url}/openapi.json`, { headers: { 'accept-encoding': encoding } })
        expect([reply.headers.get('content-encoding'), JSON.parse(await reply.text()).openapi]).to.deep.equal(
          [encoding, '3.1.0'],
        )
      }
      const { id } = await book()
      const head = await fetch(`${w.url}/bookings/${id}`, {
        method: 'HEAD',
        headers: { authorization: `Bearer ${manager.accessToken}` },
      })
      expect([head.status, head.headers.get('etag'), await head.text()]).to.deep.equal([200, '"1"', ''])
    })
  })

  describe('a problem', () => {
    it('leads to a page about its code, and to nothing for a code that is none', async () => {
      const { type } = (await employee.get('/bookings/nine')).body
      const page = await fetch(w.url + type)
      expect([page.status, page.headers.get('content-type')]).to.deep.equal([200, 'text/html; charset=utf-8'])
      expect(await page.text()).to.include(PROBLEM_CODES.malformed.slice(0, 40))
      expect(await (await fetch(`${w.url}/problems`)).text()).to.include('href="/problems/changed_meanwhile"')
      mustBeProblem(await w.anybody.get('/problems/toString'), 404)
    })
  })

  describe('the same request twice', () => {
    it('has its effect once under one key, and says that the answer is a repeated one', async () => {
      const key = randomUUID()
      const first = await employee.post('/bookings', TRIP, { 'idempotency-key': key })
      const before = await countBookings()
      const second = await employee.post('/bookings', TRIP, { 'idempotency-key': key })
      expect([second.status, second.body, second.headers.get('etag')]).to.deep.equal([201, first.body, '"1"'])
      expect([first, second].map(({ headers }) => headers.get('idempotency-replayed'))).to.deep.equal([
        null,
        'true',
      ])
      expect(await countBookings()).to.equal(before)
    })

    it('is refused when it is not the same', async () => {
      const key = randomUUID()
      const { id } = await book(employee)
      await employee.post('/bookings', TRIP, { 'idempotency-key': key })
      mustBeProblem(
        await employee.post('/bookings', { ...TRIP, passengerCount: 3 }, { 'idempotency-key': key }),
        422,
        'invalid',
      )
      mustBeProblem(
        await employee.post(`/bookings/${id}/cancel`, { reason: 'OTHER' }, { 'idempotency-key': key }),
        422,
        'invalid',
      )
    })

    it('is the same in another spelling and under another base path', async () => {
      const key = randomUUID()
      const first = await manager.post(
        '/bookings',
        {
          bookingType: 'SINGLE_TRIP',
          scheduledDate: '2031-03-10',
          scheduledTime: '08:30',
          passengerCount: 1,
        },
        { 'idempotency-key': key },
      )
      const again = await caller(w.url, manager.accessToken).post(
        '/bookings',
        {
          booking_type: 'SINGLE_TRIP',
          scheduled_date: '2031-03-10',
          scheduled_time: '08:30',
          passenger_count: 1,
        },
        { 'idempotency-key': key },
      )
      expect([again.status, again.body.booking_code]).to.deep.equal([201, first.body.bookingCode])
    })

    it('is the same with its keys in another order, and with a default written out', async () => {
      const key = randomUUID()
      const first = await employee.post('/bookings', TRIP, { 'idempotency-key': key })
      const turned = Object.fromEntries(
        [...Object.entries(TRIP), ['isBusinessTrip', true], ['notes', null]].toReversed(),
      )
      const again = await employee.post('/bookings', turned, { 'idempotency-key': key })
      expect([again.status, again.body.id]).to.deep.equal([201, first.body.id])
    })

    it('may be tried again when it failed', async () => {
      const key = randomUUID()
      mustBeProblem(
        await employee.post('/bookings', { ...TRIP, endDate: '2031-03-01' }, { 'idempotency-key': key }),
        422,
      )
      expect((await employee.post('/bookings', TRIP, { 'idempotency-key': key })).status).to.equal(201)
    })

    it("is each person's own: one key of two people is two requests", async () => {
      const key = randomUUID()
      const both = [
        await employee.post('/bookings', TRIP, { 'idempotency-key': key }),
        await manager.post('/bookings', TRIP, { 'idempotency-key': key }),
      ]
      expect(both[0]?.body.id).not.to.equal(both[1]?.body.id)
    })

    it('makes one booking when twenty arrive at once', async () => {
      const [key, before] = [randomUUID(), await countBookings()]
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => employee.post('/bookings', TRIP, { 'idempotency-key': key })),
      )
      expect(new Set(answers.map(({ status, body }) => `${status} ${body.id}`)).size).to.equal(1)
      expect(await countBookings()).to.equal(before + 1)
    })

    it('is known to every process on the same database', async () => {
      const runtime = openRuntime(w.runtime.config, w.clock, w.runtime.log)
      await whenReady(runtime.redis)
      const second = await startApi(runtime)
      const key = randomUUID()
      const first = await employee.post('/bookings', TRIP, { 'idempotency-key': key })
      const again = await caller(`http://127.0.0.1:${second.port}`, employee.accessToken).post(
        '/bookings',
        TRIP,
        { 'idempotency-key': key },
      )
      expect([again.status, again.body.id, again.headers.get('idempotency-replayed')]).to.deep.equal([
        201,
        first.body.id,
        'true',
      ])
      await second.close()
      await runtime.close()
    })

    it('needs a key of visible characters', async () => {
      expect(problemsIn(await employee.post('/bookings', TRIP, { 'idempotency-key': 'a b' }))).to.deep.equal([
        '/headers/idempotency-key must be 1 to 200 visible characters',
      ])
    })

    it('is remembered for a day', async () => {
      const key = randomUUID()
      const first = await employee.post('/bookings', TRIP, { 'idempotency-key': key })
      w.clock.moveTo(plusMs(w.clock.now(), DAY))
      expect((await employee.post('/bookings', TRIP, { 'idempotency-key': key })).body.id).to.equal(
        first.body.id,
      )
      w.clock.moveTo(plusMs(w.clock.now(), 1))
      expect((await employee.post('/bookings', TRIP, { 'idempotency-key': key })).body.id).not.to.equal(
        first.body.id,
      )
    })
  })

  describe('the id of a request', () => {
    it('is answered as it was given, and goes with what the request caused', async () => {
      const reply = await employee.post('/bookings', TRIP, { 'x-request-id': 'order-4711' })
      expect(reply.headers.get('x-request-id')).to.equal('order-4711')
      await w.runtime.outbox.settled()
      const job = await w.runtime.db('jobs').where({ requestId: 'order-4711' }).first()
      expect(job.name).to.equal('approvals.route')
      expect((await w.runtime.queues.get('approvals').getJob(job.id))?.data.requestId).to.equal('order-4711')
      expect(
        await w.runtime.db('audit_log').where({ requestId: 'order-4711', entityId: reply.body.id }),
      ).to.have.length(1)
    })

    for (const given of [undefined, 'with blanks', 'x'.repeat(101), '<script>']) {
      it(`is made when ${given ? `"${given.slice(0, 20)}" is no id` : 'none is given'}`, async () => {
        const { headers } = await employee.get('/auth/me', given ? { 'x-request-id': given } : {})
        expect(headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/)
      })
    }
  })
})
