// Shapes of issuers: other systems whose tokens open what their people may do here.

import {
  choice,
  id,
  instant,
  line,
  nullable,
  shape,
  Type,
  webAddress,
  type Static,
} from '../kit/declare/schema.ts'
import { MEMBER_ROLES } from '../organisations/roles.ts'

/** Roles that an issuer gives, and signs in, only where an ADMIN says so. */
export const GUARDED_ROLES = ['ADMIN', 'OWNER'] as const
const PROVISIONING = ['none', 'create', 'update'] as const

const OF_CLAIMS = 'Names of claims; dots lead inwards (realm_access.roles).'
const Claims = shape(
  {
    subject: line('Their externalId; sub unless given.'),
    email: line('email unless given.'),
    emailVerified: nullable(
      line(
        'True where the address is proven (others count for nothing), email_verified unless given; null: all are.',
      ),
    ),
    name: line('Full name; name unless given.'),
    role: line('Role or roles; role unless given.'),
    manager: nullable(line("Their manager's externalId.")),
    department: nullable(line('Department.')),
  },
  { description: OF_CLAIMS },
)
const ClaimsGiven = Type.Partial(Claims, { additionalProperties: false, description: OF_CLAIMS })
export type ClaimsGiven = Static<typeof ClaimsGiven>

const fields = {
  name: line('What the organisation calls it.', 100),
  issuer: line("Claim iss of its tokens; for sign-in on our pages an OpenID provider's address.", 500),
  audience: line('Must be in the claim aud.', 300),
  claims: Claims,
  roleMap: Type.Record(Type.String(), choice(MEMBER_ROLES, 'Role here.'), {
    maxProperties: 100,
    description:
      'What the claim of the role says → role here; of several the furthest-reaching. Empty: tokens say nothing of roles.',
  }),
  defaultRole: nullable(choice(MEMBER_ROLES, 'Of whom the map says nothing; null: not let in.')),
  reaches: Type.Array(choice(GUARDED_ROLES, 'Role.'), {
    uniqueItems: true,
    description: 'Which of these it may sign in, and make.',
  }),
  provisioning: choice(
    PROVISIONING,
    'none: only people already here; create: new ones are added; update: and kept as tokens say.',
  ),
  emailDomains: Type.Array(Type.String({ pattern: '^[a-z\\d-]+(\\.[a-z\\d-]+)+$', maxLength: 253 }), {
    maxItems: 50,
    uniqueItems: true,
    description: 'Whose proven addresses may find a person without externalId; in lower case.',
  }),
  subjectPrefix: Type.String({
    maxLength: 50,
    description: "Put before the subject, to tell issuers' people apart.",
  }),
  clientId: nullable(
    line('As whom it knows Bellhop, by OpenID Connect, for sign-in on our pages; null: none.', 300),
  ),
}
const clientSecret = Type.String({ maxLength: 1000, description: 'Never shown again.' })
const jwksUrl = webAddress('Its set of keys, by https.')
const publicKey = Type.String({ maxLength: 10_000, description: 'Key or certificate, as PEM.' })

export const Issuer = shape({
  id: id('Issuer.'),
  ...fields,
  jwksUrl: nullable(jwksUrl),
  publicKey: nullable(publicKey),
  hasSharedSecret: Type.Boolean({ description: 'Whether it has a shared secret.' }),
  hasClientSecret: Type.Boolean({ description: 'Whether it has a client secret.' }),
  isEnabled: Type.Boolean({ description: 'False: its tokens open nothing.' }),
  createdAt: instant('When it was made.'),
  updatedAt: instant('When it last changed.'),
})
export type Issuer = Static<typeof Issuer>

const keys = {
  jwksUrl: Type.Optional(jwksUrl),
  publicKey: Type.Optional(publicKey),
  sharedSecret: Type.Optional(
    Type.String({ maxLength: 1000, description: 'At least 32 bytes. Never shown again.' }),
  ),
  clientSecret: Type.Optional(clientSecret),
}
const { name, issuer, audience, roleMap, defaultRole, reaches, provisioning } = fields

export const NewIssuer = shape({
  name,
  issuer,
  audience,
  ...keys,
  claims: Type.Optional({ ...ClaimsGiven, default: {} }),
  roleMap: Type.Optional({ ...roleMap, default: {} }),
  defaultRole: Type.Optional({ ...defaultRole, default: 'EMPLOYEE' }),
  reaches: Type.Optional({ ...reaches, default: [] }),
  provisioning: Type.Optional({ ...provisioning, default: 'none' }),
  emailDomains: Type.Optional({ ...fields.emailDomains, default: [] }),
  subjectPrefix: Type.Optional({ ...fields.subjectPrefix, default: '' }),
  clientId: Type.Optional(fields.clientId),
})
export type NewIssuer = Static<typeof NewIssuer>

/** Other keys stand in place of those before. */
export const IssuerPatch = Type.Partial(
  shape({
    ...fields,
    ...keys,
    claims: ClaimsGiven,
    isEnabled: Type.Boolean({ description: 'False: its tokens open nothing.' }),
  }),
  { additionalProperties: false, minProperties: 1 },
)
export type IssuerPatch = Static<typeof IssuerPatch>

/** What whoever is not signed in sees of an issuer. */
export const SignInOffer = shape({
  name: fields.name,
  start: Type.String({
    description: 'Where a browser signs in with it; `?to=`: where it comes back to.',
  }),
})
export type SignInOffer = Static<typeof SignInOffer>
