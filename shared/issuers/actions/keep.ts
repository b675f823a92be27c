// Keeping issuers, which ADMINs do.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import { invalid, notFound } from '../../kit/declare/errors.ts'
import { isWebAddress } from '../../kit/declare/formats.ts'
import { problemWithSource } from '../../kit/outside/http-client.ts'
import { currentMark, openSealed, sealText } from '../../kit/outside/sealed-text.ts'
import type { Change } from '../../kit/store/change.ts'
import type { Actor } from '../../organisations/roles.ts'
import { closeSessions } from '../../users/actions/sessions.ts'
import { publicPemOf } from '../public-keys.ts'
import { publicOf } from '../queries.ts'
import { isGuarded } from '../rules.ts'
import type { ClaimsGiven, Issuer, IssuerPatch, NewIssuer } from '../schema.ts'
import { aboutClientSecret, aboutSecret } from '../secrets.ts'
import {
  deleteIssuer,
  insertIssuer,
  lockIssuer,
  lockIssuersNotMarked,
  updateIssuer,
  type IssuerRow,
} from '../table.ts'

/** @throws AppError 409, 422 */
export async function addIssuer(change: Change, actor: Actor, ask: NewIssuer): Promise<Issuer> {
  const id = randomUUID()
  const { claims = {}, ...rest } = ask
  const row: IssuerRow = {
    ...NOTHING_SAID,
    ...rest,
    ...keysOf(change, id, ask),
    ...clientOf(change, id, ask),
    claims: namesOf(claims),
    id,
    orgId: actor.orgId,
    isEnabled: true,
    createdAt: change.now,
    updatedAt: change.now,
  }
  mustHold(change, row)
  await insertIssuer(change.db, row)
  record(change, actor, id, 'issuer_created')
  return publicOf(row)
}

/** Whatever its tokens have opened ends where they are verified otherwise from now on. @throws AppError 404, 409, 422 */
export async function changeIssuer(
  change: Change,
  actor: Actor,
  id: string,
  { claims, ...patch }: IssuerPatch,
): Promise<Issuer> {
  const before = await lockOwn(change, actor, id)
  const after: IssuerRow = {
    ...before,
    ...patch,
    ...keysOf(change, id, patch, before),
    ...clientOf(change, id, patch, before),
    claims: { ...before.claims, ...claims },
    updatedAt: change.now,
  }
  mustHold(change, after)
  await updateIssuer(change.db, id, after)
  if (DECISIVE.some((field) => before[field] !== after[field]))
    await closeSessions(change, { issuerId: id }, 'issuer_changed')
  record(change, actor, id, 'issuer_changed', {
    fields: Object.keys({ ...patch, ...(claims && { claims }) }),
  })
  return publicOf(after)
}

const DECISIVE = [
  'issuer',
  'audience',
  'jwksUrl',
  'publicKey',
  'sharedSecret',
  'clientId',
  'isEnabled',
] as const

/** Its people stay. @throws AppError 404 */
export async function removeIssuer(change: Change, actor: Actor, id: string): Promise<Issuer> {
  const issuer = await lockOwn(change, actor, id)
  await closeSessions(change, { issuerId: id }, 'issuer_changed')
  await deleteIssuer(change.db, id)
  record(change, actor, id, 'issuer_removed')
  return publicOf(issuer)
}

const NOTHING_SAID = {
  jwksUrl: null,
  publicKey: null,
  sharedSecret: null,
  clientId: null,
  clientSecret: null,
  roleMap: {},
  defaultRole: 'EMPLOYEE',
  reaches: [],
  provisioning: 'none',
  emailDomains: [],
  subjectPrefix: '',
} satisfies Partial<IssuerRow>

function namesOf({
  subject = 'sub',
  email = 'email',
  emailVerified = 'email_verified',
  name = 'name',
  role = 'role',
  manager = null,
  department = null,
}: ClaimsGiven): IssuerRow['claims'] {
  return { subject, email, emailVerified, name, role, manager, department }
}

type Keys = Pick<IssuerPatch, 'jwksUrl' | 'publicKey' | 'sharedSecret'>
type KeptKeys = Pick<IssuerRow, keyof Keys>

