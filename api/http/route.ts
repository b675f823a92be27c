// One object per endpoint. From it come validation (every problem at once), authorisation, the transaction, idempotency,
// the reply's shape and OpenAPI. A route declares; it does not do.

import type { Change, Reading } from '../../shared/kit/change.ts'
import { compile, shape, Type, type Check, type Static, type TObject, type TSchema } from '../../shared/kit/schema.ts'
import type { Actor, Role } from '../../shared/users/schema.ts'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
/** Who may call: anybody, anybody signed in, or people of these roles. Finer rules live in the domains. */
export type Access = 'open' | 'signed-in' | readonly Role[]

export interface Input<P, Q, B> {
  params: P
  query: Q
  body: B
  /** Set wherever access is not open. */
  actor: Actor
  /** The version in If-Match; undefined: unconditional. */
  ifMatch: number | undefined
  userAgent: string | undefined
}

export interface Page<T> {
  items: T[]
  /** How many there are, where that is cheap to know. */
  total?: number
}

export interface Route {
  kind: 'change' | 'read' | 'list'
  method: Method
  path: string
  tag: string
  summary: string
  access: Access
  status: number
  schemas: { params: TSchema; query: TSchema; body: TSchema | undefined; reply: TSchema }
  check: { params: Check<unknown>; query: Check<unknown>; body: Check<unknown> | undefined; reply: Check<unknown> }
  /** False where a repeated answer would repeat a secret. */
  idempotent: boolean
  run: (context: Change | Reading, input: Input<unknown, unknown, unknown>) => Promise<unknown>
  afterCommit: ((result: unknown) => unknown) | undefined
  etag: ((reply: unknown) => string) | undefined
  /** What it answers is then followed live: the answer says from where (X-Cursor). */
  isFollowed: boolean
}

interface Declaration<P extends TObject, Q extends TObject, B extends TSchema, R extends TSchema, Context, Result> {
  summary: string
  access?: Access
  params?: P
  query?: Q
  body?: B
  reply: R
  status?: number
  idempotent?: boolean
  /** True where clients go on with events from what they read. */
  isFollowed?: boolean
  handle: (context: Context, input: Input<Static<P>, Static<Q>, Static<B>>) => Promise<Result>
}

const NOTHING = shape({})
type Nothing = typeof NOTHING

const PAGE = {
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'Most entries to answer.' }),
  offset: Type.Integer({ minimum: 0, maximum: 100_000, default: 0, description: 'Entries to skip.' }),
}
type Paged = { limit: number; offset: number }

/** A write: runs in a change; 201 for POST, 200 otherwise, unless said. */
export function change<R extends TSchema, P extends TObject = Nothing, Q extends TObject = Nothing, B extends TSchema = Nothing, Result = Static<R>>(
  method: Exclude<Method, 'get'>,
  path: string,
  declared: Declaration<P, Q, B, R, Change, Result> & {
    /** Runs once the change stands; may throw what the client hears although the change is kept. */
    afterCommit?: (result: Result) => Static<R>
    etag?: (reply: Static<R>) => string
  },
): Route {
  return route({ kind: 'change', method, path, status: method === 'post' ? 201 : 200, ...declared })
}

export function read<R extends TSchema, P extends TObject = Nothing, Q extends TObject = Nothing>(
  path: string,
  declared: Omit<Declaration<P, Q, Nothing, R, Reading, Static<R>>, 'body' | 'idempotent'> & { etag?: (reply: Static<R>) => string },
): Route {
  return route({ kind: 'read', method: 'get', path, status: 200, ...declared })
}

/** A list: a JSON array with X-Total-Count where the total is known, and Link to the next and previous page. */
export function list<I extends TSchema, P extends TObject = Nothing, Q extends TObject = Nothing>(
  path: string,
  declared: Omit<Declaration<P, Q, Nothing, I, Reading, Page<Static<I>>>, 'body' | 'idempotent' | 'reply' | 'handle'> & {
    item: I
    handle: (context: Reading, input: Omit<Input<Static<P>, Static<Q>, unknown>, 'query'> & { query: Static<Q> & Paged }) => Promise<Page<Static<I>>>
  },
): Route {
  const { item, query, ...rest } = declared
  return route({ kind: 'list', method: 'get', path, status: 200, ...rest, query: shape({ ...query?.properties, ...PAGE }), reply: Type.Array(item) })
}

/** The compiler has checked each declaration; from here on all routes look alike. */
function route(declared: {
  kind: Route['kind']; method: Method; path: string; summary: string; status: number; access?: Access
  params?: TObject; query?: TObject; body?: TSchema; reply: TSchema; idempotent?: boolean; isFollowed?: boolean
  handle: unknown; afterCommit?: unknown; etag?: unknown
}): Route {
  const { params = NOTHING, query = NOTHING, reply } = declared
  const body = declared.body ?? (declared.method === 'get' || declared.method === 'delete' ? undefined : NOTHING)
  return {
    kind: declared.kind, method: declared.method, path: declared.path, tag: declared.path.split('/')[1] ?? '',
    summary: declared.summary, access: declared.access ?? 'signed-in', status: declared.status,
    schemas: { params, query, body, reply },
    check: { params: compile(params), query: compile(query, { coerce: true }), body: body && compile(body), reply: compile(reply) },
    idempotent: declared.idempotent ?? true,
    run: declared.handle as Route['run'],
    afterCommit: declared.afterCommit as Route['afterCommit'],
    etag: declared.etag as Route['etag'],
    isFollowed: declared.isFollowed ?? false,
  }
}
