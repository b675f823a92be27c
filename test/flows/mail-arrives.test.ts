// Notifications by mail, over SMTP to a server that is kind, hangs, asks to come back, or refuses.

import { expect } from 'chai'
import ical, { type VEvent } from 'node-ical'
import { recoverFailedJobs } from '../../workers/reconcile.ts'
import { caller } from '../support/client.ts'
import { deliveryBy, explained, tell } from '../support/deliveries.ts'
import { aMailPeer, type MailPeer } from '../support/mail-peer.ts'
import { TRIP } from '../support/people.ts'
import { ask, ringAgain } from '../support/story.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const SENDER = 'Bellhop <no-reply@bellhop.test>'

describe('a notification by mail', () => {
  let w: World
  let client: MailPeer
  let manager: Person
  beforeEach(async () => {
    client = await aMailPeer()
    w = await aWorld({
      with: ['api', 'workers'],
      env: {
        SMTP_URL: client.url,
        MAIL_FROM: SENDER,
        DELIVERY_TIMEOUT: '2s',
        PUBLIC_URL: 'https://bellhop.example/',
      },
    })
    manager = await w.as('manager')
  })
  afterEach(async () => {
    await w.end()
    await client.close()
  })

  it("arrives in the reader's language, as text and as HTML, and says so", async () => {
    const { bookingCode } = await ask(w, 'employee')
    await w.settle()
    const [mail] = client.mails
    expect(mail?.to).to.deep.equal(['manager@demo.test'])
    expect(mail?.headers).to.include({
      subject: `Chờ bạn duyệt: Nguyễn Thị Mai, 10 thg 3, 2031 (${bookingCode})`,
      from: SENDER,
      'auto-submitted': 'auto-generated',
    })
    for (const form of [mail?.text, mail?.html])
      expect(form)
        .to.include('Chào Lê Hoàng Nam,')
        .and.include('Nguyễn Thị Mai xin đặt chỗ DEMO-')
        .and.include('Giờ: 08:30 – 09:30')
        .and.include('Số người: 2')
        .and.include('Loại chuyến: Một chuyến')
        .and.include('Mục đích: Khách hàng ở Thủ Đức')
    const { id, status, attempts, providerResponse } = await deliveryBy(w, 'EMAIL')
    expect({ status, attempts, code: providerResponse?.['code'] }).to.deep.equal({
      status: 'SENT',
      attempts: 1,
      code: 250,
    })
    expect(mail?.headers['message-id']).to.equal(`<${id}@bellhop.test>`)
    const [{ id: told }] = (await manager.get('/notifications')).body
    expect(await explained(manager, told, 'EMAIL')).to.match(/^Thư điện tử: đã gửi lúc .*09:00/)
  })

  it('about a trip brings it for calendar programs, with its changes, and takes it back', async () => {
    const [staff, driver] = [await w.as('staff'), await w.as('driver')]
    for (const each of [manager, driver])
      await each.put('/notifications/preferences', {
        choices: [{ category: 'booking', channel: 'EMAIL', isOn: true }],
      })
    const { body: booking } = await manager.post('/bookings', TRIP)
    const { body: car } = await staff.post('/resources', { kind: 'VEHICLE', name: 'Xe 7' })
    const { body: assigned } = await staff.post(`/bookings/${booking.id}/assign`, {
      resourceId: car.id,
      driverId: driver.user.id,
    })
    await w.settle()
    await staff.post(`/bookings/${booking.id}/cancel`, { reason: 'WEATHER' })
    await w.settle()
    for (const email of ['manager@demo.test', 'driver@demo.test']) {
      const [invited, cancelled] = client.mails
        .filter(({ to, calendar }) => to[0] === email && calendar.text)
        .map(({ calendar }) => ({ ...calendar, event: eventIn(calendar.text) }))
      expect(invited?.type).to.include('method=REQUEST')
      expect(invited?.event).to.include({ uid: `${booking.id}@bellhop`, sequence: String(assigned.version) })
      expect(invited?.event?.start.toISOString()).to.equal(booking.startsAt)
      expect(invited?.text.replaceAll('\r\n ', ''))
        .to.include(`:mailto:${email}\r\n`)
        .and.match(/ORGANIZER;.*:mailto:no-reply@bellhop\.test/)
      expect(cancelled?.type).to.include('method=CANCEL')
      expect(cancelled?.event).to.include({ uid: `${booking.id}@bellhop`, status: 'CANCELLED' })
      expect(Number(cancelled?.event?.sequence)).to.be.above(assigned.version)
    }
  })

  it('about a trip that another driver takes over is struck from the calendar of the one and written into that of the other', async () => {
    const [staff, driver, admin] = [await w.as('staff'), await w.as('driver'), await w.as('admin')]
    const account = { email: 'lai-xe-moi@demo.test', password: 'mat-khau-rat-dai' }
    const { body: second } = await admin.post('/users', {
      ...account,
      fullName: 'Lái xe mới',
      role: 'DRIVER',
    })
    const { body: signedIn } = await w.anybody.post('/auth/login', account)
    for (const each of [driver, caller(w.url, signedIn.accessToken)])
      await each.put('/notifications/preferences', {
        choices: [{ category: 'booking', channel: 'EMAIL', isOn: true }],
      })
    const { body: booking } = await manager.post('/bookings', TRIP)
    const { body: car } = await staff.post('/resources', { kind: 'VEHICLE', name: 'Xe 7' })
    const given = { resourceId: car.id, driverId: driver.user.id }
    const { body: assigned } = await staff.post(`/bookings/${booking.id}/assign`, given)
    await w.settle()
    const change = { driverId: second.id, reason: 'Anh Tài bị ốm' }
    const { body: reassigned } = await staff.post(`/bookings/${booking.id}/reassign`, change)
    expect(reassigned.version).to.be.above(assigned.version)
    await w.settle()
    const sentTo = (email: string): unknown[] =>
      client.mails
        .filter(({ to, calendar }) => to[0] === email && calendar.text)
        .map(({ calendar }) => {
          const { uid, sequence, status } = eventIn(calendar.text) ?? {}
          return [/method=(\w+)/.exec(calendar.type)?.[1], uid, Number(sequence), status]
        })
    const uid = `${booking.id}@bellhop`
    expect(sentTo('driver@demo.test')).to.deep.equal([
      ['REQUEST', uid, assigned.version, 'CONFIRMED'],
      ['CANCEL', uid, reassigned.version, 'CANCELLED'],
    ])
    expect(sentTo(account.email)).to.deep.equal([['REQUEST', uid, reassigned.version, 'CONFIRMED']])
  })

  it('can be ended by a program with one click, and by a person with a button; opening the link ends nothing', async () => {
    await tell(w, 'manager')
    await w.settle()
    const [mail] = client.mails
    expect(mail?.headers['list-unsubscribe-post']).to.equal('List-Unsubscribe=One-Click')
    const link =
      /^<https:\/\/bellhop\.example(\/unsubscribe\?[^>]+)>$/.exec(
        mail?.headers['list-unsubscribe'] ?? '',
      )?.[1] ?? ''
    expect(mail?.text).to.include(link)
    expect(mail?.html).to.include(link.replace('&', '&amp;'))
    const open = async (path: string, method = 'GET') => {
      const response = await fetch(w.url + path, {
        method,
        ...(method === 'POST' && { body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) }),
      })
      return { status: response.status, text: await response.text() }
    }
    const choices = async () => (await manager.get('/notifications/preferences')).body.choices
    expect((await open(link)).text).to.include('Ngừng nhận thư loại này?')
    for (const wrong of [
      link.replace('kind=booking', 'kind=approval'),
      link.replace('kind=booking', 'kind=gossip'),
      `${link}x`,
      '/unsubscribe',
    ]) {
      for (const method of ['GET', 'POST'])
        expect((await open(wrong, method)).status, `${method} ${wrong}`).to.equal(404)
    }
    expect(await choices()).to.deep.equal([])
    for (const _ of ['once', 'twice'])
      expect((await open(link, 'POST')).text).to.include('Bạn sẽ không nhận thư loại này nữa.')
    expect(await choices()).to.deep.equal([{ category: 'booking', channel: 'EMAIL', isOn: false }])
    await tell(w, 'manager')
    const asked = await ask(w, 'employee')
    await w.settle()
    expect(client.mails.map(({ headers }) => headers['subject'])).to.deep.equal([
      'Xe sắp đến: DEMO-1',
      `Chờ bạn duyệt: Nguyễn Thị Mai, 10 thg 3, 2031 (${asked.bookingCode})`,
    ])
  })

  it('leads to what it is about, and one decides by the first button', async () => {
    const { id: bookingId } = await ask(w, 'employee')
    await w.settle()
    await tell(w, 'manager')
    await w.settle()
    const { id: approvalId } = await w.runtime.db('approvals').where({ subjectId: bookingId }).first('id')
    const linksIn = (html = ''): string[] =>
      [...html.matchAll(/<a href="([^"]+)"/g)].map(([, url = '']) => url.replace(/\?.*/, ''))
    expect(client.mails.map(({ html }) => linksIn(html))).to.deep.equal([
      ['https://bellhop.example/decisions', `https://bellhop.example/approvals/${approvalId}`],
      ['https://bellhop.example/'],
    ])
    for (const { text, html = '' } of client.mails)
      for (const url of linksIn(html)) expect(text).to.include(url)
  })

  it('writes what people wrote as text, whatever it looks like', async () => {
    await w.runtime
      .db('users')
      .where({ email: 'manager@demo.test' })
      .update({ fullName: '<b>"Nam" & Co</b>' })
    await tell(w, 'manager')
    await w.settle()
    expect(client.mails[0]?.html)
      .to.include('Chào &lt;b&gt;&quot;Nam&quot; &amp; Co&lt;/b&gt;,')
      .and.not.include('<b>')
    expect(client.mails[0]?.text).to.include('Chào <b>"Nam" & Co</b>,')
  })

  it('is tried again later when the server asks for it, and then arrives', async () => {
    client.mood = 'later'
    const id = await tell(w, 'manager')
    await w.settle()
    const failed = await deliveryBy(w, 'EMAIL')
    expect(failed).to.include({ status: 'PENDING', attempts: 1 })
    expect(failed.lastError).to.include('Try again later')
    expect(await explained(await w.as('admin'), id, 'EMAIL')).to.match(
      /^Thư điện tử: lần thử 1 không thành \(.*Try again later.*\); thử lại lúc .*09:00/,
    )
    client.mood = 'kind'
    await w.advance('1 minute')
    expect(await deliveryBy(w, 'EMAIL')).to.include({
      status: 'SENT',
      attempts: 2,
      lastError: null,
      nextAttemptAt: null,
    })
    expect(client.mails).to.have.length(1)
  })

  it('is given up at once when the server knows no such mailbox; others still arrive', async () => {
    client.mood = 'never'
    const id = await tell(w, 'manager')
    await w.settle()
    expect(await deliveryBy(w, 'EMAIL')).to.include({ status: 'FAILED', attempts: 1, nextAttemptAt: null })
    expect(await explained(manager, id, 'EMAIL'))
      .to.include('bỏ cuộc sau 1 lần thử')
      .and.not.include('No such mailbox')
    expect(await explained(await w.as('admin'), id, 'EMAIL')).to.include('No such mailbox')
    client.mood = 'kind'
    await tell(w, 'employee')
    await w.settle()
    expect(client.mails.map(({ to }) => to)).to.deep.equal([['employee@demo.test']])
  })

  it('is not held up by a server that hangs: what is in the app shows at once, and the mail comes when the server does', async () => {
    client.mood = 'hangs'
    await tell(w, 'manager')
    await until('it is shown in the app', async () => (await deliveryBy(w, 'IN_APP')).status === 'SENT')
    await w.settle()
    const waiting = await deliveryBy(w, 'EMAIL')
    expect(waiting).to.include({ status: 'PENDING', attempts: 1 })
    expect(waiting.lastError).to.be.oneOf(['no answer in time', 'Greeting never received'])
    client.mood = 'kind'
    await w.advance('1 minute')
    expect(await deliveryBy(w, 'EMAIL')).to.include({ status: 'SENT', attempts: 2 })
  })

  it('is given up after ten attempts over about a day, stands on the board, and is revived there', async () => {
    client.mood = 'later'
    const begun = w.clock.now()
    await tell(w, 'manager')
    await w.advance('2 days')
    const dead = await deliveryBy(w, 'EMAIL')
    expect(dead).to.include({ status: 'FAILED', attempts: 10 })
    const hours = (dead.updatedAt.getTime() - begun.getTime()) / 3_600_000
    expect(hours).to.be.within(16, 26)
    await until('the board shows it', async () => (await w.runtime.queues.get('mail').getFailedCount()) === 1)
    const [job] = await w.runtime.queues.get('mail').getFailed()
    // The board is another organisation's.
    expect(`${job?.failedReason}${job?.stacktrace?.join()}`)
      .to.not.include('Try again later')
      .and.not.include('node_modules')
    client.mood = 'kind'
    await job?.retry()
    await until('it is sent', async () => (await deliveryBy(w, 'EMAIL')).status === 'SENT')
    expect(await deliveryBy(w, 'EMAIL')).to.include({ attempts: 11, revivedAfter: 10 })
    await w.settle()
    expect(await w.runtime.db('jobs').where({ name: 'mail.deliver' })).to.deep.equal([])
  })

  it('is revived by the person, with its attempts counted anew, and leaves the board', async () => {
    client.mood = 'never'
    await tell(w, 'manager')
    await w.settle()
    await until('the board shows it', async () => (await w.runtime.queues.get('mail').getFailedCount()) === 1)
    const { id } = await deliveryBy(w, 'EMAIL')
    client.mood = 'later'
    const reply = await manager.post(`/notifications/deliveries/${id}/retry`)
    expect([reply.status, reply.body.status]).to.deep.equal([201, 'PENDING'])
    await w.settle()
    expect(await deliveryBy(w, 'EMAIL')).to.include({ status: 'PENDING', attempts: 2, revivedAfter: 1 })
    expect((await manager.post(`/notifications/deliveries/${id}/retry`)).status).to.equal(409)
    client.mood = 'kind'
    await w.advance('1 minute')
    expect(await deliveryBy(w, 'EMAIL')).to.include({ status: 'SENT', attempts: 3 })
    await recoverFailedJobs(w.runtime)
    expect(await w.runtime.queues.get('mail').getFailedCount()).to.equal(0)
  })

  it('goes once, however often its job rings', async () => {
    await tell(w, 'manager')
    await w.settle()
    expect(await ringAgain(w, 'mail.deliver')).to.equal(1)
    expect(client.mails).to.have.length(1)
  })

  it('stays at home when it was read before its next attempt', async () => {
    client.mood = 'later'
    const id = await tell(w, 'manager')
    await w.settle()
    await manager.patch(`/notifications/${id}/read`)
    client.mood = 'kind'
    await w.advance('1 hour')
    expect(await deliveryBy(w, 'EMAIL')).to.include({ status: 'SKIPPED', reason: 'already_read' })
    expect(client.mails).to.deep.equal([])
  })
})

describe('without a mail server', () => {
  it('mails are skipped, and say why; nothing fails', async () => {
    const w = await aWorld({ with: ['api', 'workers'] })
    const id = await tell(w, 'admin')
    await w.settle()
    expect(await deliveryBy(w, 'EMAIL')).to.include({
      status: 'SKIPPED',
      reason: 'no_mail_server',
      attempts: 0,
    })
    expect(await explained(await w.as('admin'), id, 'EMAIL')).to.equal(
      'Mail: not sent: no mail server is configured',
    )
    await w.end()
  })
})

function eventIn(calendar: string): VEvent | undefined {
  return Object.values(ical.sync.parseICS(calendar)).find((each): each is VEvent => each?.type === 'VEVENT')
}
