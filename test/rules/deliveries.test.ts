import { expect } from 'chai'
import { nextTimeOfDay } from '../../shared/kit/time/calendar.ts'
import { explainDelivery } from '../../shared/notifications/explanation.ts'
import {
  mailCeiling,
  NO_PREFERENCES,
  pauseAfter,
  planDeliveries,
  planPersonal,
  type Audience,
  type NotificationContext,
} from '../../shared/notifications/rules.ts'
import {
  CHANNELS,
  DELIVERY_STATUSES,
  LINKED_PAGES,
  PRIORITIES,
  REASONS,
  type Channel,
  type Delivery,
  type Preferences,
} from '../../shared/notifications/schema.ts'
import {
  CHANNEL_NAMES,
  LINKS,
  MAIL,
  REASON_TEXTS,
  wordIn,
  STATUS_TEXTS,
} from '../../shared/notifications/wording.ts'
import { LOCALES } from '../../shared/organisations/schema.ts'

const ZONE = 'Asia/Ho_Chi_Minh'
const MORNING = new Date('2031-03-03T02:00:00Z')
const NIGHT = new Date('2031-03-03T16:30:00Z')

const occasion = (more: Partial<NotificationContext> = {}): NotificationContext => ({
  category: 'booking',
  priority: 'medium',
  isRead: false,
  isDeleted: false,
  ...more,
})

function audience(preferences: Partial<Preferences> = {}, more: Partial<Audience> = {}): Audience {
  return {
    isActive: true,
    hasPhone: true,
    hasAddress: true,
    timezone: ZONE,
    preferences: { ...NO_PREFERENCES, ...preferences },
    subscriptions: ['phone', 'laptop'],
    webhooks: [
      { id: 'sms', channel: 'SMS', categories: null, isDisabled: false },
      { id: 'hook', channel: 'WEBHOOK', categories: null, isDisabled: false },
    ],
    ...more,
  }
}

const EQUIPPED = { canMail: true, canPush: true }

