// The body of a request, JSON but where a route takes a text, read only once it is known who asks and how much they may send.
// Promise: a body that is not taken is refused, never left aside in silence; what comes out can be kept and walked through.

import express, { type Request, type Response } from 'express'
import { AppError } from '../../shared/kit/declare/errors.ts'
import { mustBeKeepable } from '../../shared/kit/text/text.ts'
import { styleOf } from './key-style.ts'

/** Of people who are signed in, and of anybody. A route that takes more says so. */
export const BODY_LIMIT = 64 * 1024
export const ANONYMOUS_BODY_LIMIT = 8 * 1024

/** Of a file with people: some 20,000. */
export const IMPORT_BODY_LIMIT = 8 * 1024 * 1024

/** Of what consists of many parts: a year of holidays, a question in fifty wordings. */
export const LARGE_BODY_LIMIT = 256 * 1024

/** Puts the body into `req.body` and its spelling into `req.keyStyle`. */
type ReadBody = (req: Request, res: Response) => Promise<void>

/** @throws AppError 400, 413, 415 */
export function bodyReader(limit: number, texts: readonly string[] = []): ReadBody {
  return texts.length > 0 ? textReader(limit, texts) : jsonReader(limit)
}

/** The body is then what was sent, and as what. */
function textReader(limit: number, types: readonly string[]): ReadBody {
  const parse = express.text({ limit, type: () => true, defaultCharset: 'utf-8' })
  return async (req, res) => {
    const type = req.is([...types])
    if (!type) throw unsupported(req, types)
    await new Promise<void>((resolve, reject) =>
      parse(req, res, (error?: unknown) => (error ? reject(error) : resolve())),
    )
    req.body = { type, text: typeof req.body === 'string' ? req.body : '' }
  }
}

function jsonReader(limit: number): ReadBody {
  const parse = express.json({ limit, type: () => true })
  return async (req, res) => {
    if (hasBody(req)) {
      mustBeJson(req)
      await new Promise<void>((resolve, reject) =>
        parse(req, res, (error?: unknown) => (error ? reject(error) : resolve())),
      )
      mustBeKeepable(req.body, '/body')
    }
    req.keyStyle = styleOf(req)
  }
}

/** Programs say of a request without a body that it has 0 bytes, and no type. */
function hasBody(req: Request): boolean {
  return req.get('transfer-encoding') !== undefined || Number(req.get('content-length') ?? 0) > 0
}

function mustBeJson(req: Request): void {
  if (!req.is('json')) throw unsupported(req, ['application/json'])
}

function unsupported(req: Request, types: readonly string[]): AppError {
  return new AppError(
    415,
    'unsupported',
    `The body must be ${types.join(' or ')}, not ${req.get('content-type') ?? 'without a Content-Type'}`,
  )
}
