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
    scopes: {
      value: 'LIST',
      about: 'what it is good for, as in bookings:write,act-as; events:write unless given',
    },
    addresses: { value: 'LIST', about: 'from where it is good; from everywhere unless given' },
    until: { value: 'INSTANT', about: 'until when it is good; for ever unless given' },
  },
  async run({ need, find }, tools) {
    const listIn = (option: string): string[] | undefined => find(option)?.split(/[\s,]+/)
    const [scopes, addresses, expiresAt] = [listIn('scopes'), listIn('addresses'), find('until')]
    const asked = { name: need('name'), scopes, addresses, expiresAt }
    const [org, ask] = [need('org'), checkKey(JSON.parse(JSON.stringify(asked)), '')]
    const runtime = await tools.runtime()
    const organisation = await findOrganisationBySlug(runtime.db, org)
    if (!organisation) throw notFound(`Organisation ${org}`)
    const orgId = organisation.id
    const made = await makeChange(runtime, { requestId: 'bellhop-key-create', orgId }, (change) =>
      makeApiKey(change, { orgId }, ask),
    )
    return { lines: [made.key, 'It is shown this once.'], data: { ...made } }
  },
}
