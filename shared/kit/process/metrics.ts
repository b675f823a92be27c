// Prometheus metrics of one process. Names and labels are part of docs/OPERATIONS.md.

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import { VERSION } from './version.ts'

export type Metrics = ReturnType<typeof openMetrics>

export function openMetrics() {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'bellhop_' })
  new Gauge({
    name: 'bellhop_build_info',
    help: 'Always 1: the version of Bellhop and of Node stands in the labels.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version: VERSION, node: process.versions.node }, 1)
  return {
    registry,
    ...requestMetrics(registers),
    ...jobMetrics(registers),
    ...backlogMetrics(registers),
    ...serverMetrics(registers),
    ...socketMetrics(registers),
    ...eventMetrics(registers),
  }
}

const requestMetrics = (registers: Registry[]) => ({
  requests: new Histogram({
    name: 'bellhop_http_request_seconds',
    help: 'HTTP requests by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  }),
  refusals: new Counter({
    name: 'bellhop_refusals_total',
    help: 'Requests and commands refused, by code.',
    labelNames: ['code'],
    registers,
  }),
})

const jobMetrics = (registers: Registry[]) => ({
  jobs: new Histogram({
    name: 'bellhop_job_seconds',
    help: 'Jobs run, by name and outcome (done, repeated, early, again, failed, handed_back).',
    labelNames: ['job', 'outcome'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  }),
  deadJobs: new Counter({
    name: 'bellhop_jobs_dead_total',
    help: 'Jobs that failed for good: somebody has to look.',
    labelNames: ['queue', 'job'],
    registers,
  }),
})

/** Without a number until one is measured: a 0 of whoever does not measure would say that all is well. */
function unmeasured(gauge: Gauge): Gauge {
  gauge.remove()
  return gauge
}

const backlogMetrics = (registers: Registry[]) => ({
  queueDepth: new Gauge({
    name: 'bellhop_queue_jobs',
    help: 'Jobs in a queue, by state.',
    labelNames: ['queue', 'state'],
    registers,
  }),
  queueLag: new Gauge({
    name: 'bellhop_queue_lag_seconds',
    help: 'Age of the oldest job that should have started.',
    labelNames: ['queue'],
    registers,
  }),
  outboxAge: unmeasured(
    new Gauge({
      name: 'bellhop_outbox_age_seconds',
      help: 'Age of the oldest job or event not yet handed to Redis.',
      registers,
    }),
  ),
  approvalsOverdue: unmeasured(
    new Gauge({
      name: 'bellhop_approvals_overdue',
      help: 'Approvals that still wait a minute or more after their time to be decided was over.',
      registers,
    }),
  ),
  reshipped: new Counter({
    name: 'bellhop_reshipped_total',
    help: 'Jobs and events handed over again by the sweep or the reconciler.',
    labelNames: ['by'],
    registers,
  }),
})

const serverMetrics = (registers: Registry[]) => ({
  redisEvicts: new Gauge({
    name: 'bellhop_redis_evicts',
    help: '1 while Redis has a maxmemory-policy under which it may throw away jobs.',
    registers,
  }),
  redisMemory: new Gauge({
    name: 'bellhop_redis_memory_share',
    help: 'Of the memory that Redis may use, what it uses: 0 to 1.',
    registers,
  }),
  databaseConnections: new Gauge({
    name: 'bellhop_database_connections',
    help: 'Connections to PostgreSQL in use, and work that waits for one.',
    labelNames: ['state'],
    registers,
  }),
})

const socketMetrics = (registers: Registry[]) => ({
  sockets: new Gauge({ name: 'bellhop_sockets', help: 'Open sockets.', registers }),
  socketCloses: new Counter({
    name: 'bellhop_socket_closes_total',
    help: 'Sockets closed by the server, by reason.',
    labelNames: ['reason'],
    registers,
  }),
  resumes: new Counter({
    name: 'bellhop_resumes_total',
    help: 'Clients that came back, by outcome (recovered, refetch, gone).',
    labelNames: ['outcome'],
    registers,
  }),
})

const eventMetrics = (registers: Registry[]) => ({
  logPages: new Counter({
    name: 'bellhop_log_pages_total',
    help: 'Pages of the event log read back into memory, for nodes that begin and clients that come back.',
    registers,
  }),
  unpushed: new Counter({
    name: 'bellhop_log_unpushed_total',
    help: 'Times that something in the event log was found which was not pushed to this node: it reads for a while.',
    registers,
  }),
  eventsIn: new Counter({
    name: 'bellhop_events_in_total',
    help: 'Entries read from the event log.',
    registers,
  }),
  eventsOut: new Counter({
    name: 'bellhop_events_out_total',
    help: 'Events handed to sockets.',
    registers,
  }),
  eventLag: new Histogram({
    name: 'bellhop_event_lag_seconds',
    help: 'From commit to socket.',
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers,
  }),
})
