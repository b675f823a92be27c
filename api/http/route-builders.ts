// Makes routes: one function for each kind. The compiler checks a declaration here, also who its handler may take the caller for.

import type { Change, Reading } from '../../shared/kit/store/change.ts'
import { malformed } from '../../shared/kit/declare/errors.ts'
import type { ProblemCode } from '../../shared/kit/declare/problem-codes.ts'
import type { PagePart } from '../../shared/kit/store/keyset.ts'
import {
  compileSchema,
  shape,
  Type,
  type Static,
  type TObject,
  type TSchema,
} from '../../shared/kit/declare/schema.ts'
import type { Scope } from '../../shared/integrations/scopes.ts'
import { ANONYMOUS_BODY_LIMIT, BODY_LIMIT } from './body.ts'
import type { Download, StreamedDownload } from './download.ts'
import { FIELD } from './multipart.ts'
import {
  MAX_OFFSET,
  type Access,
  type AtOnce,
  type Declaration,
  type Input,
  type Method,
  type ListPage,
  type Route,
  type Upload,
} from './route.ts'

const NOTHING = shape({})
type Nothing = typeof NOTHING

/** Some clients count pages. */
export const PAGE_NUMBER = Type.Optional(
  Type.Integer({
    minimum: 1,
    maximum: MAX_OFFSET + 1,
    description: `Instead of offset: from 1, and as far as an offset goes (${MAX_OFFSET} entries).`,
  }),
)

const PAGE = {
  limit: Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'Limit.' }),
  offset: Type.Integer({
    minimum: 0,
    maximum: MAX_OFFSET,
    default: 0,
    description: 'Entries to skip; for further pages follow Link.',
  }),
  page: PAGE_NUMBER,
}

/** A page by its number is one by its offset. @throws AppError 400 for one that is further than an offset goes */
export function atPage<Q extends PagePart & { page?: number }>({ page, ...query }: Q): Omit<Q, 'page'> {
  if (page === undefined) return query
  const offset = (page - 1) * query.limit
  if (offset > MAX_OFFSET)
    throw malformed([
      {
        path: '/query/page',
        message: `must begin within the first ${MAX_OFFSET} entries; go on by the Link of the page before`,
      },
    ])
  return { ...query, offset }
}

const CURSOR = {
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2000,
      description: 'As the Link of the page before says.',
    }),
  ),
}
const KEYSET = { limit: { ...PAGE.limit, default: 20 }, ...CURSOR }
type Keyset = { limit: number; cursor?: string }

/** A write: runs in a change; 201 for POST, 200 otherwise, unless said. */
export function write<
  R extends TSchema,
  const A extends Access = 'signed-in',
  P extends TObject = Nothing,
  Q extends TObject = Nothing,
  B extends TSchema = Nothing,
  Result = Static<R>,
>(
  /** A GET that makes what it is asked for, if need be, is one, too. */
  method: Method,
  path: string,
  declared: Declaration<A, P, Q, B, R, Change, Result> & {
    /** Runs once the change stands; may throw what the client hears although the change is kept. */
    afterCommit?: (result: Result) => Static<R>
    etag?: (reply: Static<R>) => string
    location?: (reply: Static<R>) => string
    isOneStatement?: (input: Input<Static<P>, Static<Q>, Static<B>, A>) => boolean
    /** What it locks must follow from this alone, so that two such transactions never wait for each other. It takes no `afterCommit`. */
    gatheredBy?: (input: Input<Static<P>, Static<Q>, Static<B>, A>) => string | undefined
    atOnce?: AtOnce<Input<Static<P>, Static<Q>, Static<B>, A>, Static<R>>
  },
): Route {
  return route({ kind: 'write', method, path, status: method === 'post' ? 201 : 200, ...declared })
}

export function read<
  R extends TSchema,
  const A extends Access = 'signed-in',
  P extends TObject = Nothing,
  Q extends TObject = Nothing,
>(
  path: string,
  declared: Omit<Declaration<A, P, Q, Nothing, R, Reading, Static<R>>, 'body' | 'idempotent'> & {
    etag?: (reply: Static<R>) => string
  },
): Route {
  return route({ kind: 'read', method: 'get', path, status: 200, ...declared })
}

type ListDeclaration<I extends TSchema, A extends Access, P extends TObject, Q extends TObject> = Omit<
  Declaration<A, P, Q, Nothing, I, Reading, ListPage<Static<I>>>,
  'body' | 'idempotent' | 'reply' | 'handle'
> & {
  item: I
  /** Its entries have numbers, by which one goes on: it takes no cursor. */
  isNumbered?: true
  handle: (
    context: Reading,
    input: Omit<Input<Static<P>, Static<Q>, unknown, A>, 'query'> & { query: Static<Q> & PagePart },
  ) => Promise<ListPage<Static<I>>>
}

/**
 * A list: a JSON array, with X-Total-Count up to MOST_COUNTED and X-Has-More above. `handle` says where the next page
 * begins, whatever comes, goes or moves up meanwhile; Link leads there.
 */
export function list<
  I extends TSchema,
  const A extends Access = 'signed-in',
  P extends TObject = Nothing,
  Q extends TObject = Nothing,
>(path: string, declared: ListDeclaration<I, A, P, Q>): Route {
  const { item, query, isNumbered, handle, ...rest } = declared
  const paged: typeof handle = async (context, input) => {
    const query = atPage(input.query) as typeof input.query
    return { ...(await handle(context, { ...input, query })), counted: query }
  }
  return route({
    kind: 'list',
    method: 'get',
    path,
    status: 200,
    ...rest,
    handle: paged,
    query: shape({ ...query?.properties, ...PAGE, ...(!isNumbered && CURSOR) }),
    reply: Type.Array(item),
  })
}