describe('which ways a notification goes', () => {
  const waysOf = (
    about: NotificationContext,
    to = audience(),
    equipment = EQUIPPED,
    now = MORNING,
  ): string[] =>
    planDeliveries(about, to, equipment, now)
      .filter(({ skip }) => !skip)
      .map(({ channel, targetId }) => (targetId ? `${channel} ${targetId}` : channel))

  const defaults: readonly [Partial<NotificationContext>, string[]][] = [
    [{ priority: 'low' }, ['IN_APP', 'WEBHOOK hook']],
    [{ priority: 'medium' }, ['IN_APP', 'APP_PUSH phone', 'APP_PUSH laptop', 'WEBHOOK hook']],
    [{ priority: 'high' }, ['IN_APP', 'EMAIL', 'APP_PUSH phone', 'APP_PUSH laptop', 'WEBHOOK hook']],
    [{ priority: 'high', category: 'chat' }, ['IN_APP', 'APP_PUSH phone', 'APP_PUSH laptop', 'WEBHOOK hook']],
    [
      { priority: 'urgent' },
      ['IN_APP', 'EMAIL', 'APP_PUSH phone', 'APP_PUSH laptop', 'WEBHOOK hook', 'SMS sms'],
    ],
    [{ priority: 'low', category: 'approval' }, ['IN_APP', 'EMAIL', 'WEBHOOK hook']],
  ]
  for (const [about, ways] of defaults)
    it(`by default, ${about.category ?? 'booking'} of ${about.priority} priority: ${ways.join(', ')}`, () =>
      expect(waysOf(occasion(about))).to.deep.equal(ways))

  it('has an answer for every channel, taken or not', () => {
    for (const priority of PRIORITIES)
      expect(
        new Set(
          planDeliveries(occasion({ priority }), audience(), EQUIPPED, MORNING).map(({ channel }) => channel),
        ),
      ).to.deep.equal(new Set(CHANNELS))
  })

  const reasonOf = (
    channel: Channel,
    to: Audience,
    about = occasion({ priority: 'urgent' }),
    equipment = EQUIPPED,
  ) => planDeliveries(about, to, equipment, MORNING).find((each) => each.channel === channel)?.skip
  const missing: readonly [Channel, Audience, string, { canMail: boolean; canPush: boolean }?][] = [
    ['EMAIL', audience(), 'no_mail_server', { canMail: false, canPush: true }],
    ['EMAIL', audience({}, { hasAddress: false }), 'no_address'],
    ['APP_PUSH', audience(), 'no_push_keys', { canMail: true, canPush: false }],
    ['APP_PUSH', audience({}, { subscriptions: [] }), 'no_subscription'],
    ['WEBHOOK', audience({}, { webhooks: [] }), 'no_webhook'],
    ['SMS', audience({}, { webhooks: [] }), 'no_gateway'],
    ['SMS', audience({}, { hasPhone: false }), 'no_phone'],
    ['AUTO_CALL', audience(), 'no_gateway'],
    [
      'SMS',
      audience({}, { webhooks: [{ id: 'x', channel: 'SMS', categories: null, isDisabled: true }] }),
      'webhook_disabled',
    ],
    ['EMAIL', audience({}, { isActive: false }), 'left'],
  ]
  for (const [channel, to, reason, equipment] of missing)
    it(`skips ${channel}: ${reason}`, () =>
      expect(reasonOf(channel, to, undefined, equipment)).to.equal(reason))

  it('follows a choice against the default, both ways', () => {
    const choices = [
      { category: 'booking', channel: 'EMAIL', isOn: true },
      { category: 'booking', channel: 'APP_PUSH', isOn: false },
      { category: 'approval', channel: 'IN_APP', isOn: false },
    ] as const
    expect(waysOf(occasion(), audience({ choices: [...choices] }))).to.deep.equal([
      'IN_APP',
      'EMAIL',
      'WEBHOOK hook',
    ])
    expect(reasonOf('APP_PUSH', audience({ choices: [...choices] }))).to.equal('turned_off')
    expect(waysOf(occasion({ category: 'approval' }), audience({ choices: [...choices] }))).not.to.include(
      'IN_APP',
    )
  })

  it('lets what is urgent or asks for a decision pass the ceiling of mails, up to three times as many', () => {
    const ceilings = PRIORITIES.map((priority) => [
      mailCeiling(20, { priority, asksForDecision: false }),
      mailCeiling(20, { priority, asksForDecision: true }),
    ])
    expect(ceilings).to.deep.equal([
      [20, 60],
      [20, 60],
      [20, 60],
      [60, 60],
    ])
  })

  it('leaves in peace whoever has read it', () => {
    expect(
      planPersonal('EMAIL', occasion({ priority: 'urgent', isRead: true }), audience(), undefined, MORNING),
    ).to.deep.equal({ skip: 'already_read' })
    expect(planPersonal('IN_APP', occasion({ isRead: true }), audience(), undefined, MORNING)).to.deep.equal(
      {},
    )
  })
})

