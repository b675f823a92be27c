// What a token says of a person, in our words. Pure.

import { unauthorized } from '../kit/declare/errors.ts'
import { ROLES, type Role } from '../organisations/roles.ts'
import { GUARDED_ROLES, type Issuer } from './schema.ts'

export type TokenClaims = Readonly<Record<string, unknown>>
type Wording = Pick<Issuer, 'claims' | 'roleMap' | 'defaultRole' | 'subjectPrefix'>

/** What is not said is undefined. */
export interface Profile {
  externalId: string
  /** Proven. */
  email: string | undefined
  fullName: string | undefined
  role: Role | undefined
  managerExternalId: string | undefined
  department: string | undefined
}

/** @throws AppError 401 where it names nobody, or somebody of no role that is let in */
export function profileIn(
  { claims: names, subjectPrefix, ...issuer }: Wording,
  claims: TokenClaims,
): Profile {
  const textOf = (name: string | null): string | undefined =>
    name === null ? undefined : textIn(claimAt(claims, name))
  const subject = textOf(names.subject)
  if (subject === undefined) throw unauthorized(`The token names nobody (${names.subject})`)
  const isProven = names.emailVerified === null || claimAt(claims, names.emailVerified) === true
  const manager = textOf(names.manager)
  return {
    externalId: subjectPrefix + subject,
    email: isProven ? textOf(names.email)?.toLowerCase() : undefined,
    fullName: textOf(names.name),
    role: roleIn(issuer, claimAt(claims, names.role)),
    managerExternalId: manager && subjectPrefix + manager,
    department: textOf(names.department),
  }
}

/** Some names hold dots themselves, as those that are addresses do. */
function claimAt(claims: TokenClaims, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name]
  return name
    .split('.')
    .reduce<unknown>((at, part) => (isObject(at) && Object.hasOwn(at, part) ? at[part] : undefined), claims)
}

const isObject = (value: unknown): value is TokenClaims => typeof value === 'object' && value !== null

function textIn(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : undefined
}

function roleIn(
  { roleMap, defaultRole }: Pick<Wording, 'roleMap' | 'defaultRole'>,
  said: unknown,
): Role | undefined {
  if (Object.keys(roleMap).length === 0) return undefined
  const values = (Array.isArray(said) ? said : [said]).filter((each) => typeof each === 'string')
  const given = values.flatMap((each) => (Object.hasOwn(roleMap, each) ? (roleMap[each] ?? []) : []))
  const role = ROLES.find((each) => given.some((one) => one === each)) ?? defaultRole
  if (role === null) throw unauthorized('The token gives no role that is let in here')
  return role
}

/** @throws AppError 401 for a role that no ADMIN left to this issuer */
export function mustReachRole({ reaches }: Pick<Issuer, 'reaches'>, role: Role): void {
  if (isGuarded(role) && !reaches.includes(role))
    throw unauthorized(`Tokens of this issuer sign in no ${role}`)
}

type GuardedRole = (typeof GUARDED_ROLES)[number]
export const isGuarded = (role: Role): role is GuardedRole => GUARDED_ROLES.some((each) => each === role)

export function isOfDomains(email: string, domains: readonly string[]): boolean {
  return domains.includes(email.slice(email.lastIndexOf('@') + 1))
}
