// A deployment whose history a seed decides: two nodes, some clients and a log that forgets, one step after the other.
// Promise: the same seed gives the same history, frame by frame. The log and its server are real, and so is all that the
// nodes do; when they read, when time passes and when the network fails is the seed's.

import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { roleChannel, userChannel } from '../../shared/kit/declare/event.ts'
import { DAY, plusMs, SECOND } from '../../shared/kit/time/time.ts'
import { complaintsOf } from './account.ts'
import { VirtualClock } from './clock.ts'
import { HeldRedis } from './held-redis.ts'
import { HeldTime } from './held-time.ts'
import { LogBook } from './log-book.ts'
import { choicesOf, type Choices } from './seed.ts'
import { SimulatedClient } from './simulated-client.ts'
import { startNode, type SimulatedNode } from './simulated-node.ts'

const NODES = ['A', 'B'] as const
/** Their names decide the partitions of their channels, so they are always the same. */
const ORGANISATION = '00000000-0000-4000-8000-000000000001'
const PEOPLE = [1, 2, 3].map((n) => ({
  id: `00000000-0000-4000-8000-00000000001${n}`,
  sessionId: `00000000-0000-4000-8000-00000000002${n}`,
  role: n === 3 ? 'DRIVER' : 'EMPLOYEE',
}))
const CHANNELS = [
  ...PEOPLE.map(({ id }) => userChannel(id)),
  roleChannel(ORGANISATION, 'DRIVER'),
  roleChannel(ORGANISATION, 'EMPLOYEE'),
]
/** Some such fill a socket, and one turn. */
const HEAVY = 40_000
const STEP = 10
const MOST_READINGS = 10_000
const MOST_ROUNDS = 500

export interface Outcome {
  transcript: string[]
  complaints: string[]
  /** How often each kind of frame, end of a line and reason for a refetch was heard of. */
  counts: Record<string, number>
}

/** Once for all histories: the people whom they are about. */
export async function seatPeople({ db, clock }: Runtime): Promise<void> {
  const [now, later] = [clock.now(), plusMs(clock.now(), 365 * DAY)]
  await db('organisations').insert({ id: ORGANISATION, name: 'Simulated', slug: 'simulated', createdAt: now })
  for (const { id, sessionId, role } of PEOPLE) {
    await db('users').insert({
      id,
      orgId: ORGANISATION,
      email: `${id}@simulated.test`,
      fullName: id,
      role,
      createdAt: now,
      updatedAt: now,
    })
    await db('sessions').insert({
      id: sessionId,
      orgId: ORGANISATION,
      userId: id,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: later,
    })
  }
}

/** @param house on a Redis of its own, which is emptied */
export async function simulate(runtime: Runtime, seed: number, steps: number): Promise<Outcome> {
  await runtime.redis.flushall()
  const clock = new VirtualClock()
  const simulation = new Simulation({ ...runtime, clock }, clock, choicesOf(seed))
  try {
    return await simulation.run(steps)
  } finally {
    await simulation.end()
  }
}

class Simulation {
  readonly #runtime: Runtime
  readonly #clock: VirtualClock
  readonly #choose: Choices
  readonly #held = new HeldRedis()
  readonly #time = new HeldTime()
  readonly #book: LogBook
  readonly #nodes = new Map<string, SimulatedNode>()
  readonly #clients: SimulatedClient[]
  readonly #transcript: string[] = []
  readonly #epochs = new Map<string, string>()
  #underWay = 0
  #generation = 0

