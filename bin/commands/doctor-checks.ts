// What `bellhop doctor` looks at. Each look throws what is wrong, or says what it found.

import { mkdir, mkdtemp, rm, rmdir, statfs } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { folderOfFiles, openStorage } from '../../shared/files/storage/open.ts'
import { nearestFolder } from './folder.ts'
import { systemClock } from '../../shared/kit/process/clock.ts'
import type { Config } from '../../shared/kit/process/config.ts'
import { openMailer } from '../../shared/kit/outside/mailer.ts'
import { openAsOwner, openDatabase, rowsOf } from '../../shared/kit/store/db.ts'
import { listMigrations } from '../../shared/kit/store/migrations.ts'
import {
  mustAnswer,
  openProducer,
  readRedisMemory,
  readRedisServers,
  refuseEviction,
  whenReady,
} from '../../shared/kit/store/redis.ts'
import { canPush, isVapidPair } from '../../shared/notifications/delivery/push.ts'

export interface Finding {
  name: string
  /** off: not configured. look: it works, and somebody should see it. */
  verdict: 'ok' | 'off' | 'look' | 'wrong'
  says: string
  advice?: string
}

type Found = Omit<Finding, 'name'>

interface Check {
  name: string
  look: (config: Config) => Promise<Found>
  /** When it fails. */
  advice: string
}

const ok = (says: string): Found => ({ verdict: 'ok', says })
const off = (says: string): Found => ({ verdict: 'off', says })
const needsLook = (says: string, advice: string): Found => ({ verdict: 'look', says, advice })

/** Milliseconds by which clocks may differ: reminders ring, and tokens end, by them. */
const MOST_SKEW = 2000
const LEAST_ROOM = 2_000_000_000

export const CHECKS: readonly Check[] = [
  {
    name: 'PostgreSQL',
    look: lookAtPostgres,
    advice: 'check DATABASE_URL, and that the server runs and lets this account in',
  },
  { name: 'Redis', look: lookAtRedis, advice: 'check REDIS_URL or REDIS_CLUSTER, and that the server runs' },
  { name: 'mail', look: lookAtMail, advice: 'check SMTP_URL: host, port, and the account in it' },
  {
    name: 'push',
    look: lookAtPush,
    advice: 'npx bellhop generate-vapid-keys makes a pair that belongs together',
  },
  {
    name: 'files',
    look: lookAtFiles,
    advice: 'check FILES_DIR, or the five settings FILES_S3_…; put, get and delete are needed',
  },
  { name: 'disk', look: lookAtDisk, advice: 'check FILES_DIR or DATA_DIR' },
  { name: 'sockets', look: lookAtSockets, advice: 'reinstall the packages: npm ci' },
  { name: 'Node', look: async () => ok(process.versions.node), advice: '' },
]

async function lookAtPostgres(config: Config): Promise<Found> {
  if (await isNew(config))
    return needsLook('it lets us in, and nothing was migrated yet', 'npx bellhop migrate')
  const db = openDatabase({ ...config, DATABASE_POOL: 2 })
  try {
    const [found] = await rowsOf<{ version: number; now: Date; mayChangeAudit: boolean }>(
      db,
      `select ${VERSION}, clock_timestamp() as now, has_table_privilege('audit_log', 'delete') as may_change_audit`,
    )
    if (!found) throw new Error('it says nothing')
    if (found.mayChangeAudit) throw new Error('the processes may change the audit')
    const { length } = await listMigrations()
    const applied = (await db('migrations').select('name')).length
    if (applied < length)
      return needsLook(`${length - applied} migrations are not applied`, 'npx bellhop migrate')
    const skew = skewIn(found.now.getTime() - systemClock.now().getTime())
    return skew ?? ok(`version ${found.version}, ${applied} migrations, the audit is out of reach`)
  } finally {
    await db.destroy()
  }
}

const VERSION = `current_setting('server_version_num')::integer / 10000 as version`

/** Before the first migration there is no role to work in. @throws Error where the server is too old */
async function isNew({ DATABASE_URL }: Config): Promise<boolean> {
  const db = openAsOwner(DATABASE_URL)
  try {
    const [found] = await rowsOf<{ version: number; isNew: boolean }>(
      db,
      `select ${VERSION}, to_regclass('migrations') is null as is_new`,
    )
    if (!found) throw new Error('it says nothing')
    if (found.version < 15) throw new Error(`version ${found.version} is older than 15`)
    return found.isNew
  } finally {
    await db.destroy()
  }
}