describe('quiet hours, snooze and digest', () => {
  const quietHours = { from: '22:00', until: '07:00' }
  const planAt = (
    now: Date,
    preferences: Partial<Preferences>,
    about: Partial<NotificationContext> = { priority: 'high' },
  ) => planPersonal('EMAIL', occasion(about), audience(preferences), undefined, now)

  it('hold until the morning what comes in the night, before and after midnight', () => {
    expect(planAt(NIGHT, { quietHours })).to.deep.equal({
      reason: 'quiet_hours',
      notBefore: new Date('2031-03-04T00:00:00Z'),
    })
    expect(planAt(new Date('2031-03-03T23:59:59Z'), { quietHours })).to.deep.equal({
      reason: 'quiet_hours',
      notBefore: new Date('2031-03-04T00:00:00Z'),
    })
  })

  it('begin and end to the minute', () => {
    expect(planAt(new Date('2031-03-03T14:59:59Z'), { quietHours })).to.deep.equal({})
    expect(planAt(new Date('2031-03-03T15:00:00Z'), { quietHours }).reason).to.equal('quiet_hours')
    expect(planAt(new Date('2031-03-04T00:00:00Z'), { quietHours })).to.deep.equal({})
  })

  it("are those of the person's own zone when they name one", () => {
    const berlin = { quietHours: { ...quietHours, timezone: 'Europe/Berlin' } }
    expect(planAt(new Date('2031-03-03T04:00:00Z'), berlin)).to.deep.equal({
      reason: 'quiet_hours',
      notBefore: new Date('2031-03-03T06:00:00Z'),
    })
    expect(planAt(NIGHT, berlin)).to.deep.equal({})
  })

  it("end at the clock's seven on the nights when it is changed", () => {
    const berlin = { quietHours: { ...quietHours, timezone: 'Europe/Berlin' } }
    expect(planAt(new Date('2031-03-29T22:00:00Z'), berlin).notBefore).to.deep.equal(
      new Date('2031-03-30T05:00:00Z'),
    )
    expect(planAt(new Date('2031-10-25T21:00:00Z'), berlin).notBefore).to.deep.equal(
      new Date('2031-10-26T06:00:00Z'),
    )
  })

  it('within one day are those of that day only', () => {
    const nap = { quietHours: { from: '12:00', until: '14:00' } }
    expect(planAt(new Date('2031-03-03T05:30:00Z'), nap).notBefore).to.deep.equal(
      new Date('2031-03-03T07:00:00Z'),
    )
    expect(planAt(NIGHT, nap)).to.deep.equal({})
  })

  it('let through what is urgent, and what only shows in the app', () => {
    const all = { quietHours, snoozeUntil: new Date('2031-04-01T00:00:00Z') }
    expect(planAt(NIGHT, all, { priority: 'urgent' })).to.deep.equal({})
    expect(planPersonal('IN_APP', occasion(), audience(all), undefined, NIGHT)).to.deep.equal({})
  })

  it('wait for the end of the snooze first', () => {
    const snoozeUntil = new Date('2031-03-05T00:00:00Z')
    expect(planAt(NIGHT, { quietHours, snoozeUntil })).to.deep.equal({
      reason: 'snoozed',
      notBefore: snoozeUntil,
    })
    expect(planAt(snoozeUntil, { snoozeUntil })).to.deep.equal({})
  })

  it("gather what is of low priority for the person's hour, unless mail about it is turned off", () => {
    expect(planAt(MORNING, { digestAt: '18:00' }, { priority: 'low' })).to.deep.equal({
      reason: 'digest',
      notBefore: new Date('2031-03-03T11:00:00Z'),
    })
    expect(
      planAt(new Date('2031-03-03T11:00:00Z'), { digestAt: '18:00' }, { priority: 'low' }).notBefore,
    ).to.deep.equal(new Date('2031-03-04T11:00:00Z'))
    expect(planAt(MORNING, { digestAt: '18:00' }, { priority: 'high' })).to.deep.equal({})
    expect(
      planAt(
        MORNING,
        { digestAt: '18:00', choices: [{ category: 'booking', channel: 'EMAIL', isOn: false }] },
        { priority: 'low' },
      ),
    ).to.deep.equal({ skip: 'turned_off' })
  })
})

describe('the next time of a day', () => {
  it('that is left out when the clocks are put forward is that moment', () =>
    expect(nextTimeOfDay('Europe/Berlin', '02:30', new Date('2031-03-29T12:00:00Z'))).to.deep.equal(
      new Date('2031-03-30T01:00:00Z'),
    ))

  it('that comes twice is the first, once', () => {
    const first = nextTimeOfDay('Europe/Berlin', '02:30', new Date('2031-10-25T12:00:00Z'))
    expect(first).to.deep.equal(new Date('2031-10-26T00:30:00Z'))
    expect(nextTimeOfDay('Europe/Berlin', '02:30', first)).to.deep.equal(new Date('2031-10-27T01:30:00Z'))
  })

  it('comes within a day and two hours, always, everywhere', () => {
    for (const zone of [
      ZONE,
      'Europe/Berlin',
      'America/New_York',
      'Pacific/Apia',
      'Asia/Kathmandu',
      'Australia/Lord_Howe',
    ]) {
      for (let hour = 0; hour < 24 * 366; hour += 7) {
        const after = new Date(Date.UTC(2031, 0, 1, hour))
        expect(
          nextTimeOfDay(zone, '02:15', after).getTime() - after.getTime(),
          `${zone} after ${after.toISOString()}`,
        ).to.be.within(1, 26 * 3_600_000)
      }
    }
  })
})

