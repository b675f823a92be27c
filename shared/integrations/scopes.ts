// What a key may be good for. Each route says which of these it wants (api/routes); a route that wants none is for people only.

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

/** Whether a key with these scopes may act for people. */
export const mayActAs = (scopes: readonly Scope[]): boolean =>
  scopes.includes('act-as') || reachesAdmins(scopes)

/** Whether it may act for ADMINs, and touch them. */
export const reachesAdmins = (scopes: readonly Scope[]): boolean => scopes.includes('act-as:admin')
