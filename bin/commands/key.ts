// Keys for other programs, as POST /api-keys makes them.

import { notFound } from '../../shared/kit/declare/errors.ts'
import { compileSchema } from '../../shared/kit/declare/schema.ts'
import { makeChange } from '../../shared/kit/store/change.ts'
import { makeApiKey } from '../../shared/integrations/actions/keys.ts'
import { NewApiKey } from '../../shared/integrations/schema.ts'
import { findOrganisationBySlug } from '../../shared/organisations/queries.ts'
import type { Command } from './command.ts'

const checkKey = compileSchema(NewApiKey)

export const keyCreate: Command = {
  options: {
    org: { value: 'SLUG', about: 'of which organisation' },
    name: { value: 'NAME', about: 'what it is called there' },
  },
  async run({ need }, tools) {
    const [org, { name }] = [need('org'), checkKey({ name: need('name') }, '')]
    const runtime = await tools.runtime()
    const organisation = await findOrganisationBySlug(runtime.db, org)
    if (!organisation) throw notFound(`Organisation ${org}`)
    const orgId = organisation.id
    const made = await makeChange(runtime, { requestId: 'bellhop-key-create', orgId }, (change) =>
      makeApiKey(change, { orgId }, name),
    )
    return { lines: [made.key, 'It is shown this once.'], data: { ...made } }
  },
}
