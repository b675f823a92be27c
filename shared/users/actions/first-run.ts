// The first organisation of an empty database, and its first ADMIN: made by whoever can read the log, which holds a code.
// The code is good for this database only, and until somebody used it; it stands nowhere else.

import type { Change, Reading } from '../../kit/store/change.ts'
import { conflict, forbidden } from '../../kit/declare/errors.ts'
import { isSignedCode, signedCode } from '../../kit/outside/signature.ts'
import type { Actor } from '../../organisations/roles.ts'
import { getInstallationId, hasNoOrganisation } from '../../organisations/queries.ts'
import { holdInstallation } from '../../organisations/actions/organisation.ts'
import type { FirstRun } from '../schema.ts'
import { createTenant } from './people.ts'

const PURPOSE = 'first run'

/** @returns undefined once there is an organisation */
export async function findFirstRunCode({
  db,
  config,
}: Pick<Reading, 'db' | 'config'>): Promise<string | undefined> {
  return (await hasNoOrganisation(db)) ? signedCode(config, PURPOSE, await getInstallationId(db)) : undefined
}

/** @throws AppError 403 with another code, 409 when somebody was first */
export async function foundFirstOrganisation(
  change: Change,
  { code, email, password, fullName, ...organisation }: FirstRun,
): Promise<Actor> {
  const installationId = await holdInstallation(change)
  if (!(await hasNoOrganisation(change.db))) throw conflict('There is an organisation already')
  if (!isSignedCode(change.config, PURPOSE, installationId, code))
    throw forbidden('This is not the code that the log says')
  return createTenant(change, organisation, {
    email,
    password,
    fullName,
    role: 'ADMIN',
    locale: organisation.locale,
  })
}