/** A list whose pages cost the same however deep they are: Link names the next one by a cursor that only we can read. */
export function keysetList<I extends TSchema, Q extends TObject, const A extends Access = 'signed-in'>(
  path: string,
  declared: Pick<
    Declaration<A, Nothing, Q, Nothing, I, Reading, ListPage<Static<I>>>,
    'summary' | 'access' | 'scope' | 'asItself'
  > & {
    query: Q
    item: I
    handle: (
      context: Reading,
      input: Omit<Input<unknown, Static<Q>, unknown, A>, 'query'> & { query: Static<Q> & Keyset },
    ) => Promise<ListPage<Static<I>>>
  },
): Route {
  const { item, query, ...rest } = declared
  return route({
    kind: 'list',
    method: 'get',
    path,
    status: 200,
    ...rest,
    query: shape({ ...query.properties, ...KEYSET }),
    reply: Type.Array(item),
  })
}

/** One file, as multipart/form-data. The handler's body is what `store` made of it. */
export function upload<R extends TSchema, S>(
  path: string,
  declared: Pick<
    Declaration<'signed-in', Nothing, Nothing, TSchema, R, Change, Static<R>>,
    'summary' | 'access' | 'scope' | 'reply'
  > &
    Upload<S> & {
      handle: (change: Change, input: Input<unknown, unknown, S>) => Promise<Static<R>>
    },
): Route {
  const { limit, tooLarge, store, discard, sameness, ...rest } = declared
  const body = shape({
    [FIELD]: Type.String({
      contentMediaType: 'application/octet-stream',
      description: 'With its name.',
    }),
  })
  const declaredRoute = route({ kind: 'upload', method: 'post', path, status: 201, ...rest, body })
  return { ...declaredRoute, upload: { limit, tooLarge, store, discard, sameness } as Upload<unknown> }
}

/** Answers bytes instead of JSON, and ranges of them. */
export function download<
  const A extends Access = 'signed-in',
  P extends TObject = Nothing,
  Q extends TObject = Nothing,
>(
  path: string,
  declared: Pick<
    Declaration<A, P, Q, Nothing, TSchema, Reading, Download>,
    'summary' | 'access' | 'scope' | 'params' | 'query' | 'refuses' | 'handle'
  >,
): Route {
  return route({ kind: 'download', method: 'get', path, status: 200, ...declared, reply: BYTES })
}

/** Answers bytes that are made while they are read. The handler runs in a change, which stands before the first of them. */
export function stream<Q extends TObject, const A extends Access = 'signed-in'>(
  path: string,
  declared: Pick<
    Declaration<A, Nothing, Q, Nothing, TSchema, Change, StreamedDownload>,
    'summary' | 'access' | 'scope' | 'query' | 'handle'
  >,
): Route {
  return route({ kind: 'stream', method: 'get', path, status: 200, ...declared, reply: BYTES })
}

const BYTES = Type.String({ contentMediaType: 'application/octet-stream' })

/** The compiler has checked each declaration; from here on all routes look alike. */
interface AnyDeclaration {
  kind: Route['kind']
  method: Method
  path: string
  summary: string
  status: number
  access?: Access
  scope?: Scope
  asItself?: boolean
  refuses?: readonly ProblemCode[]
  params?: TObject
  query?: TObject
  body?: TSchema
  reply: TSchema
  idempotent?: boolean
  bodyLimit?: number
  takesText?: readonly string[]
  isFollowed?: boolean | 'rooms'
  isOneStatement?: unknown
  gatheredBy?: unknown
  atOnce?: unknown
  handle: unknown
  afterCommit?: unknown
  etag?: unknown
  location?: unknown
}

function route(declared: AnyDeclaration): Route {
  const { params = NOTHING, query = NOTHING, reply } = declared
  const body = declared.body ?? (declared.method === 'get' ? undefined : NOTHING)
  return {
    kind: declared.kind,
    method: declared.method,
    path: declared.path,
    tag: declared.path.split('/')[1] ?? '',
    summary: declared.summary,
    access: declared.access ?? 'signed-in',
    scope: declared.scope,
    asItself: declared.asItself ?? false,
    refuses: declared.refuses ?? [],
    status: declared.status,
    schemas: { params, query, body, reply },
    check: {
      params: compileSchema(params),
      query: compileSchema(query, { coerce: true }),
      body: body && compileSchema(body),
      reply: compileSchema(reply, { isReply: true }),
    },
    bodyLimit: declared.bodyLimit ?? (declared.access === 'open' ? ANONYMOUS_BODY_LIMIT : BODY_LIMIT),
    takesText: declared.takesText ?? [],
    idempotent: declared.idempotent ?? true,
    isOneStatement: (declared.isOneStatement ?? (() => false)) as Route['isOneStatement'],
    gatheredBy: (declared.gatheredBy ?? (() => undefined)) as Route['gatheredBy'],
    atOnce: declared.atOnce as Route['atOnce'],
    run: declared.handle as Route['run'],
    afterCommit: declared.afterCommit as Route['afterCommit'],
    etag: declared.etag as Route['etag'],
    location: declared.location as Route['location'],
    isFollowed: declared.isFollowed ?? false,
    upload: undefined,
  }
}
