// As many customers as a test wants, without the price of a password.

import { randomUUID } from 'node:crypto'
import type { Actor } from '../../shared/organisations/roles.ts'
import type { World } from './world.ts'

export async function someCustomers(w: World, slug: string, count: number): Promise<Actor[]> {
  const { db, clock } = w.runtime
  const { id: orgId } = await db('organisations').where({ slug }).first('id')
  const customers = Array.from({ length: count }, (_, at): Actor => {
    const id = randomUUID()
    return {
      id,
      orgId,
      role: 'CUSTOMER',
      email: `${id}@demo.test`,
      fullName: `Customer ${at}`,
      sessionId: '',
    }
  })
  await db('users').insert(
    customers.map(({ sessionId: _, ...customer }) => ({
      ...customer,
      createdAt: clock.now(),
      updatedAt: clock.now(),
    })),
  )
  return customers
}
