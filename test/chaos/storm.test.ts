// Everything that can happen to processes, servers and the network between them, one after the other as a seed chooses, while
// people work. At the end every acceptance is held against what Bellhop knows: nothing is lost, nothing happened twice,
// every notification was told, and no answer ever was a 500.

import { expect } from 'chai'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { QUEUES } from '../../shared/kit/declare/job.ts'
import type { Db } from '../../shared/kit/store/db.ts'
import { queuePrefix } from '../../shared/kit/store/queue.ts'
import { openLedger, type Ledger } from '../support/ledger.ts'
import { someProcesses, type Processes, type Service } from '../support/processes.ts'
import { choicesOf, seedOfThisRun, type Choices } from '../support/seed.ts'

/** FAULTS=100 is an hour of it. */
const FAULTS = Number(process.env['FAULTS'] ?? 8)
/** Of everything, between two of them. */
const WORK = 3
const SERVICES: readonly Service[] = ['api', 'workers', 'realtime']

interface Fault {
  name: string
  befall(bellhop: Processes, choices: Choices): Promise<void>
}

/** Only those whose names contain these words: FAULT=forgets. */
const CHOSEN = process.env['FAULT'] ?? ''
/** Of the statements that change something, and of the keys of the queues. */
const SHARE = 0.15
const TABLES = ['bookings', 'approvals', 'messages', 'tickets', 'notifications', 'jobs']

const seconds = (choices: Choices, most: number): Promise<void> => pause(choices.between(500, most * 1000))

/** Bellhop may not end what others do, nor change a table. */
const asOperator = (db: Db, statement: string): Promise<void> =>
  db.transaction(async (trx) => {
    await trx.raw('set local role none')
    await trx.raw(statement)
  })

/** Some of the keys of the queues, whichever they are: as a Redis that evicts throws them away. */
async function loseKeys({ redis: servers, env }: Processes, choices: Choices): Promise<void> {
  const redis = new Redis(servers.administrator['REDIS_URL'] ?? '')
  for (const queue of QUEUES) {
    const keys = await redis.keys(`${queuePrefix({ BULLMQ_PREFIX: env['BULLMQ_PREFIX'] ?? '' }, queue)}:*`)
    const lost = keys.filter(() => choices.chance(SHARE))
    if (lost.length > 0) await redis.del(...lost)
  }
  redis.disconnect()
}

/** Statements meet those of others, as far as anybody can tell: begun again, they may pass. */
async function conflict(db: Db, during: () => Promise<void>): Promise<void> {
  await asOperator(
    db,
    `create function meet_others() returns trigger language plpgsql as $$ begin
       if random() < ${SHARE} then raise exception 'a conflict'
         using errcode = case when random() < 0.5 then '40001' else '40P01' end; end if;
       return new; end $$`,
  )
  // One table at a time: who needs two of them would wait for us, and we for them.
  for (const table of TABLES)
    await asOperator(
      db,
      `create trigger meet_others before insert or update on ${table} for each row execute function meet_others()`,
    )
  await during()
  for (const table of TABLES) await asOperator(db, `drop trigger meet_others on ${table}`)
  await asOperator(db, 'drop function meet_others()')
}

const POSSIBLE: readonly Fault[] = [
  ...SERVICES.map((service): Fault => ({
    name: `${service} is killed`,
    async befall(bellhop) {
      await bellhop.kill(service)
      await bellhop.start(service)
    },
  })),
  ...SERVICES.map((service): Fault => ({
    name: `${service} stands still`,
    async befall(bellhop, choices) {
      bellhop.freeze(service)
      await seconds(choices, 6)
      bellhop.thaw(service)
    },
  })),
  ...(['postgres', 'redis'] as const).flatMap((server): Fault[] => [
    {
      name: `the connections to ${server} are reset, and new ones refused`,
      async befall({ cuts }, choices) {
        cuts?.[server].reset()
        await seconds(choices, 8)
        cuts?.[server].pass()
      },
    },
    {
      name: `the connections to ${server} go silent; new ones would work`,
      befall: async ({ cuts }) => void cuts?.[server].swallow(),
    },
    {
      name: `nothing reaches ${server}, and nobody is told`,
      async befall({ cuts }, choices) {
        cuts?.[server].swallow('and all that come')
        await seconds(choices, 8)
        cuts?.[server].pass()
      },
    },
  ]),
  {
    name: 'Redis stands still',
    async befall({ redis }, choices) {
      redis.freeze()
      await seconds(choices, 6)
      redis.thaw()
    },
  },
  { name: 'Redis loses some keys of the queues', befall: loseKeys },
  {
    name: 'statements meet those of others',
    befall: ({ db }, choices) => conflict(db, () => seconds(choices, 8)),
  },
  { name: 'Redis forgets everything', befall: ({ redis }) => redis.flushall() },
  {
    name: 'PostgreSQL ends connections here and there',
    async befall({ db }) {
      await asOperator(
        db,
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
          and pid <> pg_backend_pid() and random() < 0.5`,
      )
    },
  },
  {
    name: 'PostgreSQL cancels statements for a while',
    async befall({ db }) {
      for (let n = 0; n < 20; n++) {
        await asOperator(
          db,
          `select pg_cancel_backend(pid) from pg_stat_activity where datname = current_database()
            and pid <> pg_backend_pid() and state = 'active'`,
        )
        await pause(50)
      }
    },
  },
  {
    name: 'somebody locks the bookings for some seconds',
    async befall({ db }, choices) {
      await db.transaction(async (trx) => {
        await trx.raw('lock table bookings in share row exclusive mode')
        await seconds(choices, 6)
      })
    },
  },
]

describe('a storm', function () {
  this.timeout(3_600_000)
  let bellhop: Processes
  let ledger: Ledger
  afterEach(async () => {
    ledger?.close()
    await bellhop.end()
  })

  it('leaves the accounts even', async () => {
    const seed = seedOfThisRun()
    console.log(
      `      seed ${seed} (SEED=${seed} makes the same choices; what the machine does between them is its own)`,
    )
    const choices = choicesOf(seed)
    bellhop = await someProcesses({}, { isCuttable: true })
    ledger = await openLedger(bellhop)
    await ledger.more(WORK)
    for (let n = 0; n < FAULTS; n++) {
      const fault = choices.oneOf(POSSIBLE.filter(({ name }) => name.includes(CHOSEN)))
      const since = performance.now()
      await fault.befall(bellhop, choices)
      await ledger.more(WORK)
      console.log(
        `      ${fault.name}: everything moves again after ${((performance.now() - since) / 1000).toFixed(1)} s`,
      )
    }
    await ledger.stop()
    expect(await ledger.balance()).to.deep.equal([])
    expect(ledger.refusals.filter((each) => each.startsWith('500'))).to.deep.equal([])
  })
})
