// A flood does not fill a mailbox: above a ceiling an hour's mails become one, and nothing of them is lost.

import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { deliveriesBy, explained, tell } from '../support/deliveries.ts'
import { aMailPeer, type MailPeer } from '../support/mail-peer.ts'
import { aWorld, type Person, type World } from '../support/world.ts'
import type { Priority } from '../../shared/notifications/schema.ts'
import { NOTIFICATION_ROWS, type NotificationRow } from '../../shared/notifications/table/notifications.ts'
import {
  DELIVERY_COLUMNS,
  DELIVERY_ROWS,
  type DeliveryRow,
} from '../../shared/notifications/table/deliveries.ts'

const CEILING = 3

describe('too many mails to one person', () => {
  let w: World
  let client: MailPeer
  let employee: Person
  beforeEach(async () => {
    client = await aMailPeer()
    w = await aWorld({
      with: ['api', 'workers'],
      env: { SMTP_URL: client.url, MAIL_FROM: 'no-reply@bellhop.test', MAILS_PER_HOUR: String(CEILING) },
    })
    employee = await w.as('employee')
  })
  afterEach(async () => {
    await w.end()
    await client.close()
  })

  const subjects = (): string[] => client.mails.map(({ headers }) => headers['subject'] ?? '')
  const last = () => client.mails.at(-1)

  async function tellOften(times: number, priority: Priority = 'high'): Promise<string[]> {
    const ids: string[] = []
    for (let i = 0; i < times; i += 1) ids.push(await tell(w, 'employee', priority))
    await w.settle()
    return ids
  }

  /** As if so many more had been told. */
  async function holdMore(times: number): Promise<void> {
    const { db } = w.runtime
    const held: DeliveryRow = await db('deliveries')
      .where({ reason: 'many_mails' })
      .first(...DELIVERY_COLUMNS, 'createdAt', 'updatedAt')
    const told: NotificationRow = await db('notifications').where({ id: held.notificationId }).first()
    await w.change(async (change) => {
      for (let i = 0; i < times; i += 1) {
        const id = randomUUID()
        change.addRow(NOTIFICATION_ROWS, { ...told, id })
        change.addRow(DELIVERY_ROWS, { ...held, id: randomUUID(), notificationId: id })
      }
    })
  }

  it('sends so many an hour alone, and one at its end that lists the others', async () => {
    const ids = await tellOften(CEILING + 6)
    expect(client.mails).to.have.length(CEILING)
    const held = (await deliveriesBy(w, 'EMAIL')).filter(({ reason }) => reason === 'many_mails')
    expect(held).to.have.length(6)
    const [first, read] = held.map(({ notificationId }) => notificationId ?? '')
    expect(await explained(employee, first ?? '', 'EMAIL')).to.match(
      /^Thư điện tử: chưa gửi: đã có nhiều thư trong giờ này, nên chờ thư tổng hợp lúc 10:00 3 thg 3/,
    )
    await employee.patch(`/notifications/${read}/read`)
    await w.advance('1 hour')
    expect(subjects().slice(CEILING)).to.deep.equal(['5 thông báo từ Bellhop Demo'])
    expect(last()?.text.match(/Xe sắp đến/g)).to.have.length(5)
    expect(last()?.html.match(/Xe sắp đến/g)).to.have.length(5)
    expect(last()?.text).to.include('/unsubscribe?kind=booking&')
    const ends = (await deliveriesBy(w, 'EMAIL')).filter(({ notificationId }) =>
      ids.includes(notificationId ?? ''),
    )
    expect(ends.filter(({ status }) => status === 'SENT')).to.have.length(ids.length - 1)
    expect(ends.find(({ notificationId }) => notificationId === read)).to.include({
      status: 'SKIPPED',
      reason: 'already_read',
    })
    expect(
      ends.filter(
        ({ providerResponse }) => providerResponse?.['messageId'] === last()?.headers['message-id'],
      ),
    ).to.have.length(5)
    expect(await explained(employee, first ?? '', 'EMAIL')).to.match(/^Thư điện tử: đã gửi lúc 10:00/)
    expect(await w.runtime.db('jobs').where({ name: 'mail.deliver' })).to.deep.equal([])
  })

  it('begins anew with the hour, for each person by themselves', async () => {
    await tellOften(CEILING + 1)
    await tell(w, 'manager')
    await w.settle()
    expect(client.mails).to.have.length(CEILING + 1)
    await w.advance('1 hour')
    expect(client.mails).to.have.length(CEILING + 2)
    await tellOften(CEILING)
    expect(client.mails).to.have.length(CEILING * 2 + 2)
  })

  it('lets what is urgent go alone three times as long, and then it waits as well', async () => {
    await tellOften(CEILING + 1)
    await tellOften(2 * CEILING + 2, 'urgent')
    expect(client.mails).to.have.length(3 * CEILING)
    await w.advance('1 hour')
    expect(subjects().slice(3 * CEILING)).to.deep.equal(['3 thông báo từ Bellhop Demo'])
  })

  it('leaves out what was turned off while it waited', async () => {
    await tellOften(CEILING + 2)
    await employee.put('/notifications/preferences', {
      choices: [{ category: 'booking', channel: 'EMAIL', isOn: false }],
    })
    await w.advance('1 hour')
    expect(client.mails).to.have.length(CEILING)
    expect(
      (await deliveriesBy(w, 'EMAIL')).map(({ status, reason }) => `${status} ${reason}`).toSorted(),
    ).to.deep.equal([
      'SENT null',
      'SENT null',
      'SENT null',
      'SKIPPED nothing_left',
      'SKIPPED turned_off',
      'SKIPPED turned_off',
    ])
  })

  it('lists a hundred, and says how many more there are', async () => {
    await tellOften(CEILING + 1)
    await holdMore(102)
    await w.advance('1 hour')
    expect(subjects().slice(CEILING)).to.deep.equal(['103 thông báo từ Bellhop Demo'])
    expect(last()?.text).to.include('Và 3 thông báo khác, xem trong ứng dụng.')
    expect(last()?.text.match(/Xe sắp đến/g)).to.have.length(100)
    expect((await deliveriesBy(w, 'EMAIL')).every(({ status }) => status === 'SENT')).to.equal(true)
  })

  it('joins no mail that is on its way: the next one takes it along', async () => {
    await tellOften(CEILING + 1)
    await w.runtime.db('deliveries').whereNotNull('digestAt').update({ attempts: 1 })
    await tellOften(1)
    const digests = (await deliveriesBy(w, 'EMAIL'))
      .filter(({ digestAt }) => digestAt !== null)
      .map(({ digestAt }) => digestAt?.toISOString())
      .toSorted()
    expect(digests).to.deep.equal(['2031-03-03T03:00:00.000Z', '2031-03-03T04:00:00.000Z'])
  })
})
