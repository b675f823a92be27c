// What a file means for the people who are there: whom it makes, what it changes, and everything that is wrong with it. Pure, but for
// the ids that it asks for.

import { isOfOrganisation, type Role } from '../../organisations/roles.ts'
import type { PersonFields } from '../../users/schema.ts'
import type { ImportRow } from './read.ts'
import type { ImportedPerson, ImportProblem } from './schema.ts'

export type KnownPerson = PersonFields

interface Planned {
  line: number
  before: KnownPerson | undefined
  after: KnownPerson
  manager: string | null | undefined
}

export interface ImportPlan {
  created: KnownPerson[]
  changed: { before: KnownPerson; after: KnownPerson }[]
  unchanged: number
  problems: ImportProblem[]
}

const NOBODY: Omit<KnownPerson, 'id' | 'email' | 'fullName'> = {
  externalId: null,
  phone: null,
  role: 'EMPLOYEE',
  userSegment: null,
  positionLevel: 'STAFF',
  managerId: null,
  department: null,
  locale: null,
  isActive: true,
}

/** @param rows with telephone numbers in E.164 @param known whoever the file may mean, and all who may be managers */
export function planImport(
  rows: readonly ImportRow[],
  known: readonly KnownPerson[],
  newId: () => string,
): ImportPlan {
  const problems: ImportProblem[] = []
  const planned = matchRows(rows, known, newId, problems)
  const result = new Map(known.map((person) => [person.id, person]))
  for (const { after } of planned) result.set(after.id, after)
  mustBeUnique(planned, result, problems)
  findManagers(planned, result, problems)
  mustHaveNoCircle(planned, result, problems)
  mustKeepAnAdmin(planned, known, result, problems)
  const changed = planned.flatMap(({ before, after }) =>
    before && differs(before, after) ? [{ before, after }] : [],
  )
  const created = planned.flatMap(({ before, after }) => (before ? [] : [after]))
  return { created, changed, unchanged: planned.length - created.length - changed.length, problems }
}

function matchRows(
  rows: readonly ImportRow[],
  known: readonly KnownPerson[],
  newId: () => string,
  problems: ImportProblem[],
): Planned[] {
  const byEmail = new Map(known.map((person) => [person.email, person]))
  const byExternalId = new Map(
    known.flatMap((person) => (person.externalId ? [[person.externalId, person]] : [])),
  )
  const lines = new Map<string, number>()
  return rows.flatMap(({ line, person: { manager, ...given } }) => {
    const complain = (field: string, message: string): Planned[] => {
      problems.push({ line, field, message })
      return []
    }
    const person = { ...given, ...(given.email && { email: given.email.toLowerCase() }) }
    const byId = person.externalId === undefined ? undefined : byExternalId.get(person.externalId)
    const byAddress = person.email === undefined ? undefined : byEmail.get(person.email)
    if (byId && byAddress && byId !== byAddress)
      return complain('email', 'belongs to somebody with another external id')
    const before = byId ?? byAddress
    if (before?.externalId && person.externalId && before.externalId !== person.externalId)
      return complain('externalId', 'is another than that of the person with this address')
    for (const key of [person.externalId && `id ${person.externalId}`, person.email, before?.id]) {
      if (!key) continue
      const earlier = lines.get(key)
      if (earlier !== undefined && earlier !== line)
        return complain(key === person.email ? 'email' : 'externalId', `stands in line ${earlier} already`)
      lines.set(key, line)
    }
    const { email, fullName } = { ...before, ...person }
    if (!email) return complain('email', 'is missing')
    if (!fullName) return complain('fullName', 'is missing')
    return [
      { line, before, manager, after: { id: newId(), ...NOBODY, ...before, ...person, email, fullName } },
    ]
  })
}

/** Addresses, external ids and telephone numbers, with those who are not in the file. */
function mustBeUnique(
  planned: readonly Planned[],
  result: ReadonlyMap<string, KnownPerson>,
  problems: ImportProblem[],
): void {
  for (const field of ['email', 'externalId', 'phone'] as const) {
    const owners = new Map<string, string>()
    const inFile = new Set(planned.map(({ after }) => after.id))
    for (const { id, [field]: value } of result.values()) if (value && !inFile.has(id)) owners.set(value, id)
    for (const { line, after } of planned) {
      const value = after[field]
      if (!value) continue
      if (owners.has(value)) problems.push({ line, field, message: 'is taken by somebody else' })
      else owners.set(value, after.id)
    }
  }
}

function findManagers(
  planned: readonly Planned[],
  result: ReadonlyMap<string, KnownPerson>,
  problems: ImportProblem[],
): void {
  const people = [...result.values()]
  const byEmail = new Map(people.map((person) => [person.email, person]))
  const byExternalId = new Map(
    people.flatMap((person) => (person.externalId ? [[person.externalId, person]] : [])),
  )
  for (const { line, after, manager } of planned) {
    if (manager === undefined) continue
    const found = manager === null ? null : (byExternalId.get(manager) ?? byEmail.get(manager.toLowerCase()))
    const wrong = whyNoManager(found, after)
    if (wrong) problems.push({ line, field: 'manager', message: wrong })
    else after.managerId = found?.id ?? null
  }
}

function whyNoManager(found: KnownPerson | null | undefined, of: KnownPerson): string | undefined {
  if (found === null) return undefined
  if (!found) return 'is nobody of the organisation or of this file'
  if (found.id === of.id) return 'is the person themselves'
  return isOfOrganisation(found.role) ? undefined : `is a ${found.role}, who is nobody's manager`
}

/** Old data can hold a circle: only those that the file closes are its fault. */
function mustHaveNoCircle(
  planned: readonly Planned[],
  result: ReadonlyMap<string, KnownPerson>,
  problems: ImportProblem[],
): void {
  const ends = new Set<string>()
  for (const { line, before, after } of planned) {
    if (!after.managerId || after.managerId === before?.managerId) continue
    const path = new Set<string>()
    let at: string | null | undefined = after.id
    while (at && !path.has(at) && !ends.has(at)) {
      path.add(at)
      at = result.get(at)?.managerId
    }
    if (at === after.id && path.size > 0)
      problems.push({ line, field: 'manager', message: 'reports to this person, which would be a circle' })
    else for (const id of path) ends.add(id)
  }
}

const isAdmin = ({ role, isActive }: { role: Role; isActive: boolean }): boolean =>
  role === 'ADMIN' && isActive

function mustKeepAnAdmin(
  planned: readonly Planned[],
  known: readonly KnownPerson[],
  result: ReadonlyMap<string, KnownPerson>,
  problems: ImportProblem[],
): void {
  if (!known.some(isAdmin) || [...result.values()].some(isAdmin)) return
  const last = planned.findLast(({ before }) => before && isAdmin(before))
  problems.push({
    line: last?.line ?? 1,
    field: 'role',
    message: 'would leave the organisation without an active ADMIN',
  })
}

function differs(before: KnownPerson, after: KnownPerson): boolean {
  return changedFields(before, after).length > 0
}

/** What the file says of a person that is not so. */
export function changedFields(
  before: KnownPerson,
  after: KnownPerson,
): (keyof ImportedPerson | 'managerId')[] {
  const fields = Object.keys(NOBODY).concat('email', 'fullName') as (keyof Omit<KnownPerson, 'id'>)[]
  return fields.filter((field) => before[field] !== after[field])
}
