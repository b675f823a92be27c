import { id, shape } from '../../shared/kit/declare/schema.ts'
import { retryFailure, retryFailures } from '../../shared/operations/actions.ts'
import { countFailures, listFailures } from '../../shared/operations/queries.ts'
import { Failure, OperationsSummary, Retried } from '../../shared/operations/schema.ts'
import { operatesInstallation } from '../../shared/organisations/queries.ts'
import type { PulseReader } from '../http/pulse.ts'
import type { Route } from '../http/route.ts'
import { keysetList, read, write } from '../http/route-builders.ts'

const access = ['ADMIN'] as const

export const operationRoutes = (readPulse: PulseReader): Route[] => [
  read('/operations/summary', {
    summary: 'How much failed; to whoever operates the installation, how that does',
    access: ['ADMIN', 'SUPERVISOR'],
    reply: OperationsSummary,
    handle: async (reading, { caller }) => ({
      failures: await countFailures(reading, caller.orgId),
      installation: (await operatesInstallation(reading, caller.orgId)) ? await readPulse() : null,
    }),
  }),
  keysetList('/operations/failures', {
    summary: 'What failed for good, newest first',
    access,
    query: shape({}),
    item: Failure,
    handle: (reading, { query, caller }) => listFailures(reading, caller.orgId, query),
  }),
  write('post', '/operations/failures/retry', {
    summary: 'Try the newest 500 of them again',
    access,
    reply: Retried,
    handle: (change, { caller }) => retryFailures(change, caller),
  }),
  write('post', '/operations/failures/:id/retry', {
    summary: 'Try one of them again',
    access,
    params: shape({ id: id('As the list says.') }),
    reply: Failure,
    handle: (change, { params, caller }) => retryFailure(change, caller, params.id),
  }),
]
