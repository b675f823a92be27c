// What a request brings, checked against its route: every problem at once.

import type { Request } from 'express'
import { AppError, malformed, type Problem } from '../../shared/kit/declare/errors.ts'
import type { SchemaCheck } from '../../shared/kit/declare/schema.ts'
import { mustBeKeepable } from '../../shared/kit/text/text.ts'
import { versionOf } from './etag.ts'
import { respellKeys } from './key-style.ts'
import type { AnyInput, Caller, Route } from './route.ts'

/** @throws AppError 400 with every problem of path, query, body and headers */
export function readInput(route: Route, req: Request, caller: Caller): AnyInput {
  const problems: Problem[] = []
  const check = (by: SchemaCheck<unknown> | undefined, value: unknown, at: string): unknown => {
    try {
      return by?.(value, at)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      problems.push(...(error.errors ?? []))
      return undefined
    }
  }
  const params = check(route.check.params, { ...req.params }, '/params')
  mustBeKeepable(req.query, '/query')
  const query = check(route.check.query, queryOf(req), '/query')
  const body = route.upload
    ? undefined
    : check(route.check.body, respellKeys(req.body ?? {}, req.keyStyle), '/body')
  const ifMatch = versionOf(req.get('if-match'), problems)
  if (problems.length > 0) throw malformed(problems)
  return {
    params,
    query,
    body,
    caller,
    ifMatch,
    userAgent: req.get('user-agent'),
    idempotencyKey: req.get('idempotency-key'),
  }
}

/** `keys` chooses the spelling of the answer (key-style.ts) and is no business of the route. */
function queryOf(req: Request): unknown {
  const { keys: _, ...query } = req.query
  return respellKeys(query, 'snake')
}
