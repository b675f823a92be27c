// Every declared field of every route and every command, with values that nobody should send. FUZZ_SEED tries others.

import { expect } from 'chai'
import type { Route } from '../../api/http/route.ts'
import { declaredRoutes } from '../../api/routes/all.ts'
import { COMMAND_SHAPES } from '../../shared/protocol/frames.ts'
import { NAMESPACES } from '../../realtime/socketio/vocabulary/all.ts'
import { plusMs } from '../../shared/kit/time/time.ts'
import {
  diceOf,
  fieldsOf,
  hostileOf,
  HOSTILE_TEXTS,
  jsonOf,
  lostIn,
  NONSENSE,
  Raw,
  spoiled,
  valueOf,
  type Dice,
} from '../support/fuzz.ts'
import { Clients } from '../support/socketio.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_128)
/** Of each field. */
const TRIES = 3
const AT_ONCE = 8
/** They end the session that the others need, or send what is no JSON. */
const APART: readonly string[] = ['/auth/logout', '/auth/sessions/:id']
/** What is said in another way than it is kept: a secret, a text that becomes a thing. */
const RESPELLED =
  /\/(phone|userPhone|password|quickReplies\/\d+|permissions|since|at|createdAt|updatedAt|senderId|senderType|senderName|userId|backdated)$/

/** Whether a resource is in use is for its trips to say. */
const isRespelled = (field: string, { path }: Route): boolean =>
  RESPELLED.test(field) || (field === '/status' && path.startsWith('/resources'))

/** Its client cannot write what is too deep for it; the native frames have that. */
const sayable = (value: unknown): unknown => (value instanceof Raw ? null : value)

