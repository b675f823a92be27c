// Where a change comes from, as its audit rows and logs will say.

import { randomUUID } from 'node:crypto'
import type { Request } from 'express'
import type { Origin } from '../../shared/kit/store/change.ts'
import { isPerson, type Caller } from './route.ts'

/** @param caller who is known to ask */
export function originOf(req: Request, caller?: Caller): Origin {
  const keyId = isPerson(caller) ? caller.keyId : caller?.id
  return { requestId: req.requestId, ip: req.address, orgId: caller?.orgId ?? null, keyId }
}

export function newRequestId(given: string | undefined): string {
  return given && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID()
}
