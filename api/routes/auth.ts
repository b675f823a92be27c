import { invalid, unauthorized } from '../../shared/kit/declare/errors.ts'
import { id, shape, Type } from '../../shared/kit/declare/schema.ts'
import { signInAddress } from '../../shared/issuers/queries.ts'
import { requestPasswordReset } from '../../shared/people/actions/accounts.ts'
import { MEMBER_ROLES } from '../../shared/organisations/roles.ts'
import { changePassword, changeProfile, setPasswordByLink } from '../../shared/users/actions/account.ts'
import { endSession, makeSocketTicket, refreshSession } from '../../shared/users/actions/sessions.ts'
import { signIn, signInGuest } from '../../shared/users/actions/sign-in.ts'
import { getUser, listSessions } from '../../shared/users/queries.ts'
import { accountNameOf } from '../../shared/users/accounts.ts'
import { findSignInIssuerId } from '../../shared/users/issuer-sessions.ts'
import {
  ForgottenPassword,
  GuestRequest,
  Login,
  OwnPassword,
  OwnProfile,
  PasswordByLink,
  RefreshRequest,
  Session,
  SignedIn,
  SocketTicket,
  User,
} from '../../shared/users/schema.ts'
import type { RequestLimits } from '../http/rate-limit.ts'
import type { Route } from '../http/route.ts'
import { list, read, write } from '../http/route-builders.ts'

const Done = shape({ success: Type.Literal(true) })
const SignedOut = shape({
  ...Done.properties,
  next: Type.Optional(
    Type.String({
      description: 'Where a browser ends the sign-in with an issuer, too.',
    }),
  ),
})
const ById = shape({ id: id('Session.') })

/** The documents' clients read `access_token`, whatever spelling they asked in. */
export const bothSpellings = <T extends { accessToken: string; refreshToken: string }>(tokens: T) => ({
  ...tokens,
  access_token: tokens.accessToken,
  refresh_token: tokens.refreshToken,
})

export const authRoutes = (limits: RequestLimits): Route[] => [
  loginRoute(limits),
  ...SESSION_ROUTES,
  ...ACCOUNT_ROUTES,
  changePasswordRoute(limits),
]

const loginRoute = (limits: RequestLimits): Route =>
  write('post', '/auth/login', {
    summary: 'Sign in',
    access: 'open',
    body: Login,
    reply: SignedIn,
    status: 200,
    idempotent: false,
    refuses: ['choose_organisation', 'second_factor_required'],
    handle: async (change, { body, userAgent }) => {
      const emailOrPhone = body.emailOrPhone ?? body.email
      if (!emailOrPhone) throw invalid('email or emailOrPhone is missing', 400)
      const attempt = await limits.beginSignIn(
        await accountNameOf(change.db, emailOrPhone),
        change.origin.ip ?? '',
      )
      const said = { emailOrPhone, password: body.password, org: body.org }
      return bothSpellings(await attempt.follow(() => signIn(change, said, userAgent)))
    },
  })

const changePasswordRoute = (limits: RequestLimits): Route =>
  write('post', '/auth/password', {
    summary: 'Change my password; ends my other sessions',
    access: MEMBER_ROLES,
    body: OwnPassword,
    reply: Done,
    status: 200,
    idempotent: false,
    handle: async (change, { body, caller }) => {
      // Whoever found a session open must not try passwords in it.
      const attempt = await limits.beginSignIn(caller.id, change.origin.ip ?? '')
      await attempt.follow(() => changePassword(change, caller, body))
      return { success: true as const }
    },
  })

const ACCOUNT_ROUTES: readonly Route[] = [
  write('patch', '/auth/me', {
    summary: 'Change my own profile',
    access: MEMBER_ROLES,
    body: OwnProfile,
    reply: User,
    handle: (change, { body, caller }) => changeProfile(change, caller, body),
  }),
  write('post', '/auth/forgot', {
    summary: 'Mail a link to choose a new password; answers the same for unknown addresses',
    access: 'open',
    body: ForgottenPassword,
    reply: Done,
    status: 202,
    idempotent: false,
    handle: async (change, { body }) => {
      await requestPasswordReset(change, body)
      return { success: true as const }
    },
  }),
  write('post', '/auth/reset', {
    summary: 'Choose a password by a mailed link (invited, forgotten); ends all sessions',
    access: 'open',
    body: PasswordByLink,
    reply: Done,
    status: 200,
    idempotent: false,
    handle: async (change, { body }) => {
      await setPasswordByLink(change, body.token, body.password)
      return { success: true as const }
    },
  }),
]

const SESSION_ROUTES: readonly Route[] = [
  write('post', '/auth/refresh', {
    summary: 'Exchange a refresh token for new tokens',
    access: 'open',
    body: RefreshRequest,
    reply: SignedIn,
    status: 200,
    idempotent: false,
    handle: (change, { body }) => refreshSession(change, body.refreshToken),
    // A used token has ended its session, and that must stay although the client is refused.
    afterCommit: (signedIn) => {
      if (!signedIn) throw unauthorized('The refresh token is not valid')
      return bothSpellings(signedIn)
    },
  }),
  write('post', '/auth/guest', {
    summary: 'Come in as a guest of the customer chat',
    access: 'open',
    body: GuestRequest,
    reply: SignedIn,
    status: 200,
    idempotent: false,
    handle: async (change, { body, userAgent }) => bothSpellings(await signInGuest(change, body, userAgent)),
  }),
  write('post', '/auth/logout', {
    summary: 'End this session',
    reply: SignedOut,
    status: 200,
    handle: async (change, { caller }) => {
      const issuerId = await findSignInIssuerId(change.db, caller.sessionId)
      await endSession(change, caller, caller.sessionId)
      return { success: true as const, ...(issuerId && { next: signInAddress(issuerId, 'end') }) }
    },
  }),
  read('/auth/me', {
    summary: 'Who am I',
    reply: User,
    handle: ({ db }, { caller }) => getUser(db, caller.orgId, caller.id),
  }),
  list('/auth/sessions', {
    summary: 'My sessions',
    item: Session,
    handle: (reading, { query, caller }) => listSessions(reading, caller, query),
  }),
  write('delete', '/auth/sessions/:id', {
    summary: 'End one of my sessions',
    params: ById,
    reply: Done,
    handle: async (change, { params, caller }) => {
      await endSession(change, caller, params.id)
      return { success: true as const }
    },
  }),
  write('post', '/auth/socket-ticket', {
    summary: 'A ticket to open a socket with',
    reply: SocketTicket,
    status: 200,
    idempotent: false,
    handle: (change, { caller }) => makeSocketTicket(change, caller),
  }),
]
