import { addIssuer, changeIssuer, removeIssuer } from '../../shared/issuers/actions/keep.ts'
import { listIssuers, listSignInOffers, SIGN_IN_PATH } from '../../shared/issuers/queries.ts'
import { Issuer, IssuerPatch, NewIssuer, SignInOffer } from '../../shared/issuers/schema.ts'
import { id, shape, Type } from '../../shared/kit/declare/schema.ts'
import type { Route } from '../http/route.ts'
import { list, read, write } from '../http/route-builders.ts'

const ById = shape({ id: id('Issuer.') })
const ADMINS = { access: ['ADMIN'] } as const

/** Whoever keeps them decides who gets in: no key is good for it. */
export const issuerRoutes: Route[] = [
  read(SIGN_IN_PATH, {
    summary: 'Issuers for sign-in on our pages',
    access: 'open',
    reply: Type.Array(SignInOffer),
    handle: ({ db }) => listSignInOffers(db),
  }),
  list('/organisation/issuers', {
    summary: 'Trusted issuers of tokens, newest first',
    ...ADMINS,
    item: Issuer,
    handle: ({ db }, { query, caller }) => listIssuers(db, caller.orgId, query),
  }),
  write('post', '/organisation/issuers', {
    summary: 'Trust an issuer of tokens',
    ...ADMINS,
    body: NewIssuer,
    reply: Issuer,
    handle: (change, { body, caller }) => addIssuer(change, caller, body),
  }),
  write('patch', '/organisation/issuers/:id', {
    summary: 'Change an issuer; other keys end what its tokens opened',
    ...ADMINS,
    params: ById,
    body: IssuerPatch,
    reply: Issuer,
    handle: (change, { params, body, caller }) => changeIssuer(change, caller, params.id, body),
  }),
  write('delete', '/organisation/issuers/:id', {
    summary: 'Trust an issuer no more: ends what its tokens opened; its people stay',
    ...ADMINS,
    params: ById,
    reply: Issuer,
    handle: (change, { params, caller }) => removeIssuer(change, caller, params.id),
  }),
]