/** As they are kept: of jwksUrl, publicKey and sharedSecret one, the last that was given. @throws AppError 422 */
function keysOf({ config }: Change, id: string, ask: Keys, before: Partial<KeptKeys> = {}): KeptKeys {
  const { jwksUrl, publicKey, sharedSecret } = ask
  const given = [jwksUrl, publicKey, sharedSecret].filter((each) => each !== undefined)
  if (given.length > 1) throw invalid('Say one of jwksUrl, publicKey and sharedSecret')
  const problem = jwksUrl && problemWithSource(config, jwksUrl)
  if (problem) throw invalid(`jwksUrl: ${problem}`)
  const pem = publicKey === undefined ? null : publicPemOf(publicKey)
  if (pem === undefined)
    throw invalid(
      'publicKey: must be an RSA key of 2048 bits or more, P-256, P-384, P-521 or Ed25519, as PEM',
    )
  if (sharedSecret !== undefined && Buffer.byteLength(sharedSecret) < LEAST_SECRET)
    throw invalid(`sharedSecret: must have at least ${LEAST_SECRET} bytes`)
  const { jwksUrl: url = null, publicKey: key = null, sharedSecret: secret = null } = before
  if (given.length === 0) return { jwksUrl: url, publicKey: key, sharedSecret: secret }
  return {
    jwksUrl: jwksUrl ?? null,
    publicKey: pem,
    sharedSecret: sharedSecret === undefined ? null : sealText(config, aboutSecret(id), sharedSecret),
  }
}

const LEAST_SECRET = 32

type SignInClient = Pick<IssuerRow, 'clientId' | 'clientSecret'>

/** As it is kept. A secret is that of its client, and goes with it. @throws AppError 422 */
function clientOf(
  { config }: Change,
  id: string,
  { clientId, clientSecret }: Pick<IssuerPatch, 'clientId' | 'clientSecret'>,
  before: SignInClient = { clientId: null, clientSecret: null },
): SignInClient {
  const known = clientId === undefined ? before.clientId : clientId
  if (known === null && clientSecret !== undefined) throw invalid('clientSecret: say clientId as well')
  if (clientSecret !== undefined)
    return { clientId: known, clientSecret: sealText(config, aboutClientSecret(id), clientSecret) }
  return { clientId: known, clientSecret: known === before.clientId ? before.clientSecret : null }
}

/** @throws AppError 422 */
function mustHold(
  { config }: Change,
  { issuer, clientId, jwksUrl, publicKey, sharedSecret, reaches, roleMap, defaultRole }: IssuerRow,
): void {
  if ([jwksUrl, publicKey, sharedSecret].every((each) => each === null))
    throw invalid('Say one of jwksUrl, publicKey and sharedSecret')
  const beyond = [...Object.values(roleMap), defaultRole].find(
    (role) => role !== null && isGuarded(role) && !reaches.includes(role),
  )
  if (beyond) throw invalid(`roleMap: gives ${beyond}, which reaches does not name`)
  const problem = clientId === null ? undefined : problemWithProvider(config, issuer)
  if (problem) throw invalid(`issuer: ${problem}`)
}

/** To sign in with, it has to be somewhere. */
const problemWithProvider = (config: Change['config'], issuer: string): string | undefined =>
  isWebAddress(issuer)
    ? problemWithSource(config, issuer)
    : 'must be the address of an OpenID provider where clientId is said'

/** At once; what is left waits for the next time. */
const MANY = 1000

/** As users/actions/second-factor.ts does it with its secrets. */
export async function resealIssuers(change: Change): Promise<void> {
  const { config, db } = change
  const anew = (about: string, sealed: string | null): string | undefined => {
    const text = sealed === null ? undefined : openSealed(config, about, sealed)
    return text === undefined ? undefined : sealText(config, about, text)
  }
  for (const { id, sharedSecret, clientSecret } of await lockIssuersNotMarked(
    db,
    currentMark(config),
    MANY,
  )) {
    const [shared, client] = [anew(aboutSecret(id), sharedSecret), anew(aboutClientSecret(id), clientSecret)]
    const patch = { ...(shared && { sharedSecret: shared }), ...(client && { clientSecret: client }) }
    if (shared || client) await updateIssuer(db, id, patch)
  }
}

async function lockOwn(change: Change, { orgId }: Actor, id: string): Promise<IssuerRow> {
  const issuer = await lockIssuer(change.db, orgId, id)
  if (!issuer) throw notFound('Issuer')
  return issuer
}

function record(
  change: Change,
  { orgId, id: actorId }: Actor,
  entityId: string,
  action: 'issuer_created' | 'issuer_changed' | 'issuer_removed',
  metadata: Record<string, unknown> = {},
): void {
  recordAudit(change, { orgId, actorId, action, entity: 'issuer', entityId, metadata })
}
