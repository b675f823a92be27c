// What a key may be good for. Each route says which of these it wants (api/routes); a route that wants none is for people only.

import { forbidden } from '../kit/declare/errors.ts'
import type { Actor } from '../organisations/roles.ts'

const READ_AND_WRITE = [
  'users',
  'bookings',
  'approvals',
  'chat',
  'tickets',
  'inbox',
  'notifications',
  'resources',
  'organisation',
] as const

/** `people` is the directory, `users` all that is known of a person. act-as:admin is act-as for ADMINs as well. */
export const SCOPES = [
  ...READ_AND_WRITE.flatMap((resource) => [`${resource}:read`, `${resource}:write`] as const),
  'people:read',
  'audit:read',
  'events:write',
  'tokens:write',
  'act-as',
  'act-as:admin',
] as const
export type Scope = (typeof SCOPES)[number]

/** Of a token that is made for a person. sockets: hearing on sockets and streams whatever the person hears. */
export const TOKEN_SCOPES = [
  ...READ_AND_WRITE.flatMap((resource) => [`${resource}:read`, `${resource}:write`] as const),
  'people:read',
  'audit:read',
  'sockets',
] as const
type TokenScope = (typeof TOKEN_SCOPES)[number]

/** Where a session says nothing, it is good for all that its person may. @throws AppError 403 */
export function mustAllow({ scopes }: Pick<Actor, 'scopes'>, scope: TokenScope | Scope | undefined): void {
  if (!scopes) return
  if (scope === undefined) throw forbidden('No token that was made for less than all is good for this')
  if (!scopes.includes(scope)) throw forbidden(`The token has no scope ${scope}`)
}

/** Whether a key with these scopes may act for people. */
export const mayActAs = (scopes: readonly Scope[]): boolean =>
  scopes.includes('act-as') || reachesAdmins(scopes)

/** Whether it may act for ADMINs, and touch them. */
export const reachesAdmins = (scopes: readonly Scope[]): boolean => scopes.includes('act-as:admin')
