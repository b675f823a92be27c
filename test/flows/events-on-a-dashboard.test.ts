import { expect } from 'chai'
import { caller } from '../support/client.ts'
import type { Name } from '../support/people.ts'
import { Clients, TRANSPORTS, type SocketioPerson } from '../support/socketio.ts'
import { aWorld, type World } from '../support/world.ts'

describe('what another program tells, on the business dashboards that are open', () => {
  let w: World
  let clients: Clients
  before(async () => {
    w = await aWorld()
    clients = new Clients(w.url)
  })
  afterEach(() => clients.leave())
  after(() => w.end())

  for (const transports of TRANSPORTS) {
    it(`is heard by its own name, once on each, and by the staff only, over ${transports.join()}`, async () => {
      const open = async (name: Name): Promise<SocketioPerson> =>
        clients.as(await w.as(name), '/realtime', transports)
      const [admin, staff, customer, foreign] = await Promise.all([
        open('admin'),
        open('staff'),
        open('customer'),
        open('foreignAdmin'),
      ])
      const {
        body: { key },
      } = await (await w.as('admin')).post('/api-keys', { name: 'Cổng thanh toán' })
      const program = caller(w.url, key)
      const payment = { id: 'p1', amount: 250_000, method: 'momo', clientName: 'Lan' }
      await program.post('/api/events', {
        id: `${transports}-1`,
        type: 'payment.received',
        payload: { businessId: 'b', payment },
      })
      const booking = { clientName: 'Lan', service: 'Gội đầu', date: '2031-03-10', time: '14:30' }
      await program.post('/api/events', {
        id: `${transports}-2`,
        type: 'booking.created',
        payload: { booking },
      })

      expect(await admin.hears('payment.received')).to.deep.include({
        businessId: 'b',
        payment,
        title: 'Payment received',
        priority: 'medium',
      })
      expect((await staff.hears('payment.received')).message).to.match(/^250\.000\s₫, Lan$/)
      expect(await staff.hears('booking.created')).to.deep.include({
        booking,
        message: 'Lan, Gội đầu, ngày 10 thg 3, 2031 lúc 14:30.',
      })
      expect(await admin.hears('notification:new', ({ event }) => event === 'PAYMENT_RECEIVED')).to.include({
        type: 'payment',
      })
      await program.post('/api/events', {
        id: `${transports}-3`,
        type: 'system.alert',
        payload: { alert: { title: 'Hết', message: 'Xong rồi' } },
      })
      for (const each of [admin, staff]) {
        await each.hears('system.alert')
        expect(
          ['payment.received', 'booking.created', 'system.alert'].map((name) => each.all(name).length),
        ).to.deep.equal([1, 1, 1])
      }
      for (const each of [customer, foreign])
        expect(each.heard.map(({ name }) => name).filter((name) => /[.:]/.test(name))).to.deep.equal([])
    })
  }
})