describe(`nonsense (FUZZ_SEED=${SEED})`, () => {
  let w: World
  let people: Person[]
  let ids: string[]
  const faults: string[] = []

  before(async () => {
    w = await aWorld({ with: ['api', 'realtime'], env: { RATE_LIMIT_PER_MINUTE: '1000000' } })
    people = await Promise.all(
      (['admin', 'staff', 'employee', 'customer'] as const).map((name) => w.as(name)),
    )
    ids = [
      ...(await w.runtime.db('resources').pluck('id')),
      ...(await w.runtime.db('faqs').pluck('id')),
      ...(await w.runtime.db('users').where({ email: 'sic@demo.test' }).pluck('id')),
    ]
    w.runtime.log.error = (about: unknown, text?: string) =>
      void faults.push(
        `${text}: ${about instanceof Error ? about.stack : JSON.stringify(about, (_, value: unknown) => (value instanceof Error ? value.stack : value))}`,
      )
  })
  after(() => w.end())
  afterEach('nothing of ours failed', () => expect(faults.splice(0).slice(0, 5).join('\n')).to.equal(''))

  const callerFor = (route: Route, dice: Dice): Person | undefined => {
    if (route.access === 'open') return undefined
    const { access } = route
    const able = Array.isArray(access) ? people.filter(({ user }) => access.includes(user.role)) : people
    return able.length > 0 ? dice.pick(able) : people[0]
  }

  interface Ask {
    route: Route
    person?: Person
    path: string
    body?: unknown
    sent?: unknown
    type?: string
  }

  async function ask({ route, person, path, body, sent, type = 'application/json' }: Ask): Promise<void> {
    const method = route.method.toUpperCase()
    const response = await fetch(w.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(person && { authorization: `Bearer ${person.accessToken}` }),
        ...(body !== undefined && { 'content-type': type }),
      },
      ...(body !== undefined && method !== 'GET' && { body: jsonOf(body) }),
    })
    const text = await response.text()
    const about =
      `${method} ${path.slice(0, 200)} ${body === undefined ? '' : jsonOf(body).slice(0, 300)} → ` +
      `${response.status} ${text.slice(0, 200)}`
    if (response.status >= 500) faults.push(about)
    if (
      response.status >= 400 &&
      !response.headers.get('content-type')?.startsWith('application/problem+json')
    )
      faults.push(`no problem: ${about}`)
    if (response.status >= 300 || sent === undefined || !text.startsWith('{')) return
    const lost = lostIn(sent, JSON.parse(text)).filter((each) => !isRespelled(each, route))
    if (lost.length > 0) faults.push(`${lost.join(', ')} reads back otherwise: ${about}`)
  }

  const encoded = (text: string): string =>
    encodeURIComponent(text.toWellFormed()).replaceAll('.', '%2E') || '%20'

  function pathOf(route: Route, dice: Dice, spoilt?: string): string {
    const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) =>
      encoded(name === spoilt ? dice.pick(HOSTILE_TEXTS) : dice.pick(ids)),
    )
    return dice.roll(4) ? path : `/api/v1${path}`
  }

  function asksOf(route: Route, dice: Dice): Ask[] {
    const { params, query, body } = route.schemas
    const asks: Ask[] = []
    const good = (): unknown => (body ? valueOf(body, dice, ids) : undefined)
    for (const [field] of fieldsOf(params))
      asks.push({ route, path: pathOf(route, dice, String(field)), body: good() })
    for (const [field] of fieldsOf(query)) {
      for (let n = 0; n < 2; n++)
        asks.push({
          route,
          path: `${pathOf(route, dice)}?${String(field)}=${encoded(dice.pick(HOSTILE_TEXTS))}`,
        })
    }
    for (const tail of [
      '?a=%00',
      '?%ED%A0%80=1',
      '?limit=1&limit=2',
      '?keys=snake&keys=camel',
      '?__proto__=1&toString=2',
    ])
      asks.push({ route, path: pathOf(route, dice) + tail, body: good() })
    if (!body || route.upload) return asks
    for (const field of fieldsOf(body)) {
      for (let n = 0; n < TRIES; n++) {
        const sent = spoiled(good(), field, hostileOf(dice))
        asks.push({ route, path: pathOf(route, dice), body: sent, sent })
      }
    }
    for (let n = 0; n < 4; n++) asks.push({ route, path: pathOf(route, dice), body: dice.pick(NONSENSE) })
    return [
      ...asks,
      {
        route,
        path: pathOf(route, dice),
        body: good(),
        type: dice.pick([
          'text/plain',
          'application/x-www-form-urlencoded',
          'application/json; charset=klingon',
        ]),
      },
    ]
  }

  it('in any declared field of any route is refused in words, or taken and read back as it was sent', async () => {
    const dice = diceOf(SEED)
    const routes = declaredRoutes().filter(({ path }) => !APART.includes(path))
    const asks = routes
      .flatMap((route) => asksOf(route, dice).map((each) => ({ ...each, person: callerFor(route, dice) })))
      .toSorted(() => dice.roll(3) - 1)
    const next = asks.values()
    await Promise.all(
      Array.from({ length: AT_ONCE }, async () => {
        for (const each of next) await ask(each)
      }),
    )
    expect(asks.length).to.be.greaterThan(4000)
  }).timeout(600_000)

  it('in any declared field of any command of a socket is answered, and nothing falls', async () => {
    const dice = diceOf(SEED)
    const socket = await (await w.as('employee')).socket()
    const frames = Object.entries(COMMAND_SHAPES).flatMap(([, shape]) =>
      fieldsOf(shape).flatMap((field) =>
        Array.from({ length: TRIES }, () => spoiled(valueOf(shape, dice, ids), field, hostileOf(dice))),
      ),
    )
    const nonsense = [...NONSENSE, ...[{ toString: 1 }, [], '__proto__', 5, null].map((c) => ({ c }))]
    for (const frame of [...frames, ...nonsense].filter((each) => !/"c":"(auth|token)"/.test(jsonOf(each)))) {
      socket.send(jsonOf(frame))
      await socket.next(({ t }) => t === 'reply')
      // Above their rate they would only be told so.
      w.clock.moveTo(plusMs(w.clock.now(), 60))
    }
    expect((await socket.command('ping')).ok).to.equal(true)
  })

  it('said by a Socket.IO client, in any of its vocabularies, is answered, and nothing falls', async () => {
    const dice = diceOf(SEED)
    const clients = new Clients(w.url)
    const keys = [
      'roomId',
      'chatRoomId',
      'conversationId',
      'groupId',
      'messageId',
      'content',
      'metadata',
      'attachments',
      'replyTo',
      'clientMsgId',
      'isTyping',
      'file',
      'filename',
      'userId',
      'type',
    ]
    for (const [namespace, { dialects }] of Object.entries(NAMESPACES)) {
      const client = await clients.as(await w.as('employee'), namespace)
      const names = [...dialects.flatMap(({ asks }) => asks.map(({ name }) => name)), 'toString', '__proto__']
      for (const name of names) {
        for (const data of [
          undefined,
          null,
          5,
          [],
          'x',
          ...Array.from({ length: 6 }, () =>
            Object.fromEntries(
              keys.filter(() => dice.roll(3) === 0).map((key) => [key, sayable(hostileOf(dice))]),
            ),
          ),
        ]) {
          expect(await client.asks(name, data), `${namespace} ${name}`).to.have.property('ok')
          w.clock.moveTo(plusMs(w.clock.now(), 60))
        }
      }
    }
    clients.leave()
  })
})
