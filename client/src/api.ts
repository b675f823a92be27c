// Every operation of the API by its name, with the types of the OpenAPI document.

import { OPERATIONS, type operations } from './contract.ts'
import { ProblemError, unreachable } from './problem-error.ts'

/** A text says by its Blob of which type it is, files come in a form. */
type Sent<Content> = Content extends { 'application/json': infer Body } ? Body : Blob | FormData

type BodyOf<O> = O extends { requestBody: { content: infer Content } }
  ? { body: Sent<Content> }
  : O extends { requestBody?: { content: infer Content } | undefined }
    ? { body?: Sent<Content> }
    : unknown

type Parameters<O> = O extends { parameters: infer P }
  ? Pick<P, keyof P & ('path' | 'query' | 'header')>
  : unknown

/** What an operation takes: `path`, `query`, `header` and `body`. */
export type InputOf<Name extends keyof operations> = Parameters<operations[Name]> & BodyOf<operations[Name]>

type JsonOf<Answer> = Answer extends { content: { 'application/json': infer Reply } } ? Reply : unknown
type Success = 200 | 201 | 202

/** What it answers. */
export type ReplyOf<Name extends keyof operations> = operations[Name] extends { responses: infer Answers }
  ? { [Status in keyof Answers & Success]: JsonOf<Answers[Status]> }[keyof Answers & Success]
  : unknown

type Call<Name extends keyof operations> = (
  ...input: object extends InputOf<Name> ? [input?: InputOf<Name>] : [input: InputOf<Name>]
) => Promise<ReplyOf<Name>>

export type Api = { readonly [Name in keyof operations]: Call<Name> }

interface AnyInput {
  path?: Record<string, unknown>
  query?: Record<string, unknown>
  header?: Record<string, unknown>
  body?: unknown
}

export interface ApiOptions {
  /** Origin of the API: operations name their whole path. */
  base: string
  fetch: typeof fetch
  /** @param refused the one that the server takes no longer */
  token: (refused?: string) => Promise<string | undefined>
}

/** Calls an operation by its name, whatever its types. @throws ProblemError */
export type CallOperation = (name: string, input?: AnyInput) => Promise<unknown>

export function openCalls(options: ApiOptions): CallOperation {
  return async (name, input = {}) => {
    const token = await options.token()
    const response = await send(options, name, input, token)
    if (response.status !== 401 || token === undefined) return replyOf(response)
    const fresh = await options.token(token)
    return replyOf(fresh === undefined ? response : await send(options, name, input, fresh))
  }
}

/** `api.getBookings({ query })`: a name that the server has not is a promise that is refused. */
export function nameCalls(call: CallOperation): Api {
  const named = Object.keys(OPERATIONS).map((name) => [name, (input?: AnyInput) => call(name, input)])
  return Object.fromEntries(named)
}

async function send(
  { base, fetch }: ApiOptions,
  name: string,
  { path = {}, query = {}, header = {}, body }: AnyInput,
  token: string | undefined,
): Promise<Response> {
  const [method = '', template = ''] = (OPERATIONS[name] ?? '').split(' ')
  const filled = template.replaceAll(/\{(\w+)\}/g, (_, field: string) =>
    encodeURIComponent(String(path[field])),
  )
  const isJson = body !== undefined && !(body instanceof FormData) && !(body instanceof Blob)
  try {
    return await fetch(base + filled + queryOf(query), {
      method: method.toUpperCase(),
      headers: {
        ...(isJson && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...Object.fromEntries(Object.entries(header).map(([key, value]) => [key, String(value)])),
      },
      ...(body !== undefined && { body: isJson ? JSON.stringify(body) : (body as BodyInit) }),
    })
  } catch (error) {
    throw unreachable(error)
  }
}

function queryOf(query: Record<string, unknown>): string {
  const given = Object.entries(query).flatMap(([key, value]) =>
    [value ?? []].flat().map((one) => [key, String(one)]),
  )
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`
}

async function replyOf(response: Response): Promise<unknown> {
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  if (response.ok) return isJson ? response.json() : response.blob()
  const { status } = response
  const problem = isJson ? await response.json() : {}
  throw new ProblemError({
    type: 'about:blank',
    title: 'Error',
    status,
    code: 'unknown',
    detail: `Answered ${status}`,
    ...problem,
  })
}
