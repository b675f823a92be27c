// What happened to an approval, in order: a row for each step of it, written with what causes it.

import type { LateTable } from '../../kit/store/causes.ts'
import type { Change } from '../../kit/store/change.ts'
import type { Db } from '../../kit/store/db.ts'
import { readPage, type Key, type Listed, type PagePart } from '../../kit/store/keyset.ts'
import { personIdOf, type Actor } from '../../organisations/roles.ts'
import { getApproval } from '../queries.ts'
import type { ApprovalEntry, HistoryAction } from './schema.ts'
import type { ApprovalRow } from '../table.ts'

interface HistoryRow {
  orgId: string
  approvalId: string
  action: HistoryAction
  actorId: string | null
  onBehalfOfId: string | null
  people: readonly string[]
  notes: string | null
  at: Date
}

const HISTORY_ROWS: LateTable<HistoryRow> = {
  name: 'approval_history',
  columns: {
    orgId: 'uuid',
    approvalId: 'uuid',
    action: 'text',
    actorId: 'uuid',
    onBehalfOfId: 'uuid',
    people: 'uuid[]',
    notes: 'text',
    at: 'timestamptz',
  },
}

interface Step {
  /** Who did it; absent: the system, or a program in its own name. */
  actor?: Pick<Actor, 'id' | 'keyId'> | undefined
  onBehalfOfId?: string | null
  /** Whom it is about: who is asked, reminded, or asked no longer. */
  people?: readonly string[]
  notes?: string | null | undefined
}

export function recordStep(
  change: Change,
  { id: approvalId, orgId }: Pick<ApprovalRow, 'id' | 'orgId'>,
  action: HistoryAction,
  { actor, onBehalfOfId = null, people = [], notes = null }: Step = {},
): void {
  change.addRow(HISTORY_ROWS, {
    orgId,
    approvalId,
    action,
    actorId: (actor && personIdOf(actor)) ?? null,
    onBehalfOfId,
    people,
    notes,
    at: change.now,
  })
}

const BRIEF = `jsonb_build_object('id', u.id, 'fullName', u.full_name, 'role', u.role)`
const IN_ORDER: readonly Key<ApprovalEntry & { n: number }>[] = [
  { column: 'n', kind: 'number', of: ({ n }) => n },
]

/** Oldest first. @throws AppError 404, also for whoever may not see the approval */
export async function listHistory(
  db: Db,
  actor: Actor,
  approvalId: string,
  now: Date,
  part: PagePart,
): Promise<Listed<ApprovalEntry>> {
  await getApproval(db, actor, approvalId, now)
  const columns = [
    'n',
    'at',
    'action',
    'notes',
    db.raw(`(select ${BRIEF} from users u where u.id = actor_id) as person,
      (select ${BRIEF} from users u where u.id = on_behalf_of_id) as on_behalf_of,
      (select coalesce(jsonb_agg(${BRIEF} order by u.full_name, u.id), '[]') from users u where u.id = any(people)) as people`),
  ]
  const found = db('approval_history').where({ approvalId })
  const { items, next } = await readPage<ApprovalEntry & { n: number }>(found, columns, IN_ORDER, part)
  return { items: items.map(({ n: _n, ...entry }) => entry), next }
}
