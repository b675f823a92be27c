// A person's wishes: quiet hours, snooze, choices, and one mail a day for what can wait.

import { expect } from 'chai'
import { deliveriesBy, deliveryBy, explained, tell } from '../support/deliveries.ts'
import { aMailPeer, type MailPeer } from '../support/mail-peer.ts'
import { carryOut } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'
import { expireNotificationsJob } from '../../shared/notifications/jobs.ts'
import { plusMs, DAY } from '../../shared/kit/time/time.ts'

describe('telling people in peace', () => {
  let w: World
  let client: MailPeer
  let employee: Person
  beforeEach(async () => {
    client = await aMailPeer()
    w = await aWorld({
      with: ['api', 'workers'],
      env: { SMTP_URL: client.url, MAIL_FROM: 'no-reply@bellhop.test', NOTIFICATION_RETENTION: '30d' },
    })
    employee = await w.as('employee')
  })
  afterEach(async () => {
    await w.end()
    await client.close()
  })

  const wish = async (preferences: object): Promise<void> =>
    void expect((await employee.put('/notifications/preferences', preferences)).status).to.equal(200)
  const subjects = (): string[] => client.mails.map(({ headers }) => headers['subject'] ?? '')

  it('keeps mails for the morning in quiet hours; what is urgent comes at once', async () => {
    await wish({ quietHours: { from: '22:00', until: '07:00' } })
    await w.advance('14 hours')
    const id = await tell(w, 'employee', 'high')
    await w.settle()
    expect(client.mails).to.deep.equal([])
    expect(await explained(employee, id, 'EMAIL')).to.match(
      /^Thư điện tử: chưa gửi: giờ yên tĩnh đến 07:00 4 thg 3/,
    )
    expect(await explained(employee, id, 'IN_APP')).to.match(/^Trong ứng dụng: đã gửi/)
    await w.advance('7 hours')
    expect(client.mails).to.deep.equal([])
    await w.advance('1 hour')
    expect(client.mails).to.have.length(1)
  })

  it('asks again when the time has come: who snoozed meanwhile sleeps on, who turned it off hears nothing', async () => {
    await wish({ quietHours: { from: '08:00', until: '10:00' } })
    await tell(w, 'employee', 'high')
    await w.settle()
    await wish({ snoozeUntil: '2031-03-03T08:00:00Z' })
    await w.advance('1 hour')
    expect(await deliveryBy(w, 'EMAIL')).to.deep.include({
      status: 'PENDING',
      reason: 'snoozed',
      attempts: 0,
      nextAttemptAt: new Date('2031-03-03T08:00:00Z'),
    })
    await wish({ choices: [{ category: 'booking', channel: 'EMAIL', isOn: false }] })
    await w.advance('1 day')
    expect(await deliveryBy(w, 'EMAIL')).to.include({ status: 'SKIPPED', reason: 'turned_off' })
    expect(client.mails).to.deep.equal([])
  })

  it('gathers what can wait in one mail a day, sent once', async () => {
    await wish({ digestAt: '18:00' })
    const [read] = [
      await tell(w, 'employee', 'low'),
      await tell(w, 'employee', 'low'),
      await tell(w, 'employee', 'low'),
      await tell(w, 'employee', 'high'),
    ]
    await w.settle()
    expect(subjects()).to.deep.equal(['Xe sắp đến: DEMO-1'])
    expect(await explained(employee, read ?? '', 'EMAIL')).to.match(/chờ thư tổng hợp lúc 18:00 3 thg 3/)
    await employee.patch(`/notifications/${read}/read`)
    await w.advance('9 hours')
    expect(subjects()).to.deep.equal(['Xe sắp đến: DEMO-1', '2 thông báo từ Bellhop Demo'])
    const unsubscribe = /\/unsubscribe\?kind=digest&link=[\w.-]+/.exec(client.mails[1]?.text ?? '')?.[0] ?? ''
    expect((await fetch(w.url + unsubscribe)).status).to.equal(200)
    expect(client.mails[1]?.text.match(/Chuyến đi đã bắt đầu/g)).to.have.length(2)
    const ends = (await deliveriesBy(w, 'EMAIL')).map(({ status, reason, attempts, digestAt }) => [
      digestAt ? 'digest' : 'one',
      status,
      reason,
      attempts,
    ])
    expect(ends).to.have.deep.members([
      ['digest', 'SENT', null, 1],
      ['one', 'SKIPPED', 'already_read', 0],
      ['one', 'SENT', null, 1],
      ['one', 'SENT', null, 1],
      ['one', 'SENT', null, 1],
    ])

    await tell(w, 'employee', 'low')
    await w.advance('1 day')
    expect(subjects()).to.deep.equal([
      'Xe sắp đến: DEMO-1',
      '2 thông báo từ Bellhop Demo',
      '1 thông báo từ Bellhop Demo',
    ])
    expect((await fetch(w.url + unsubscribe, { method: 'POST' })).status).to.equal(200)
    await tell(w, 'employee', 'low')
    await w.advance('3 days')
    expect(client.mails).to.have.length(3)
  })

  it('sends no digest of which everything was read, and tries one again that was refused', async () => {
    await wish({ digestAt: '18:00' })
    await tell(w, 'employee', 'low')
    await employee.post('/notifications/read-all')
    await w.advance('10 hours')
    expect(
      (await deliveriesBy(w, 'EMAIL')).map(({ status, reason }) => [status, reason]),
    ).to.have.deep.members([
      ['SKIPPED', 'nothing_left'],
      ['SKIPPED', 'already_read'],
    ])
    client.mood = 'later'
    const id = await tell(w, 'employee', 'low')
    await w.advance('1 day')
    expect(client.mails).to.deep.equal([])
    client.mood = 'kind'
    await w.advance('7 hours')
    expect(subjects()).to.deep.equal(['1 thông báo từ Bellhop Demo'])
    expect(await explained(employee, id, 'EMAIL')).to.match(/đã gửi lúc .* ở lần thử \d+$/)
  })

  it('keeps what was told for as long as the setting says', async () => {
    await wish({ digestAt: '18:00' })
    await tell(w, 'employee', 'low')
    await w.advance('1 day')
    const kept = await tell(w, 'employee', 'high')
    await w.settle()
    w.clock.moveTo(plusMs(w.clock.now(), 30 * DAY - 1))
    for (const _ of ['once', 'twice']) await carryOut(w, expireNotificationsJob.name, {})
    expect(await w.runtime.db('notifications').pluck('id')).to.deep.equal([kept])
    expect(new Set(await w.runtime.db('deliveries').pluck('notification_id'))).to.deep.equal(new Set([kept]))
    w.clock.moveTo(plusMs(w.clock.now(), 365 * DAY))
    await carryOut(w, expireNotificationsJob.name, {})
    expect([await w.runtime.db('notifications'), await w.runtime.db('deliveries')]).to.deep.equal([[], []])
  })
})
