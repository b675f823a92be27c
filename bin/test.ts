// `npm test`: every check, then every test against a PostgreSQL and a Redis of this run's own.
// `npm test -- test/rules -g "once"` hands its words to mocha, one file at a time, without the checks.
// `npm run test:quick`: rules, domains and the doors that kill nothing; without the checks.
// `npm run test:ws`: sockets and streams over the package ws; without the checks.
// `npm run test:cluster`: what must hold on a Redis Cluster, on one; without the checks.
// Promise: the last line is `N passed, N failed`, and nothing of the run stays, however it ends.

import { rm } from 'node:fs/promises'
import path from 'node:path'
import { rawEnvironment, type Environment } from '../shared/kit/process/config.ts'
import { NOTHING_RUN, runChecks, type Tally } from './checks.ts'
import { onFreePort } from './embedded/ports.ts'
import { startCluster } from './embedded/cluster.ts'
import { startPostgres, type EmbeddedServer } from './embedded/postgres.ts'
import { startRedis } from './embedded/redis.ts'
import { findRedis, type RedisProgram } from './embedded/redis-program.ts'
import { runMocha, specsOf } from './mocha.ts'
import { openRunFolder } from './run-folder.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
/** Test files under way at the same time. Three have each of them take so much longer that browsers run out of time. */
const AT_ONCE = ['--parallel', '--jobs', '2']
/**
 * What takes all of a small machine, and kills what runs on it by the second: each has it to itself. Of the chaos a part that fits: all
 * of it, and at full size, is `npm run test:chaos`.
 */
const ALONE = [
  'test/chaos/@(full-disks|poisoned-rows).test.ts',
  'test/flows/@(a-crowd-returns|a-job-that-ends-its-workers|a-log-too-short|a-node-goes-away|a-working-day).test.ts',
  'test/flows/@(back-at-once|everybody-hears-everything|nothing-is-lost).test.ts',
  'test/flows/@(an-api-and-workers-die-under-approvals|workers-die-*|many-*).test.ts',
]
const WHOLE = [
  [
    ...AT_ONCE,
    ...ALONE.flatMap((files) => ['--ignore', files]),
    'test/{console,domains,doors,flows,rules}/*.test.ts',
  ],
  ALONE,
]
/**
 * What depends on the bytes of sockets and streams of events, once more over the package ws; the first time it is over what
 * loads here. test/doors/transports.test.ts compares the two in themselves, and all else stands above them.
 */
const OVER_WS = [
  ...AT_ONCE,
  'test/doors/realtime.test.ts',
  'test/doors/event-stream.test.ts',
  'test/doors/resume.test.ts',
  'test/doors/presence.test.ts',
  'test/doors/client.test.ts',
  'test/doors/socketio.test.ts',
  'test/flows/everybody-hears-everything.test.ts',
  'test/flows/a-node-goes-away.test.ts',
]
/** Of the domains what takes long: floods, races, histories that a seed makes. */
const SLOW_DOMAINS = [
  'any-history',
  'approval-policies-simulated',
  'approvals-expire',
  'chat-recount',
  'chat-rooms',
  'fair-turns',
  'inbox-*',
  'lost-keys',
  'outbox',
  'people-approvals',
  'races',
]
/** What tells soonest that something is wrong: no kills, no floods, no simulated histories. A minute and a half. */
const QUICK = [
  ...AT_ONCE,
  ...SLOW_DOMAINS.flatMap((name) => ['--ignore', `test/domains/${name}.test.ts`]),
  'test/{rules,domains}/*.test.ts',
  'test/doors/rest-calendar.test.ts',
  'test/doors/multipart.test.ts',
]
const CHAOS = {
  specs: [
    'test/chaos/*.test.ts',
    'test/flows/a-crowd-returns.test.ts',
    'test/flows/an-api-and-workers-die-under-approvals.test.ts',
    'test/flows/everybody-hears-everything.test.ts',
    'test/flows/many-clients-in-rooms.test.ts',
    'test/flows/many-customers-at-night.test.ts',
    'test/flows/many-dispatchers.test.ts',
    'test/flows/nothing-is-lost.test.ts',
    'test/flows/workers-die-under-deliveries.test.ts',
  ],
  sizes: {
    FAULTS: '40',
    ALARMS: '20000',
    AWAY: '100',
    CROWD: '10000',
    SECONDS: '15',
    CLIENTS_EACH: '5',
    CUSTOMERS: '1000',
    ASSIGNMENTS: '1000',
    NOTIFICATIONS: '3334',
    APPROVALS: '500',
  },
}
const CLUSTER_TESTS = [
  'test/cluster',
  'test/flows',
  'test/doors/realtime.test.ts',
  'test/doors/resume.test.ts',
  'test/doors/presence.test.ts',
]
const isOnCluster = process.argv.includes('--cluster')
const isChaos = process.argv.includes('--chaos')
const isQuick = process.argv.includes('--quick')
const isOverWs = process.argv.includes('--ws')
const words = process.argv
  .slice(2)
  .filter((word) => !['--cluster', '--chaos', '--quick', '--ws'].includes(word))
