// One person: forgotten, as POST /users/:id/erase does; or an ADMIN let in again.

import { erasePerson } from '../../shared/erasure/actions.ts'
import { notFound } from '../../shared/kit/declare/errors.ts'
import { makeChange } from '../../shared/kit/store/change.ts'
import type { Db } from '../../shared/kit/store/db.ts'
import { resetAdmin } from '../../shared/people/actions/accounts.ts'
import { findAddressee } from '../../shared/users/queries.ts'
import { listAccounts } from '../../shared/users/accounts.ts'
import { UsageError, type Command } from './command.ts'
import { mustHaveSecret } from './servers.ts'

export const personErase: Command = {
  most: 1,
  options: { org: { value: 'SLUG', about: 'the organisation, where several know the address' } },
  async run({ operands: [who], find }, tools) {
    if (!who) throw new UsageError('Say whom, by an e-mail address, a telephone number or an id.')
    const runtime = await tools.runtime()
    const { id, orgId } = await findPerson(runtime.db, who, find('org'))
    await makeChange(runtime, { requestId: 'bellhop-person-erase', orgId }, (change) =>
      erasePerson(change, orgId, id),
    )
    return {
      lines: [`${id} was erased; a worker takes away what they said and uploaded.`],
      data: { id },
    }
  },
}

export const adminReset: Command = {
  most: 1,
  options: { org: { value: 'SLUG', about: 'the organisation, where several know the address' } },
  async run({ operands: [who], find }, tools) {
    if (!who) throw new UsageError('Say whom, by an e-mail address, a telephone number or an id.')
    const runtime = await tools.runtime()
    mustHaveSecret(runtime.config)
    const { id, orgId } = await findPerson(runtime.db, who, find('org'))
    const { link, expiresAt } = await makeChange(
      runtime,
      { requestId: 'bellhop-admin-reset', orgId },
      (change) => resetAdmin(change, orgId, id),
    )
    return {
      lines: [
        'Their second factor is removed. Their sessions go on until they choose a password.',
        `They choose it there, until ${expiresAt.toISOString()}: ${link}`,
      ],
      data: { id, link, expiresAt },
    }
  },
}

/** @throws AppError 404, UsageError when several are meant */
async function findPerson(db: Db, who: string, org?: string): Promise<{ id: string; orgId: string }> {
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(who)) {
    const person = await findAddressee(db, who)
    if (person) return person
  }
  const accounts = (await listAccounts(db, who)).filter((each) => org === undefined || each.org === org)
  if (accounts.length > 1)
    throw new UsageError(
      `Several organisations know them: say --org ${accounts.map((each) => each.org).join(' or ')}.`,
    )
  const [account] = accounts
  if (!account) throw notFound('Person')
  return account
}
