// The header Idempotency-Key, for every write of somebody signed in.

import { createHash } from 'node:crypto'
import type { Request } from 'express'
import type { Change } from '../../shared/kit/change.ts'
import { malformed } from '../../shared/kit/errors.ts'
import { once, type Answer } from '../../shared/kit/idempotency.ts'
import type { Input, Route } from './route.ts'

type Asked = Pick<Input<unknown, unknown, unknown>, 'actor' | 'params' | 'query' | 'body' | 'ifMatch'>

export async function answerOnce(change: Change, route: Route, req: Request, input: Asked, work: () => Promise<Answer>): Promise<Answer> {
  const key = req.get('idempotency-key')
  if (key === undefined || !route.idempotent || !input.actor) return work()
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) throw malformed([{ path: '/headers/idempotency-key', message: 'must be 1 to 200 visible characters' }])
  return once(change, { userId: input.actor.id, key, requestHash: hashOf(route, input) }, work)
}

/** The request as the house understood it: another spelling of keys or another order of paths' aliases is the same request. */
function hashOf(route: Route, { params, query, body, ifMatch }: Asked): string {
  return createHash('sha256').update(JSON.stringify([route.method, route.path, params, query, body, ifMatch])).digest('base64url')
}
