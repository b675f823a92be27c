// Bringing many people at once, from a file of another system: all of it or nothing. The same file once more changes nothing.

import { randomUUID } from 'node:crypto'
import type { Change } from '../../kit/store/change.ts'
import { malformed } from '../../kit/declare/errors.ts'
import { inSlices } from '../../kit/process/slices.ts'
import { toE164 } from '../../kit/text/phone.ts'
import { getOrganisation } from '../../organisations/queries.ts'
import type { ActorOrOperator } from '../../organisations/roles.ts'
import { lockHierarchyForChanges } from '../../users/actions/hold.ts'
import { addPeople, changePlainly } from '../../users/actions/many.ts'
import { listForImport } from '../../users/accounts.ts'
import { changedFields, planImport, type ImportPlan, type KnownPerson } from '../import/plan.ts'
import { readPeople, type ImportRow } from '../import/read.ts'
import type { ImportFormat, ImportProblem, ImportReport } from '../import/schema.ts'
import { orderInvitation } from './accounts.ts'
import { changePerson } from './change.ts'

interface ImportAsk {
  text: string
  format: ImportFormat
  /** Only says what would be done, and what is wrong. */
  isPreview: boolean
  /** Whether those who are new get a mail to choose their password. */
  invites: boolean
}

/** How much is done, from 0 to 1. */
type Tell = (part: number) => void
const [READ, ADDED] = [0.3, 0.7]

/** What one screen shows; more help nobody. */
const MOST_PROBLEMS = 1000

/** @throws AppError 400 with the first problems, each with its line; of a preview they stand in the report */
export async function importPeople(
  change: Change,
  actor: ActorOrOperator,
  { text, format, isPreview, invites }: ImportAsk,
  tell: Tell = () => undefined,
): Promise<ImportReport> {
  const { rows, problems } = await readPeople(text, format)
  const { timezone } = await getOrganisation(change.db, actor.orgId)
  tell(READ)
  await inSlices(readNumbers(timezone, rows, problems))
  if (!isPreview) await lockHierarchyForChanges(change, actor.orgId)
  const plan = planImport(rows, await listForImport(change.db, actor.orgId, keysOf(rows)), randomUUID)
  const all = [...problems, ...plan.problems].toSorted((a, b) => a.line - b.line)
  if (!isPreview && all.length > 0) throw malformed(all.map(asProblem))
  const mayInvite = invites && change.config.SMTP_URL !== undefined
  const invited = mayInvite ? plan.created.filter(({ isActive }) => isActive) : []
  if (!isPreview) await carryOut(change, actor, plan, invited, tell)
  tell(1)
  return {
    created: plan.created.length,
    changed: plan.changed.length,
    unchanged: plan.unchanged,
    invited: invited.length,
    isPreview,
    problems: all.slice(0, MOST_PROBLEMS),
  }
}

const asProblem = ({ line, field, message }: ImportProblem): { path: string; message: string } => ({
  path: field === null ? `/lines/${line}` : `/lines/${line}/${field}`,
  message,
})

/** A local number is one of the organisation's country. */
function* readNumbers(
  timezone: string,
  rows: readonly ImportRow[],
  problems: ImportProblem[],
): Generator<undefined, void> {
  for (const { line, person } of rows) {
    yield undefined
    if (!person.phone) continue
    const number = toE164(person.phone, timezone)
    if (number) person.phone = number
    else
      problems.push({
        line,
        field: 'phone',
        message: 'is no telephone number; write it with its country code',
      })
  }
}

function keysOf(rows: readonly ImportRow[]): { emails: string[]; externalIds: string[]; phones: string[] } {
  return {
    emails: rows.flatMap(({ person }) => person.email?.toLowerCase() ?? []),
    externalIds: rows.flatMap(({ person }) => person.externalId ?? []),
    phones: rows.flatMap(({ person }) => person.phone ?? []),
  }
}

async function carryOut(
  change: Change,
  actor: ActorOrOperator,
  { created, changed }: ImportPlan,
  invited: readonly KnownPerson[],
  tell: Tell,
): Promise<void> {
  await addPeople(change, actor, created)
  tell(ADDED)
  const isPlain = ({ before, after }: { before: KnownPerson; after: KnownPerson }): boolean =>
    !changedFields(before, after).some((field) => STRUCTURAL.has(field))
  await changePlainly(
    change,
    actor,
    changed
      .filter(isPlain)
      .map((each) => ({ after: each.after, fields: changedFields(each.before, each.after) })),
  )
  // Whoever becomes an ADMIN first: the last one may be leaving in this file.
  const rest = changed.filter((each) => !isPlain(each))
  const isPromoted = ({ after }: { after: KnownPerson }): boolean => after.role === 'ADMIN' && after.isActive
  const inOrder = [...rest.filter(isPromoted), ...rest.filter((each) => !isPromoted(each))]
  for (const [at, { before, after }] of inOrder.entries()) {
    await changePerson(change, actor, after.id, patchOf(before, after))
    tell(ADDED + ((1 - ADDED) * at) / inOrder.length)
  }
  for (const { id } of invited) orderInvitation(change, actor, id)
}

/** What waits on a person goes elsewhere when one of these changes. */
const STRUCTURAL: ReadonlySet<string> = new Set(['role', 'isActive', 'managerId'])

function patchOf(before: KnownPerson, after: KnownPerson): Partial<KnownPerson> {
  const fields: ReadonlySet<string> = new Set(changedFields(before, after))
  return Object.fromEntries(Object.entries(after).filter(([field]) => fields.has(field)))
}
