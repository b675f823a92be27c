// Ten thousand people of one company, and what each of them hears. The same ten names for every contender.

import { readConfig, type Config } from '../../shared/kit/process/config.ts'
import { openAsOwner } from '../../shared/kit/store/db.ts'
import { roleChannel, userChannel } from '../../shared/kit/declare/event.ts'
import { signAccessToken } from '../../shared/users/tokens.ts'

export const PEOPLE = 10_000
const ROLE = 'EMPLOYEE'
const ORGANISATION = '20000000-0000-4000-8000-000000000000'
/** Everybody hears it. */
export const EVERYBODY = roleChannel(ORGANISATION, ROLE)
const ROOMS = 1000
const ROOMS_EACH = 8

export function idOf(person: number): string {
  return uuid('0', person)
}

/** Each room has eighty people in it. */
export function roomsOf(id: string): string[] {
  const person = Number(id.slice(-12))
  return Array.from({ length: ROOMS_EACH }, (_, nth) => `room:${uuid('3', (person + nth * 101) % ROOMS)}`)
}

export function channelsOf(id: string): string[] {
  return [userChannel(id), EVERYBODY, ...roomsOf(id)]
}

/** Writes them down, each with a session. */
export async function settlePeople(databaseUrl: string): Promise<void> {
  const db = openAsOwner(databaseUrl)
  await db.raw(
    `insert into organisations (id, name, slug, created_at) values ('${ORGANISATION}', 'Crowd', 'crowd', now())`,
  )
  await db.raw(`
    insert into users (id, org_id, email, full_name, role, created_at, updated_at)
    select ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, '${ORGANISATION}', 'p' || n || '@crowd.test', 'Person ' || n, '${ROLE}', now(), now()
    from generate_series(0, ${PEOPLE - 1}) n`)
  await db.raw(`
    insert into sessions (id, org_id, user_id, created_at, last_used_at, expires_at)
    select ('10000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, '${ORGANISATION}', ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, now(), now(), now() + interval '1 day'
    from generate_series(0, ${PEOPLE - 1}) n`)
  await db.raw('analyze users, sessions')
  await db.destroy()
}

/** Real access tokens, by person. */
export function tokensOf(env: NodeJS.ProcessEnv): string[] {
  const config: Config = readConfig(env)
  const now = new Date()
  return Array.from(
    { length: PEOPLE },
    (_, n) =>
      signAccessToken(
        config,
        { sub: idOf(n), org: ORGANISATION, role: ROLE, email: `p${n}@crowd.test`, sid: uuid('1', n) },
        now,
      ).token,
  )
}

function uuid(kind: string, n: number): string {
  return `${kind}0000000-0000-4000-8000-${String(n).padStart(12, '0')}`
}
