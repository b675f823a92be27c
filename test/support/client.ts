// A person at a REST client.

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

/** @param base origin with or without a base path */
export function caller(base: string, token?: string): Caller {
  const call = async (
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string> = {},
  ): Promise<Reply> => {
    const response = await fetch(base + path, {
      method,
      headers: {
        ...(body !== undefined && !isRaw(body) && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && {
        body: typeof body === 'string' || isRaw(body) ? body : JSON.stringify(body),
      }),
    })
    const text = await response.text()
    const reply = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text
    const { status } = response
    holdAgainstContract({ method, path: new URL(base + path).pathname, body, status, reply })
    return { status, headers: response.headers, body: reply }
  }
  return {
    get: (path, headers) => call('GET', path, undefined, headers),
    post: (path, body = {}, headers) => call('POST', path, body, headers),
    put: (path, body = {}, headers) => call('PUT', path, body, headers),
    patch: (path, body = {}, headers) => call('PATCH', path, body, headers),
    delete: (path, headers, body) => call('DELETE', path, body, headers),
  }
}