function skewIn(milliseconds: number): Found | undefined {
  if (Math.abs(milliseconds) < MOST_SKEW) return undefined
  return needsLook(
    `its clock is ${Math.round(milliseconds / 1000)} s away from this one`,
    'run NTP on all machines',
  )
}

async function lookAtRedis(config: Config): Promise<Found> {
  const redis = openProducer(config)
  try {
    await whenReady(redis)
    await mustAnswer(redis)
    await refuseEviction(redis)
    const servers = await readRedisServers(redis)
    const skew = skewIn(
      servers.map((each) => each.skew).toSorted((a, b) => Math.abs(b) - Math.abs(a))[0] ?? 0,
    )
    if (skew) return skew
    const { share } = await readRedisMemory(redis)
    const used = `${Math.round(share * 100)} % of its memory`
    if (share > 0.7)
      return needsLook(`it uses ${used}`, 'give it more memory before it is full: workers then stand still')
    return ok(`version ${servers.map(({ version }) => version).join(', ')}, noeviction, ${used}`)
  } finally {
    redis.disconnect()
  }
}

async function lookAtMail(config: Config): Promise<Found> {
  const mailer = openMailer(config)
  if (!mailer) return off('no SMTP_URL: mails are skipped, invitations are handed over by ADMINs')
  try {
    await mailer.greet()
    if (!config.PUBLIC_URL)
      return needsLook('the server lets us in', 'set PUBLIC_URL: links in mails lead to localhost')
    return ok('the server lets us in')
  } finally {
    mailer.close()
  }
}

async function lookAtPush(config: Config): Promise<Found> {
  if (!canPush(config)) return off('no VAPID keys: push messages are skipped')
  if (!isVapidPair(config)) throw new Error('the two VAPID keys do not belong together')
  return ok('the VAPID keys belong together')
}

/** In a folder of its own, of which nothing is left: whoever looks may be another than whoever writes there. */
async function lookAtFiles(config: Config): Promise<Found> {
  const folder = folderOfFiles(config)
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  const own = await mkdtemp(path.join(folder, 'doctor-'))
  try {
    const storage = openStorage({ ...config, FILES_DIR: own })
    const key = `${randomUUID()}/${randomUUID()}`
    await storage.put(key, Readable.from([Buffer.from('bellhop')]), systemClock.now())
    const read = await text(await storage.get(key))
    await storage.remove(key)
    if (read !== 'bellhop') throw new Error('what was read is not what was written')
    return ok(
      config.FILES_S3_ENDPOINT
        ? 'the bucket takes, gives and deletes'
        : 'the folder takes, gives and deletes',
    )
  } finally {
    await rm(own, { recursive: true })
    if (made) await removeEmpty(folder, made)
  }
}

/** Up to the first that was made; what somebody wrote there meanwhile stays. */
async function removeEmpty(folder: string, first: string): Promise<void> {
  const isGone = await rmdir(folder).then(
    () => true,
    () => false,
  )
  if (isGone && path.resolve(folder) !== path.resolve(first)) await removeEmpty(path.dirname(folder), first)
}

/** Of a folder that nobody made yet, where it would be. */
async function lookAtDisk(config: Config): Promise<Found> {
  const folder = nearestFolder(folderOfFiles(config))
  const { bavail, bsize } = await statfs(folder)
  const room = `${Math.round((bavail * bsize) / 1e9)} GB free in ${folder}`
  return bavail * bsize < LEAST_ROOM ? needsLook(room, 'make room before uploads find none') : ok(room)
}

async function lookAtSockets({ REALTIME_TRANSPORT }: Config): Promise<Found> {
  if (REALTIME_TRANSPORT === 'ws') return ok('served by ws, as REALTIME_TRANSPORT says')
  const loaded = await import('../../realtime/transport/uws.ts').catch(() => undefined)
  if (loaded) return ok('served by uWebSockets.js')
  if (REALTIME_TRANSPORT === 'uws')
    throw new Error('uWebSockets.js does not load here, and REALTIME_TRANSPORT asks for it')
  return ok('served by ws: uWebSockets.js does not load on this system')
}
