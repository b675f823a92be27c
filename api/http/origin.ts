// Where a change comes from, as its audit rows and logs will say.

import { randomUUID } from 'node:crypto'
import type { Request } from 'express'
import type { Origin } from '../../shared/kit/store/change.ts'
import type { Caller } from './route.ts'

/** @param caller who is known to ask */
export function originOf(req: Request, caller?: Caller): Origin {
  return { requestId: req.requestId, ip: req.address, orgId: caller?.orgId ?? null }
}

export function newRequestId(given: string | undefined): string {
  return given && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID()
}
