// Reads of what failed for good: jobs, deliveries and facts of one organisation; of the one that operates the installation also
// the system's own jobs. A job that was about a delivery shows as the delivery.

import type { Reading } from '../kit/store/change.ts'
import type { Db, Query } from '../kit/store/db.ts'
import { countAllFound, readPageOfAll, type Key, type Listed } from '../kit/store/keyset.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import { operatesInstallation } from '../organisations/queries.ts'
import { Failure } from './schema.ts'

const NEWEST_FIRST: readonly Key<Failure>[] = [
  { column: 'at', kind: 'instant', descends: true, of: ({ at }) => at },
  { column: 'id', kind: 'id', of: ({ id }) => id },
]

export async function listFailures(
  reading: Pick<Reading, 'db' | 'config'>,
  orgId: string,
  part: { limit: number; cursor?: string },
): Promise<Listed<Failure>> {
  const branches = await failuresOf(reading, orgId)
  return readPageOfAll(reading.db, branches, columnsOf(Failure), NEWEST_FIRST, { offset: 0, ...part })
}

export async function countFailures(reading: Pick<Reading, 'db' | 'config'>, orgId: string): Promise<number> {
  return countAllFound(reading.db, await failuresOf(reading, orgId))
}

export async function findFailure(
  reading: Pick<Reading, 'db' | 'config'>,
  orgId: string,
  id: string,
): Promise<Failure | undefined> {
  const branches = await failuresOf(reading, orgId)
  const [found] = await readPageOfAll<Failure>(
    reading.db,
    branches.map((branch) => branch.where({ id })),
    columnsOf(Failure),
    NEWEST_FIRST,
    { limit: 1, offset: 0 },
  ).then(({ items }) => items)
  return found
}

async function failuresOf({ db, config }: Pick<Reading, 'db' | 'config'>, orgId: string): Promise<Query[]> {
  const operates = await operatesInstallation({ db, config }, orgId)
  const jobs = db('jobs').whereNotNull('failedAt').whereRaw(`payload->'deliveryId' is null`)
  void (operates ? jobs.whereRaw('(org_id = ? or org_id is null)', [orgId]) : jobs.where({ orgId }))
  return [
    named(
      db,
      // A cursor is written in milliseconds.
      jobs.select(
        'id',
        db.raw(`'job' as kind, name, date_trunc('milliseconds', failed_at) as at, null::integer as attempts`),
        'failedReason as reason',
      ),
    ),
    named(db, deliveriesOf(db, 'deliveries', orgId).select(db.raw(`'delivery' as kind, channel as name`))),
    named(db, deliveriesOf(db, 'fact_deliveries', orgId).select(db.raw(`'fact' as kind, event as name`))),
  ]
}

const deliveriesOf = (db: Db, table: 'deliveries' | 'fact_deliveries', orgId: string): Query =>
  db(table)
    .where({ orgId, status: 'FAILED' })
    .select('id', 'updatedAt as at', 'attempts', 'lastError as reason')

const named = (db: Db, found: Query): Query => db.from(found.as('failures'))
