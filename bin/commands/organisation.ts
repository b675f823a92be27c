// New organisations, and ADMINs for them.

import { notFound } from '../../shared/kit/declare/errors.ts'
import { compileSchema } from '../../shared/kit/declare/schema.ts'
import { makeChange } from '../../shared/kit/store/change.ts'
import { createOrganisation } from '../../shared/organisations/actions/organisation.ts'
import { findOrganisationBySlug } from '../../shared/organisations/queries.ts'
import { LOCALES, NewOrganisation } from '../../shared/organisations/schema.ts'
import { addUser } from '../../shared/users/actions/people.ts'
import { NewUser, type Invitation } from '../../shared/users/schema.ts'
import { invitePerson } from '../../shared/people/actions/accounts.ts'
import type { Command } from './command.ts'
import { mustHaveSecret } from './servers.ts'

const checkOrganisation = compileSchema(NewOrganisation)
const checkUser = compileSchema(NewUser)

export const organisationCreate: Command = {
  options: {
    name: { value: 'NAME', about: 'what it is called' },
    slug: { value: 'SLUG', about: 'short name: lower-case letters, digits and hyphens' },
    locale: { value: 'LOCALE', about: `${LOCALES.join(' or ')}; vi unless given` },
    timezone: { value: 'ZONE', about: 'such as Asia/Ho_Chi_Minh, unless given' },
  },
  async run({ need, find }, tools) {
    const ask = checkOrganisation(
      { name: need('name'), slug: need('slug'), locale: find('locale'), timezone: find('timezone') },
      '',
    )
    const runtime = await tools.runtime()
    const id = await makeChange(runtime, { requestId: 'bellhop-organisation-create' }, (change) =>
      createOrganisation(change, ask),
    )
    return {
      lines: [`${ask.name} is there. Its first ADMIN: npx bellhop admin create --org ${ask.slug} …`],
      data: { id, ...ask },
    }
  },
}

export const adminCreate: Command = {
  options: {
    org: { value: 'SLUG', about: 'of which organisation' },
    email: { value: 'ADDRESS', about: 'what they sign in with' },
    name: { value: 'NAME', about: 'full name' },
    'password-stdin': {
      about: 'their password is the first line of standard input; without it, they choose by a link',
    },
  },
  async run({ need, has }, tools) {
    const [org, email, fullName] = [need('org'), need('email'), need('name')]
    const password = has('password-stdin') ? (await tools.read()).split('\n')[0]?.trimEnd() : undefined
    const ask = checkUser({ email, fullName, role: 'ADMIN', ...(password !== undefined && { password }) }, '')
    const runtime = await tools.runtime()
    if (password === undefined) mustHaveSecret(runtime.config)
    const organisation = await findOrganisationBySlug(runtime.db, org)
    if (!organisation) throw notFound(`Organisation ${org}`)
    const orgId = organisation.id
    const done = await makeChange(runtime, { requestId: 'bellhop-admin-create', orgId }, async (change) => {
      const { id } = await addUser(change, { orgId }, ask)
      return { id, invitation: password === undefined ? await invitePerson(change, { orgId }, id) : null }
    })
    return {
      lines: [`${email} is an ADMIN of ${organisation.name}.`, ...inWords(done.invitation)],
      data: { email, org, ...done },
    }
  },
}

function inWords(invitation: Invitation | null): string[] {
  if (!invitation) return []
  return [
    invitation.link
      ? `They choose their password there: ${invitation.link}`
      : 'A mail leads them to where they choose their password.',
  ]
}
