// As many people as a test wants, each signed in, without the price of a password: rows and tokens are made by hand.

import { randomUUID } from 'node:crypto'
import { plusMs } from '../../shared/kit/time/time.ts'
import { signAccessToken } from '../../shared/users/tokens.ts'
import { caller, type Caller } from './client.ts'
import type { Processes } from './processes.ts'

export interface Inhabitant extends Caller {
  id: string
  name: string
  accessToken: string
}

const HOUR = 3_600_000

export async function someInhabitants(
  { db, env, url }: Processes,
  orgId: string,
  count: number,
): Promise<Inhabitant[]> {
  const now = new Date()
  const people = Array.from({ length: count }, (_, at) => ({
    id: randomUUID(),
    sid: randomUUID(),
    name: `Inhabitant ${at}`,
  }))
  await db('users').insert(
    people.map(({ id, name }) => ({
      id,
      orgId,
      email: `${id}@demo.test`,
      fullName: name,
      role: 'EMPLOYEE',
      createdAt: now,
      updatedAt: now,
    })),
  )
  await db('sessions').insert(
    people.map(({ id, sid }) => ({
      id: sid,
      orgId,
      userId: id,
      createdAt: now,
      lastUsedAt: now,
      expiresAt: plusMs(now, HOUR),
    })),
  )
  return people.map(({ id, sid, name }) => {
    const claims = { sub: id, org: orgId, role: 'EMPLOYEE' as const, email: `${id}@demo.test`, name, sid }
    const { token } = signAccessToken(
      { JWT_SECRET: [env['JWT_SECRET'] ?? ''], ACCESS_TOKEN_TTL: HOUR },
      claims,
      now,
    )
    return { id, name, accessToken: token, ...caller(url, token) }
  })
}