const isWhole = words.length === 0 && !isOnCluster && !isChaos && !isQuick && !isOverWs

let servers: Pick<EmbeddedServer, 'stop'>[] = []
let folder: string | undefined
let leaving = false

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Runs side by side, in this clone and in others, share nothing but the unpacked Redis. */
async function startServers(): Promise<Record<string, string>> {
  const { DATA_DIR } = rawEnvironment()
  const data = path.resolve(ROOT, DATA_DIR?.trim() || '.data')
  const own = await openRunFolder(data)
  folder = own
  const program = await findRedis(path.join(data, 'redis-bin'), say)
  const postgres = await onFreePort((port) =>
    startPostgres({ dir: path.join(own, 'postgres'), port, log: say, durable: false }),
  )
  servers.push(postgres)
  const redis = isOnCluster ? await startOurCluster(own, program) : await startOurRedis(own, program)
  const database = new URL(postgres.administrator)
  database.pathname = '/postgres'
  return {
    TEST_DATABASE_URL: database.href,
    TEST_FILES_DIR: path.join(own, 'files'),
    TMPDIR: path.join(own, 'tmp'),
    TEST_REDIS_SERVER: JSON.stringify(program),
    ...redis,
  }
}

async function startOurRedis(own: string, program: RedisProgram): Promise<Record<string, string>> {
  const redis = await onFreePort((port) =>
    startRedis({ dir: path.join(own, 'redis'), port, log: say, durable: false, program }),
  )
  servers.push(redis)
  return { TEST_REDIS_URL: redis.url }
}

async function startOurCluster(own: string, program: RedisProgram): Promise<Record<string, string>> {
  const cluster = await startCluster({ dir: path.join(own, 'cluster'), program, log: say })
  servers.push(cluster)
  return { TEST_REDIS_CLUSTER: cluster.addresses.join(',') }
}

async function runTests(): Promise<Tally> {
  // Both take a second or two, and neither needs the other.
  const [checked, started] = await Promise.all([
    isWhole ? runChecks(say) : NOTHING_RUN,
    startServers().catch(asError),
  ])
  if (started instanceof Error) {
    say(started.message)
    return addTallies([checked, { ...NOTHING_RUN, failed: 1, failures: [started.message] }])
  }
  // The caller's own servers and settings must be out of a test's reach.
  const env: Environment = {
    ...(isChaos && CHAOS.sizes),
    ...rawEnvironment(),
    ...started,
    NODE_ENV: 'test',
    ENV_FILE: '/dev/null',
    DATABASE_URL: undefined,
    REDIS_URL: undefined,
    REDIS_CLUSTER: undefined,
  }
  const always = env.CI ? ['--forbid-only'] : []
  const fallback = isOnCluster ? CLUSTER_TESTS : isChaos ? CHAOS.specs : undefined
  const runs = isQuick ? [[...QUICK, ...words]] : isWhole ? WHOLE : [specsOf(ROOT, words, fallback)]
  const tallies = [checked]
  for (const args of isOverWs ? [] : runs) tallies.push(await runMocha(ROOT, [...args, ...always], env))
  if (isWhole || isOverWs)
    tallies.push(
      await runMocha(ROOT, [...OVER_WS, ...words, ...always], { ...env, REALTIME_TRANSPORT: 'ws' }),
    )
  return addTallies(tallies)
}

const addTallies = (tallies: readonly Tally[]): Tally =>
  tallies.reduce((sum, { passed, failed, skipped, failures }) => ({
    passed: sum.passed + passed,
    failed: sum.failed + failed,
    skipped: sum.skipped + skipped,
    failures: [...sum.failures, ...failures],
  }))

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}

async function cleanUp(): Promise<void> {
  const ending = servers
  servers = []
  await Promise.all(ending.map((server) => server.stop()))
  if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
}

async function leave(code: number): Promise<void> {
  if (leaving) return
  leaving = true
  await cleanUp().catch((error: unknown) => say(String(error)))
  process.exit(code)
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const)
  process.on(signal, () => void leave(1))

const { passed, failed, skipped, failures } = await runTests().catch((error: unknown) => {
  say(asError(error).stack ?? String(error))
  return { ...NOTHING_RUN, failed: 1 }
})
if (!leaving) {
  await cleanUp().catch((error: unknown) => say(String(error)))
  // Of a long run people keep the end.
  if (isWhole && failed > 0) say(['', 'What failed:', ...failures].join('\n\n'))
  say(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  process.exit(failed > 0 ? 1 : 0)
}
