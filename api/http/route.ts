// One object per endpoint. From it come validation (every problem at once), authorisation, the transaction, idempotency,
// the reply's shape and OpenAPI. A route declares; it does not do. The functions that make one: route-builders.ts.

import type { Readable } from 'node:stream'
import type { Change, Reading } from '../../shared/kit/store/change.ts'
import type { AppError } from '../../shared/kit/declare/errors.ts'
import type { ProblemCode } from '../../shared/kit/declare/problem-codes.ts'
import type { SchemaCheck, Static, TObject, TSchema } from '../../shared/kit/declare/schema.ts'
import type { KeyHolder } from '../../shared/integrations/schema.ts'
import type { Scope } from '../../shared/integrations/scopes.ts'
import type { Actor, Role } from '../../shared/organisations/roles.ts'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
/** Who may call: anybody, anybody signed in, people of these roles, or other programs by their key. Finer rules live in the domains. */
export type Access = 'open' | 'signed-in' | 'api-key' | readonly Role[]

/** Who stands behind a request: nobody that we know, a program, or a person. */
export type CallerOf<A extends Access> = A extends 'open'
  ? undefined
  : A extends 'api-key'
    ? KeyHolder
    : Actor

export type Caller = CallerOf<Access>

export const isPerson = (caller: Caller): caller is Actor => caller !== undefined && 'role' in caller

export interface Input<P, Q, B, A extends Access = 'signed-in'> {
  params: P
  query: Q
  body: B
  caller: CallerOf<A>
  /** The version in If-Match; undefined: unconditional. */
  ifMatch: number | undefined
  userAgent: string | undefined
  /** For routes that are not `idempotent` by it, because what they make has an identity of its own. */
  idempotencyKey: string | undefined
}

/** Of a route of which only its kind is known: who calls may be anybody. */
export type AnyInput = Input<unknown, unknown, unknown, Access>

export interface ListPage<T> {
  items: T[]
  /** How many there are; above MOST_COUNTED: more than that. */
  total?: number
  /** Where the next page begins, as a cursor or in a word of the list's own; null: there is none. */
  next: string | Readonly<Record<string, number>> | null
  /** The part that was asked for, where entries are counted. */
  counted?: { limit: number; offset: number }
}

/** Most entries to skip by counting: they are read and thrown away. Whoever goes further goes by the Link. */
export const MAX_OFFSET = 10_000

export interface Route {
  kind: 'write' | 'read' | 'list' | 'upload' | 'download' | 'stream'
  method: Method
  path: string
  tag: string
  summary: string
  access: Access
  scope: Scope | undefined
  asItself: boolean
  /** Codes with which it may refuse, beside those that come of its kind (openapi-refusals.ts). */
  refuses: readonly ProblemCode[]
  status: number
  schemas: { params: TSchema; query: TSchema; body: TSchema | undefined; reply: TSchema }
  check: {
    params: SchemaCheck<unknown>
    query: SchemaCheck<unknown>
    body: SchemaCheck<unknown> | undefined
    reply: SchemaCheck<unknown>
  }
  /** Bytes of the body. */
  bodyLimit: number
  /** Media types, where the body is a text instead of JSON: its handler gets `{type, text}`. */
  takesText: readonly string[]
  /** False where a repeated answer would repeat a secret, or where the thing made is itself known by the key. */
  idempotent: boolean
  /** Whether what it does with this input is one statement and needs no transaction around it. */
  isOneStatement: (input: AnyInput) => boolean
  /** Those of one organisation for which this is the same, and that wait at the same time, share a transaction; undefined: none. */
  gatheredBy: (input: AnyInput) => string | undefined
  atOnce: AtOnce<AnyInput, unknown> | undefined
  run: (context: Change | Reading, input: AnyInput) => Promise<unknown>
  afterCommit: ((result: unknown) => unknown) | undefined
  etag: ((reply: unknown) => string) | undefined
  /** Where the thing made, or the work begun, can be looked at, below the base path. */
  location: ((reply: unknown) => string) | undefined
  /** What it answers is then followed live, on the person's own channels or in rooms: the answer says from where (X-Cursor). */
  isFollowed: boolean | 'rooms'
  upload: Upload<unknown> | undefined
}

/** How those that wait at the same time (`gatheredBy`) are done by one statement instead of one transaction. */
export interface AtOnce<I, Result> {
  /** Of each by itself, before. @throws AppError */
  count: (reading: Reading, input: I) => Promise<void>
  /** @returns undefined of those that have to be done alone, by `handle`, which does not count them again */
  run: (asked: readonly { change: Change; input: I }[]) => Promise<readonly (Result | undefined)[]>
}

/** Where the bytes of an upload go while they arrive, outside of any transaction; the change then writes them down. */
export interface Upload<S> {
  /** Bytes of the file, and what to say above them. */
  limit: (config: Reading['config']) => number
  tooLarge: (config: Reading['config']) => AppError
  store: (
    context: Pick<Reading, 'config' | 'now'>,
    actor: Actor,
    part: { name: string; source: Readable },
  ) => Promise<S>
  /** Takes back what store kept, when it could not be written down. */
  discard: (context: Pick<Reading, 'config' | 'now'>, stored: S) => Promise<void>
  /** What makes two uploads under one Idempotency-Key the same. */
  sameness: (stored: S) => unknown
}

export interface Declaration<
  A extends Access,
  P extends TObject,
  Q extends TObject,
  B extends TSchema,
  R extends TSchema,
  Context,
  Result,
> {
  summary: string
  access?: A
  /** Which scope of its key a program needs; absent: for people only. */
  scope?: Scope
  /** Whether a program may do it in its own name, and not only for a person who may. */
  asItself?: boolean
  /** Codes with which it may refuse, beside those that come of its kind (openapi-refusals.ts). */
  refuses?: readonly ProblemCode[]
  params?: P
  query?: Q
  body?: B
  reply: R
  status?: number
  idempotent?: boolean
  /** Bytes of the body, where it may be larger than usual. */
  bodyLimit?: number
  takesText?: readonly string[]
  /** True where clients go on with events from what they read. */
  isFollowed?: boolean | 'rooms'
  handle: (context: Context, input: Input<Static<P>, Static<Q>, Static<B>, A>) => Promise<Result>
}