describe('attempts', () => {
  const sumOf = (chance: number): number =>
    Array.from({ length: 9 }, (_, n) => pauseAfter(n + 1, 30_000, chance)).reduce((a, b) => a + b) / 3_600_000

  it('ten of them take about a day', () =>
    expect([sumOf(0), sumOf(1)].map(Math.round)).to.deep.equal([17, 25]))
  it('pauses grow, and spread', () =>
    expect([
      pauseAfter(1, 30_000, 0.5),
      pauseAfter(2, 30_000, 0.5),
      pauseAfter(9, 30_000, 0.5),
      pauseAfter(1, 30_000, 0),
    ]).to.deep.equal([30_000, 90_000, 21_600_000, 24_000]))
  it('wait as long as they are asked to, a day at most', () =>
    expect([pauseAfter(1, 30_000, 0.5, 120_000), pauseAfter(1, 30_000, 0.5, 1e12)]).to.deep.equal([
      120_000, 86_400_000,
    ]))
})

describe('what a delivery says of itself', () => {
  const delivery = (more: Partial<Delivery>): Delivery => ({
    id: 'x',
    notificationId: 'y',
    channel: 'EMAIL',
    targetId: null,
    status: 'PENDING',
    attempts: 0,
    reason: null,
    lastError: null,
    nextAttemptAt: null,
    providerResponse: null,
    createdAt: MORNING,
    updatedAt: MORNING,
    ...more,
  })
  const until = new Date('2031-03-04T00:00:00Z')
  const cases: readonly [Partial<Delivery>, string, string][] = [
    [{}, 'Mail: on its way', 'Thư điện tử: đang được gửi'],
    [
      { reason: 'quiet_hours', nextAttemptAt: until },
      'Mail: not sent: quiet hours until 4 Mar 2031, 07:00',
      'Thư điện tử: chưa gửi: giờ yên tĩnh đến 07:00 4 thg 3, 2031',
    ],
    [
      { attempts: 2, lastError: '500', nextAttemptAt: until },
      'Mail: attempt 2 failed (500); the next one is at 4 Mar 2031, 07:00',
      'Thư điện tử: lần thử 2 không thành (500); thử lại lúc 07:00 4 thg 3, 2031',
    ],
    [
      { status: 'SENT', attempts: 1 },
      'Mail: sent at 3 Mar 2031, 09:00',
      'Thư điện tử: đã gửi lúc 09:00 3 thg 3, 2031',
    ],
    [
      { status: 'FAILED', attempts: 10, lastError: 'x{y}' },
      'Mail: given up after 10 attempts: x{y}',
      'Thư điện tử: bỏ cuộc sau 10 lần thử: x{y}',
    ],
    [
      { status: 'SKIPPED', reason: 'no_mail_server' },
      'Mail: not sent: no mail server is configured',
      'Thư điện tử: không gửi: chưa cấu hình máy chủ thư',
    ],
  ]
  for (const [more, en, vi] of cases) {
    it(en, () =>
      expect(
        LOCALES.map((locale) => explainDelivery(delivery(more), { locale, timezone: ZONE })),
      ).to.deep.equal([vi, en]),
    )
  }

  it('has words in every language for every channel, status, reason and page', () => {
    const texts = [
      ...CHANNELS.map((each) => CHANNEL_NAMES[each]),
      ...REASONS.map((each) => REASON_TEXTS[each]),
      ...DELIVERY_STATUSES.map((each) => STATUS_TEXTS[each]),
      ...Object.values(MAIL),
      ...LINKED_PAGES.flatMap((each) => [LINKS[each].label, LINKS[each].note]),
    ]
    const parameters = {
      reason: 'x',
      until: 'x',
      at: 'x',
      attempts: 2,
      error: 'x',
      name: 'x',
      org: 'x',
      count: 2,
    }
    for (const text of texts)
      for (const locale of LOCALES)
        expect(wordIn(text[locale] ? text : { vi: '', en: '' }, locale, parameters))
          .to.match(/\S/)
          .and.not.match(/[{}]/)
  })
})
