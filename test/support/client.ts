// A person at a REST client.

import { request, type Dispatcher } from 'undici'
import { holdAgainstContract } from './contract.ts'

export interface Reply {
  status: number
  headers: Headers
  // What a test expects of it, the test says.
  body: any
}

export interface Caller {
  get(path: string, headers?: Record<string, string>): Promise<Reply>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>
  delete(path: string, headers?: Record<string, string>, body?: unknown): Promise<Reply>
}

/** Says itself of which media type it is. */
const isRaw = (body: unknown): body is FormData | Blob => body instanceof FormData || body instanceof Blob

/** What `fetch` says of itself. */
const AS_FETCH = { accept: '*/*', 'accept-language': '*', 'user-agent': 'node' }

interface Answer {
  status: number
  headers: Headers
  text: string
}

/** Where there is nobody, or nobody any more. */
function failAsFetch(cause: unknown): never {
  throw new TypeError('fetch failed', { cause })
}

/** `fetch` costs six times the processor of `request`; what is made of several parts, only it can say. */
async function send(
  url: string,
  method: Dispatcher.HttpMethod,
  given: Record<string, string>,
  body: string | FormData | Blob | undefined,
): Promise<Answer> {
  if (isRaw(body)) {
    const response = await fetch(url, { method, headers: given, body })
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  const sent = new Headers(AS_FETCH)
  for (const [name, value] of Object.entries(given)) sent.set(name, value)
  const answer = await request(url, {
    method,
    headers: [...sent].flat(),
    ...(body !== undefined && { body }),
  }).catch(failAsFetch)
  const headers = new Headers()
  for (const [name, values] of Object.entries(answer.headers))
    for (const value of [values ?? []].flat()) headers.append(name, value)
  return { status: answer.statusCode, headers, text: await answer.body.text().catch(failAsFetch) }
}

/** @param base origin with or without a base path */
export function caller(base: string, token?: string): Caller {
  const call = async (
    method: Dispatcher.HttpMethod,
    path: string,
    body: unknown,
    given: Record<string, string> = {},
  ): Promise<Reply> => {
    const { status, headers, text } = await send(
      base + path,
      method,
      {
        ...(body !== undefined && !isRaw(body) && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...given,
      },
      body === undefined || typeof body === 'string' || isRaw(body) ? body : JSON.stringify(body),
    )
    const reply = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text
    holdAgainstContract({ method, path: new URL(base + path).pathname, body, status, reply })
    return { status, headers, body: reply }
  }
  return {
    get: (path, headers) => call('GET', path, undefined, headers),
    post: (path, body = {}, headers) => call('POST', path, body, headers),
    put: (path, body = {}, headers) => call('PUT', path, body, headers),
    patch: (path, body = {}, headers) => call('PATCH', path, body, headers),
    delete: (path, headers, body) => call('DELETE', path, body, headers),
  }
}
