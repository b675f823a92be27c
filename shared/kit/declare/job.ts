// A job is an order: declared once with its payload, carried out by exactly one handler (workers/handlers/all.ts).
// Its queue is the part of its name before the dot.

import { compileSchema, type SchemaCheck, type Static, type TSchema } from './schema.ts'

export interface JobDeclaration<T> {
  readonly name: string
  readonly queue: string
  readonly schema: TSchema
  readonly check: SchemaCheck<T>
}

/** A job that is not done yet, as it stands in the table `jobs`. */
export interface JobRow {
  id: string
  name: string
  payload: unknown
  /** When an alarm should ring; null: now. */
  dueAt: Date | null
  requestId: string
  /** Whose it is; null: the system's own. */
  orgId: string | null
}

/** A row as a runner finds it. */
export interface KeptJob extends JobRow {
  /** Since when nobody tries any more, and why. */
  failedAt: Date | null
  failedReason: string | null
}

/** Queue = domain, and one for each kind of outside server, which may hang. BullMQ, its board and WORKER_QUEUES know these names. */
export const QUEUES = [
  'bookings',
  'approvals',
  'chat',
  'inbox',
  'support',
  'notifications',
  'mail',
  'push',
  'webhooks',
  'audit',
  'exports',
  'maintenance',
] as const
/** Their jobs may take minutes: a lane and a pool of connections of their own (WORKER_LONG_CONCURRENCY, DATABASE_LONG_POOL). */
export const LONG_QUEUES: readonly string[] = ['exports', 'maintenance']
export type QueueName = (typeof QUEUES)[number]

const declared = new Map<string, JobDeclaration<unknown>>()

/** Declares a job. Payloads carry ids, not rows, and outlive a deploy: only add optional fields. */
export function declareJob<S extends TSchema>(
  name: `${QueueName}.${string}`,
  schema: S,
): JobDeclaration<Static<S>> {
  const it: JobDeclaration<Static<S>> = {
    name,
    queue: name.slice(0, name.indexOf('.')),
    schema,
    check: compileSchema(schema),
  }
  if (declared.has(name)) throw new Error(`The job ${name} is declared twice.`)
  declared.set(name, it)
  return it
}

export function declaredJobs(): readonly JobDeclaration<unknown>[] {
  return [...declared.values()]
}

/** The job of a stored name: how a continuation finds its way back. */
export function jobNamed(name: string): JobDeclaration<unknown> {
  const found = declared.get(name)
  if (!found) throw new Error(`No job is called ${name}.`)
  return found
}
