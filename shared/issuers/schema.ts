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

const claim = (description: string) =>
  line(`Name of the claim with ${description}; dots lead inwards (realm_access.roles).`)

const Claims = shape({
  subject: claim('what the person is called there, their externalId; sub unless given'),
  email: claim('their e-mail address; email unless given'),
  emailVerified: nullable(
    claim(
      'true where the address is proven (others count for nothing), email_verified unless given; null: all of them are',
    ),
  ),
  name: claim('their full name; name unless given'),
  role: claim('their role or roles; role unless given'),
  manager: nullable(claim('what their manager is called there')),
  department: nullable(claim('their department')),
})
const ClaimsGiven = Type.Partial(Claims, { additionalProperties: false })
export type ClaimsGiven = Static<typeof ClaimsGiven>

const fields = {
  name: line('What the organisation calls it.', 100),
  issuer: line(
    'The claim iss of its tokens; for sign-in on our pages the address of an OpenID provider.',
    500,
  ),
  audience: line('What must be in the claim aud.', 300),
  claims: Claims,
  roleMap: Type.Record(Type.String(), choice(MEMBER_ROLES, 'Role here.'), {
    maxProperties: 100,
    description:
      'From what the claim of the role may say to a role here; of several the one that reaches furthest. Empty: ' +
      'tokens say nothing of roles.',
  }),
  defaultRole: nullable(
    choice(MEMBER_ROLES, 'Of whom the map says nothing; null: such people are not let in.'),
  ),
  reaches: Type.Array(choice(GUARDED_ROLES, 'Role.'), {
    uniqueItems: true,
    description: 'Whether it may sign in, and make, ADMINs and OWNERs.',
  }),
  provisioning: choice(
    PROVISIONING,
    'none: only people who are here already; create: whoever is new is added; update: and kept as the tokens say.',
  ),
  emailDomains: Type.Array(Type.String({ pattern: '^[a-z\\d-]+(\\.[a-z\\d-]+)+$', maxLength: 253 }), {
    maxItems: 50,
    uniqueItems: true,
    description: 'Of which proven addresses may find a person who has no externalId yet; in lower case.',
  }),
  subjectPrefix: Type.String({
    maxLength: 50,
    description: 'Put before the subject, so that two issuers do not mean one person by one name.',
  }),
  clientId: nullable(
    line(
      'As whom it knows Bellhop, by OpenID Connect: its people sign in with it on our pages; null: they do not.',
      300,
    ),
  ),
}
const clientSecret = Type.String({ maxLength: 1000, description: 'Of that client. Never shown again.' })
const jwksUrl = webAddress('Where its set of keys is, by https.')
const publicKey = Type.String({ maxLength: 10_000, description: 'Its public key, or certificate, as PEM.' })

export const Issuer = shape({
  id: id('Issuer.'),
  ...fields,
  jwksUrl: nullable(jwksUrl),
  publicKey: nullable(publicKey),
  hasSharedSecret: Type.Boolean({ description: 'Its tokens are signed with a secret that both know.' }),
  hasClientSecret: Type.Boolean({ description: 'Bellhop proves itself to it with a secret.' }),
  isEnabled: Type.Boolean({ description: 'False: its tokens open nothing.' }),
  createdAt: instant('When it was added.'),
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
    description: 'Where a browser goes to sign in with it; `?to=` says where it comes back to.',
  }),
})
export type SignInOffer = Static<typeof SignInOffer>
