import { id, shape, Type } from '../../shared/kit/declare/schema.ts'
import type { Change } from '../../shared/kit/store/change.ts'
import { MEMBER_ROLES, type Actor } from '../../shared/organisations/roles.ts'
import {
  confirmEnrolment,
  enrolApp,
  mustKnowPassword,
  readChallenge,
  removeSecondFactor,
  renewRecoveryCodes,
  signInByCode,
} from '../../shared/users/actions/second-factor.ts'
import { getSecondFactor } from '../../shared/users/second-factors.ts'
import {
  EnrolAsk,
  Enrolment,
  OwnProof,
  RecoveryCodes,
  SecondFactor,
  SecondStep,
  SignedIn,
  TotpCode,
} from '../../shared/users/schema.ts'
import type { RequestLimits } from '../http/rate-limit.ts'
import type { Route } from '../http/route.ts'
import { read, write } from '../http/route-builders.ts'
import { bothSpellings } from './auth.ts'

const Done = shape({ success: Type.Literal(true) })

export const secondFactorRoutes = (limits: RequestLimits): Route[] => [
  ...signInRoutes(limits),
  ...ownRoutes(limits),
  write('delete', '/users/:id/totp', {
    summary: 'Remove the second factor of a person',
    access: ['ADMIN'],
    params: shape({ id: id('Person.') }),
    reply: Done,
    handle: async (change, { params, caller }) => {
      await removeSecondFactor(change, caller, params.id)
      return { success: true as const }
    },
  }),
]

const signInRoutes = (limits: RequestLimits): readonly Route[] => [
  write('post', '/auth/login/second-factor', {
    summary:
      "Second step of a sign-in, by an app's or recovery code; a new app's first code answers recovery codes",
    access: 'open',
    body: SecondStep,
    reply: SignedIn,
    status: 200,
    idempotent: false,
    handle: async (change, { body, userAgent }) => {
      const { id } = await readChallenge(change, body.challenge)
      const attempt = await limits.beginSignIn(id, change.origin.ip ?? '')
      return bothSpellings(await attempt.follow(() => signInByCode(change, body, userAgent)))
    },
  }),
  write('post', '/auth/login/totp', {
    summary: 'What an app needs, for whoever must have a second factor and has none',
    access: 'open',
    body: EnrolAsk,
    reply: Enrolment,
    status: 200,
    idempotent: false,
    handle: async (change, { body }) => enrolApp(change, await readChallenge(change, body.challenge)),
  }),
]

const ownRoutes = (limits: RequestLimits): readonly Route[] => [
  read('/auth/totp', {
    summary: 'Whether my sign-in asks for a code',
    access: MEMBER_ROLES,
    reply: SecondFactor,
    handle: ({ db }, { caller }) => getSecondFactor(db, caller.id),
  }),
  write('post', '/auth/totp', {
    summary: 'Set up a second factor: what an app needs',
    access: MEMBER_ROLES,
    body: OwnProof,
    reply: Enrolment,
    status: 200,
    idempotent: false,
    handle: async (change, { body, caller }) => {
      await countProof(limits, change, caller, () => mustKnowPassword(change, caller.id, body.password))
      return enrolApp(change, caller)
    },
  }),
  confirmRoute(limits),
  renewCodesRoute(limits),
  write('delete', '/auth/totp', {
    summary: 'Remove my second factor',
    access: MEMBER_ROLES,
    body: OwnProof,
    reply: Done,
    idempotent: false,
    handle: async (change, { body, caller }) => {
      await countProof(limits, change, caller, () => mustKnowPassword(change, caller.id, body.password))
      await removeSecondFactor(change, caller, caller.id)
      return { success: true as const }
    },
  }),
]

const confirmRoute = (limits: RequestLimits): Route =>
  write('post', '/auth/totp/confirm', {
    summary: "Show the app's first code: my sign-in asks for one now; ends my other sessions",
    body: TotpCode,
    reply: RecoveryCodes,
    status: 200,
    idempotent: false,
    handle: async (change, { body, caller }) => ({
      recoveryCodes: await countProof(limits, change, caller, () =>
        confirmEnrolment(change, caller, body.code, caller.sessionId),
      ),
    }),
  })

const renewCodesRoute = (limits: RequestLimits): Route =>
  write('post', '/auth/totp/recovery-codes', {
    summary: 'Ten new recovery codes in place of those before',
    body: OwnProof,
    reply: RecoveryCodes,
    status: 200,
    idempotent: false,
    handle: async (change, { body, caller }) => {
      await countProof(limits, change, caller, () => mustKnowPassword(change, caller.id, body.password))
      return { recoveryCodes: await renewRecoveryCodes(change, caller) }
    },
  })

/** Whoever found a session open must not try passwords or codes in it. */
async function countProof<T>(
  limits: RequestLimits,
  { origin }: Change,
  { id }: Actor,
  prove: () => Promise<T>,
): Promise<T> {
  return (await limits.beginSignIn(id, origin.ip ?? '')).follow(prove)
}
