// Letting a socket in: by a token in the header, a ticket in the address, or a token in the first frame.
// Promise: nothing falls between. A session's end reaches a socket that is just being let in, and events do from the
// cursor in its hello on.

import { randomUUID } from 'node:crypto'
import { makeChange } from '../../shared/kit/store/change.ts'
import { plusMs } from '../../shared/kit/time/time.ts'
import { unauthorized } from '../../shared/kit/declare/errors.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { redeemSocketTicket } from '../../shared/users/actions/sessions.ts'
import { bearerTokenIn } from '../../shared/kit/outside/bearer.ts'
import { findActor } from '../../shared/users/queries.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import { readAccessToken, type Claims } from '../../shared/users/tokens.ts'
import { mayHear, ownChannels } from '../channels/all.ts'
import type { RealtimeContext } from './context.ts'
import { CLOSE } from '../transport/close-codes.ts'
import { encodeFrame } from '../../shared/protocol/frames.ts'
import type { WebSocketHandshake } from '../transport/handshake.ts'
import type { ClientState } from './client-state.ts'
import { PING_SECONDS } from '../transport/ping-wheel.ts'

/** What a token or ticket proves: whose session it is, for how long to believe it, and who that is, where it says so. */
interface VerifiedToken {
  sessionId: string
  expiresAt: Date
  actor: Actor | undefined
}

/** How to come by a pass: at once from a token, from a ticket by asking the database. */
export type TokenSource = () => Promise<VerifiedToken>

/** @returns undefined when the client will say who it is in its first frame. @throws AppError 401 for a token that is not good */
export function tokenSourceIn(
  context: RealtimeContext,
  { authorization, ticket, address }: WebSocketHandshake,
): TokenSource | undefined {
  if (ticket !== undefined) return () => passOfTicket(context.runtime, ticket)
  if (authorization === '') return undefined
  const token = bearerTokenIn(authorization)
  if (!token) throw unauthorized('Authorization must be: Bearer, and an access token')
  return tokenSourceOf(context, token, address)
}

/** Ours is verified at once. Of another system's only the session is believed, and Postgres says whose it is. @throws AppError 401 */
export function tokenSourceOf(
  { runtime, issuerTokens }: RealtimeContext,
  token: string,
  ip: string,
): TokenSource {
  const claims = readAccessToken(runtime.config, token, runtime.clock.now())
  if (!claims)
    return async () => ({
      ...(await issuerTokens.admit(token, { requestId: randomUUID(), ip })),
      actor: undefined,
    })
  const pass = { sessionId: claims.sid, expiresAt: new Date(claims.exp * 1000), actor: actorIn(claims) }
  return async () => pass
}

/** Tokens of an older release say no name; what a token for less is good for, its session says. */
function actorIn({ sub, org, role, email, name, sid, scope }: Claims): Actor | undefined {
  return name === undefined || scope !== undefined
    ? undefined
    : { id: sub, orgId: org, role, email, fullName: name, sessionId: sid }
}

/**
 * What it opens ends with the access token that it was taken with, unless that is renewed in band. A ticket
 * is spent even when what follows fails. @throws AppError 401
 */
async function passOfTicket(runtime: Runtime, ticket: string): Promise<VerifiedToken> {
  const actor = await makeChange(runtime, { requestId: randomUUID() }, (change) =>
    redeemSocketTicket(change, ticket),
  )
  return {
    sessionId: actor.sessionId,
    expiresAt: actor.tokenExpiresAt ?? plusMs(runtime.clock.now(), runtime.config.ACCESS_TOKEN_TTL),
    actor,
  }
}

/** Seats a socket and greets it. @throws AppError 401 when the session is over */
export async function authenticateSocket(
  context: RealtimeContext,
  client: ClientState,
  pass: VerifiedToken,
): Promise<void> {
  // Before the database is asked, if it is: an end that is said in between closes us.
  client.sessionId = pass.sessionId
  const actor = await getLiveActor(context, pass)
  const channels = await ownChannels(context, actor)
  if (context.revokedSessions.has(pass.sessionId)) throw unauthorized('The session has ended')
  if (!context.hub.peers.has(client)) return
  if (context.presence.socketsOf(actor.id) >= context.runtime.config.MAX_SOCKETS_PER_USER)
    return context.hub.close(client, CLOSE.tooManySockets)
  seat(context, client, actor, channels)
  client.endsAt = pass.expiresAt
  client.connection.send(helloTo(context, client, actor))
}

/** Takes a newer token of the same person; a new role brings its channels. @throws AppError 401 */
export async function renewToken(
  context: RealtimeContext,
  client: ClientState,
  token: string,
): Promise<VerifiedToken> {
  const pass = await tokenSourceOf(context, token, client.connection.address)()
  const actor = await getLiveActor(context, pass)
  if (actor.id !== client.actor?.id) throw unauthorized('The access token is of another person')
  client.asked = await stillHeard(context, actor, client.asked)
  const channels = await ownChannels(context, actor)
  // Where it is of another session, the socket ends with that one from now on.
  client.sessionId = pass.sessionId
  if (context.revokedSessions.has(pass.sessionId)) throw unauthorized('The session has ended')
  seat(context, client, actor, channels)
  client.endsAt = pass.expiresAt
  return pass
}

/**
 * A role or an activity that changes ends the session, so that who a token names is still the same as long as its session
 * lives. Only while we are not sure of that, Postgres says it. @throws AppError 401
 */
async function getLiveActor(
  { runtime, revokedSessions }: RealtimeContext,
  { sessionId, actor }: VerifiedToken,
): Promise<Actor> {
  const live =
    actor && revokedSessions.isSure
      ? actor
      : await runtime.shares.hold({ part: 'callers' }, () => findActor(runtime.db, sessionId))
  if (!live || revokedSessions.has(sessionId)) throw unauthorized('The session has ended')
  if (live.scopes && !live.scopes.includes('sockets')) throw unauthorized('The token has no scope sockets')
  return live
}

/** Of what a socket asked for beside its own. */
async function stillHeard(
  context: RealtimeContext,
  actor: Actor,
  asked: readonly string[],
): Promise<string[]> {
  const may = await Promise.all(asked.map((channel) => mayHear(context, actor, channel)))
  return asked.filter((_channel, at) => may[at])
}

/** In the turn in which the channels were read: what changes them afterwards finds the seat. */
function seat(
  { hub, presence }: RealtimeContext,
  client: ClientState,
  actor: Actor,
  channels: readonly string[],
): void {
  for (const channel of client.channels)
    if (!channels.includes(channel) && !client.asked.includes(channel)) hub.leave(client, channel)
  for (const channel of channels) if (!client.left.includes(channel)) hub.listen(client, channel)
  if (!client.actor) presence.came(actor)
  hub.seat(client, actor)
}

/** Taken in the same turn in which the channels were subscribed, and after it. */
function helloTo(
  { broker, node }: RealtimeContext,
  client: ClientState,
  { id, orgId, role, fullName }: Actor,
): string {
  return encodeFrame({
    t: 'hello',
    user: { id, orgId, role, fullName },
    node,
    ...broker.positions(),
    heartbeat: PING_SECONDS,
    tokenExpiresAt: client.endsAt,
    channels: [...client.channels],
  })
}
