// Who people are in an organisation, and who acts.

import { forbidden } from '../kit/declare/errors.ts'
import type { Locale } from './locales.ts'

export const ROLES = [
  'ADMIN',
  'SUPERVISOR',
  'OWNER',
  'STAFF',
  'EMPLOYEE',
  'DRIVER',
  'CUSTOMER',
  'GUEST',
] as const
export type Role = (typeof ROLES)[number]

/** "Staff" of an organisation, wherever a rule says staff. */
export const STAFF_ROLES = ['ADMIN', 'SUPERVISOR', 'OWNER', 'STAFF'] as const satisfies readonly Role[]

/** Guests talk, in their own room; they take no part in the business. */
export const MEMBER_ROLES = [
  'ADMIN',
  'SUPERVISOR',
  'OWNER',
  'STAFF',
  'EMPLOYEE',
  'DRIVER',
  'CUSTOMER',
] as const satisfies readonly Role[]

/** Whoever works in the organisation. */
export const ORGANISATION_ROLES = [
  'ADMIN',
  'SUPERVISOR',
  'OWNER',
  'STAFF',
  'EMPLOYEE',
  'DRIVER',
] as const satisfies readonly Role[]

/** Customers and guests are served by the organisation; they are no part of it. */
export const OUTSIDE_ROLES = ['CUSTOMER', 'GUEST'] as const satisfies readonly Role[]

export function isStaff(role: Role): boolean {
  return STAFF_ROLES.some((each) => each === role)
}

export function isOfOrganisation(role: Role): boolean {
  return !OUTSIDE_ROLES.some((each) => each === role)
}

/** A person, or whoever operates the installation, who is nobody in the organisation and has no id. */
export type ActorOrOperator = Pick<Actor, 'orgId'> & Partial<Actor>

/** Who acts: what a door knows of the person behind a token, as the database says now. */
export interface Actor {
  id: string
  orgId: string
  role: Role
  email: string
  fullName: string
  sessionId: string
  /** End of the access token that they came with; undefined where they came without one. */
  tokenExpiresAt?: Date
  /** What they read; undefined where only a token speaks for them, on sockets. */
  locale?: Locale | null
  /** What their session is good for, where it may do less than they; null: all that they may. */
  scopes?: readonly string[] | null
  /** Of the program that asks: for this person or, where it is their id as well, in its own name. */
  keyId?: string
  /** Of a program: whether its key says that it may touch ADMINs. */
  reachesAdmins?: boolean
}

/** @returns undefined for a program in its own name, and for whoever operates the installation: rows name people */
export function personIdOf({ id, keyId }: Partial<Pick<Actor, 'id' | 'keyId'>>): string | undefined {
  return id === keyId ? undefined : id
}

/** Whoever can change an ADMIN's address, or make one, holds the organisation. @throws AppError 403 for a key that does not say so */
export function mustReach({ keyId, reachesAdmins }: ActorOrOperator, ...roles: readonly Role[]): void {
  if (keyId !== undefined && !reachesAdmins && roles.includes('ADMIN'))
    throw forbidden('This key touches no ADMIN (it has no scope act-as:admin)')
}
