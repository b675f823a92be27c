// What every process stands on: settings, clock, log, database, Redis, queues, event log. Opened once, closed in reverse.

import type { Clock } from './clock.ts'
import type { Config } from './config.ts'
import { DATABASE_LIMITS, openDatabase, type Db, type DatabaseLimits } from '../store/db.ts'
import { openLimiter, type Limiter } from '../store/limiter.ts'
import type { Log } from './log.ts'
import { openMailer, type Mailer } from '../outside/mailer.ts'
import { openMetrics, type Metrics } from './metrics.ts'
import { NO_TRACING, type Tracing } from './tracing.ts'
import { openOutbox, type Outbox } from '../store/outbox.ts'
import { openHttpClient, type HttpClient } from '../outside/http-client.ts'
import { openQueues, type Queues } from '../store/queue.ts'
import { openPresenceStore, type PresenceStore } from '../store/presence.ts'
import { openProducer, type Redis } from '../store/redis.ts'
import { openPoolShares, type PoolShares } from '../store/pool-shares.ts'
import { openStream, type Stream } from '../store/stream.ts'

export interface Runtime {
  readonly config: Config
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly db: Db
  /** For looks at how it is, which must not wait for anybody's work. */
  readonly probe: Db
  readonly shares: PoolShares
  readonly redis: Redis
  readonly queues: Queues
  readonly stream: Stream
  readonly presence: PresenceStore
  readonly limiter: Limiter
  readonly outbox: Outbox
  /** For what takes minutes, so that it takes no connection from what people wait for. */
  readonly longDb: Db
  /** Undefined when no mail server is configured. */
  readonly mailer: Mailer | undefined
  readonly outgoing: HttpClient
  /** For the endpoints of browsers, which anybody may name. */
  readonly outgoingPush: HttpClient
  readonly tracing: Tracing
  close(): Promise<void>
}

/** @param limits of what it does with the database most */
export function openRuntime(
  config: Config,
  clock: Clock,
  log: Log,
  limits: DatabaseLimits = DATABASE_LIMITS.requests,
  tracing: Tracing = NO_TRACING,
): Runtime {
  const databases = openDatabases(config, limits)
  if (tracing.isOn) Object.values(databases).forEach((each) => tracing.watchStatements(each))
  const outside = openOutside(config, tracing)
  const redis = openProducer(config)
  const queues = openQueues(redis, clock, config)
  const stream = openStream(redis, config)
  const outbox = openOutbox(databases.db, queues, stream, clock, log)
  return {
    config,
    clock,
    log,
    tracing,
    metrics: openMetrics(),
    ...databases,
    ...outside,
    shares: openPoolShares(config.DATABASE_POOL),
    redis,
    queues,
    stream,
    outbox,
    presence: openPresenceStore(redis, config),
    limiter: openLimiter(redis, config),
    async close() {
      await outbox.settled()
      outside.mailer?.close()
      await Promise.all([outside.outgoing.close(), outside.outgoingPush.close()])
      await queues.close()
      redis.disconnect()
      await Promise.all(Object.values(databases).map((each) => each.destroy()))
      await tracing.close()
    },
  }
}

function openDatabases(config: Config, limits: DatabaseLimits): Pick<Runtime, 'db' | 'probe' | 'longDb'> {
  return {
    db: openDatabase(config, limits),
    probe: openDatabase({ ...config, DATABASE_POOL: 2 }, DATABASE_LIMITS.probe),
    longDb: openDatabase({ ...config, DATABASE_POOL: config.DATABASE_LONG_POOL }, DATABASE_LIMITS.long),
  }
}

function openOutside(
  config: Config,
  tracing: Tracing,
): Pick<Runtime, 'mailer' | 'outgoing' | 'outgoingPush'> {
  return {
    mailer: openMailer(config),
    outgoing: openHttpClient(config, undefined, tracing),
    outgoingPush: openHttpClient({ ...config, OUTGOING_ALLOWED: config.PUSH_ALLOWED }, undefined, tracing),
  }
}