  constructor(runtime: Runtime, clock: VirtualClock, choose: Choices) {
    this.#runtime = runtime
    this.#clock = clock
    this.#choose = choose
    this.#book = new LogBook(runtime.redis, runtime.stream, runtime.config.RESUME_MAX_ENTRIES, () =>
      clock.now(),
    )
    const say = (line: string): void => this.#say(line)
    this.#clients = PEOPLE.flatMap(({ id, sessionId, role }, at) =>
      ['phone', 'desk'].map(
        (device) =>
          new SimulatedClient(
            `${device} ${at + 1}`,
            sessionId,
            [userChannel(id), roleChannel(ORGANISATION, role)],
            say,
          ),
      ),
    )
    this.#held.begin()
    this.#time.begin()
  }

  async run(steps: number): Promise<Outcome> {
    for (const place of NODES) await this.#start(place)
    for (const client of this.#clients) await this.#connect(client, this.#choose.oneOf(this.#alive()))
    for (let step = 0; step < steps; step++) await this.#step()
    await this.#goHome()
    const complaints = this.#clients.flatMap((client) => complaintsOf(client.account(), this.#book.written))
    const counts = tally(
      this.#clients.flatMap(({ heard, gaps }) => [...heard, ...gaps.map(({ reason }) => reason)]),
    )
    return { transcript: this.#transcript, complaints, counts }
  }

  async end(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map((node) => node.kill()))
    this.#time.end()
    this.#held.end()
  }

  /** One thing happens; the rest of the world may stay behind. */
  async #step(): Promise<void> {
    const [away, here, frozen] = [
      this.#clients.filter(({ line }) => !line),
      this.#clients.filter(({ line }) => line),
      this.#clients.filter(({ line }) => line?.isFrozen),
    ]
    const thawed = here.filter(({ line }) => !line?.isFrozen)
    const nodes = this.#alive()
    const free = NODES.filter((place) => !this.#nodes.has(place))
    const act = this.#choose.byWeight<() => Promise<void> | void>([
      [12, () => this.#write(this.#choose.between(1, 8))],
      [3, () => this.#write(this.#choose.between(30, 160))],
      [3, () => this.#write(this.#choose.between(5, 30), HEAVY)],
      [nodes.length * 12, () => this.#read(this.#choose.oneOf(nodes), this.#choose.oneOf([1, 2, 7, 500]))],
      [nodes.length * 4, () => this.#readAll(this.#choose.oneOf(nodes))],
      [
        nodes.length > 0 ? away.length * 5 : 0,
        () => this.#connect(this.#choose.oneOf(away), this.#choose.oneOf(nodes)),
      ],
      [here.length, () => this.#cut(this.#choose.oneOf(here), 'the network broke')],
      [thawed.length, () => this.#freeze(this.#choose.oneOf(thawed))],
      [frozen.length * 3, () => this.#thaw(this.#choose.oneOf(frozen))],
      [nodes.length === 2 ? 2 : 0, () => this.#end(this.#choose.oneOf(nodes), this.#choose.chance(0.5))],
      [free.length * 6, () => this.#start(this.#choose.oneOf(free))],
      [3, () => this.#pass(this.#choose.oneOf([1, 5, 35]) * SECOND)],
      [
        2,
        () =>
          this.#trim(
            this.#choose.between(0, this.#runtime.stream.partitions - 1),
            this.#choose.between(0, 40),
          ),
      ],
      [0.7, () => this.#forget()],
    ])
    this.#time.pass(STEP)
    await act()
    // A timer may be late.
    if (this.#choose.chance(0.7)) this.#time.ring()
    await this.#settle()
  }

  async #write(count: number, size = 0): Promise<void> {
    this.#say(`${count} events are written${size > 0 ? ', heavy ones' : ''}`)
    await this.#book.write(
      Array.from({ length: count }, () => this.#choose.oneOf(CHANNELS)),
      'x'.repeat(size),
    )
  }

  async #read(node: SimulatedNode, count: number): Promise<boolean> {
    const [first = 'nothing'] = this.#held.waiting(node.name)
    const isSome = await this.#held.pass(node.name, count)
    this.#say(`${node.name} gets its ${first}${isSome ? '' : ': nothing new'}`)
    await this.#settle()
    return isSome
  }

  /** Until it waits for nothing but what is not yet written. */
  async #readAll(node: SimulatedNode): Promise<void> {
    for (let readings = 0; readings < MOST_READINGS; readings++) {
      const isSome = await this.#read(node, 500)
      if (!isSome && this.#held.waiting(node.name).length === 1) return
    }
    throw new Error(`${node.name} never comes to an end.`)
  }

  async #connect(client: SimulatedClient, node: SimulatedNode): Promise<void> {
    const isSlow = this.#choose.chance(0.2)
    this.#say(`${client.who} connects to ${node.name}${isSlow ? ', slowly' : ''}`)
    const line = node.visit(client, this.#book, isSlow)
    client.line = line
    // The database is asked whose session it is.
    while (!line.isAnswered) await this.#time.nextTurn()
  }

  #cut(client: SimulatedClient, why: string): void {
    client.line?.cut(why)
  }

  #freeze(client: SimulatedClient): void {
    this.#say(`${client.who} reads no more`)
    if (client.line) client.line.isFrozen = true
  }

  #thaw(client: SimulatedClient): void {
    this.#say(`${client.who} reads again`)
    client.line?.thaw()
  }

  async #start(place: string): Promise<void> {
    const name = `${place}${++this.#generation}`
    this.#say(`${name} starts`)
    const track = async <T>(work: Promise<T>): Promise<T> => {
      this.#underWay++
      return work.finally(() => {
        this.#underWay--
      })
    }
    this.#nodes.set(place, await startNode(this.#runtime, this.#held, name, track))
  }

  /** @param isKilled or it says goodbye first */
  async #end(node: SimulatedNode, isKilled: boolean): Promise<void> {
    this.#say(`${node.name} ${isKilled ? 'is killed' : 'goes away'}`)
    if (!isKilled) await node.sayGoodbye()
    for (const client of this.#clients.filter(({ line }) => line?.node === node.name))
      client.line?.cut('its node is gone')
    await node.kill()
    for (const [place, each] of this.#nodes) if (each === node) this.#nodes.delete(place)
  }

  /** Nodes that live have read what there was by then, and write what proves it. */
  async #pass(milliseconds: number): Promise<void> {
    this.#say(`${milliseconds / SECOND} s pass`)
    for (const node of this.#alive()) await this.#readAll(node)
    this.#clock.moveTo(plusMs(this.#clock.now(), milliseconds))
    this.#time.pass(milliseconds)
    for (const node of this.#alive()) await node.beat()
  }

  async #trim(partition: number, length: number): Promise<void> {
    this.#say(`partition ${partition} is trimmed to ${length}`)
    await this.#runtime.redis.xtrim(this.#runtime.stream.logKey(partition), 'MAXLEN', length)
  }

  async #forget(): Promise<void> {
    this.#say('Redis forgets everything')
    await this.#runtime.redis.flushall()
  }

  /** Everybody reads, comes back and hears what there is, so that accounts can be drawn up. */
  async #goHome(): Promise<void> {
    this.#say('everybody comes home')
    for (const place of NODES) if (!this.#nodes.has(place)) await this.#start(place)
    for (let rounds = 0; rounds < MOST_ROUNDS && !this.#isAtHome(); rounds++) await this.#bringBack()
    // Twice, as what is found out in the first may have to be written, and read.
    for (const _ of NODES) await this.#pass(5 * SECOND)
    for (const node of this.#alive()) await this.#readAll(node)
    if (!this.#isAtHome()) throw new Error('Somebody never comes back.')
  }

  async #bringBack(): Promise<void> {
    for (const client of this.#clients) if (client.line?.isFrozen) this.#thaw(client)
    for (const client of this.#clients)
      if (!client.line) await this.#connect(client, this.#choose.oneOf(this.#alive()))
    this.#time.pass(STEP)
    this.#time.ring()
    await this.#settle()
    for (const node of this.#alive()) await this.#readAll(node)
  }

  #isAtHome(): boolean {
    return this.#clients.every(({ line, isLive }) => line && !line.isFrozen && isLive)
  }

  #alive(): SimulatedNode[] {
    return [...this.#nodes.values()]
  }

  /** Until nobody has anything left to do that does not wait for the seed; then refetches get their verdict. */
  async #settle(): Promise<void> {
    for (let turns = 0; turns < 3; turns++) {
      await this.#time.nextTurn()
      if (this.#underWay + this.#held.underWay + this.#time.turns > 0) turns = -1
    }
    const reaches = await this.#book.reaches()
    for (const client of this.#clients) {
      for (const refetch of client.refetches.splice(0))
        client.gaps.push(...this.#book.gapsOf(refetch, reaches))
    }
  }

  /** Epochs are named by chance; here by the order in which they appear. So is the time after which a bye asks back. */
  #say(line: string): void {
    const told = line.replaceAll(
      /"(\d+)":"([\w-]{8})"/g,
      (_, partition: string, epoch: string) => `"${partition}":"${this.#nameOf(epoch)}"`,
    )
    this.#transcript.push(told.replace(/"after":\d+/, '"after":0'))
  }

  #nameOf(epoch: string): string {
    const name = this.#epochs.get(epoch) ?? `epoch ${this.#epochs.size}`
    this.#epochs.set(epoch, name)
    return name
  }
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1
  return counts
}
