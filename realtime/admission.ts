// Letting a socket in: by a token in the header, a ticket in the address, or a token in the first frame.
// Promise: nothing falls between. A session's end reaches a socket that is just being let in, and events do from the
// cursor in its hello on.

import { randomUUID } from 'node:crypto'
import { makeChange } from '../shared/kit/change.ts'
import { plus } from '../shared/kit/time.ts'
import { unauthorized } from '../shared/kit/errors.ts'
import type { House } from '../shared/kit/house.ts'
import { redeemSocketTicket } from '../shared/users/actions/sessions.ts'
import { findActor } from '../shared/users/queries.ts'
import type { Actor } from '../shared/organisations/roles.ts'
import { verifyAccessToken, type Claims } from '../shared/users/tokens.ts'
import { mayHear, ownChannels } from './channels/all.ts'
import type { Door } from './door.ts'
import { CLOSE } from './socket/close-codes.ts'
import { frame } from './socket/frames.ts'
import type { Handshake } from './socket/handshake.ts'
import type { Peer } from './socket/peer.ts'
import { PING_SECONDS } from './socket/ping-wheel.ts'

/** What a token or ticket proves: whose session it is, for how long to believe it, and who that is, where it says so. */
export interface Pass {
  sessionId: string
  expiresAt: Date
  actor: Actor | undefined
}

/** How to come by a pass: at once from a token, from a ticket by asking the database. */
export type Proof = () => Promise<Pass>

/** @returns undefined when the client will say who it is in its first frame. @throws AppError 401 for a token that is not good */
export function proofIn(house: House, { authorization, ticket }: Handshake): Proof | undefined {
  if (ticket !== undefined) return () => passOfTicket(house, ticket)
  if (authorization === '') return undefined
  const token = /^Bearer (\S+)$/i.exec(authorization)?.[1]
  if (!token) throw unauthorized('Authorization must be: Bearer, and an access token')
  const pass = passOfToken(house, token)
  return async () => pass
}

/** @throws AppError 401 */
export function passOfToken(house: House, token: string): Pass {
  const claims = verifyAccessToken(house.config, token, house.clock.now())
  return { sessionId: claims.sid, expiresAt: new Date(claims.exp * 1000), actor: actorIn(claims) }
}

/** Tokens of an older release say no name. */
function actorIn({ sub, org, role, email, name, sid }: Claims): Actor | undefined {
  return name === undefined ? undefined : { id: sub, orgId: org, role, email, fullName: name, sessionId: sid }
}

/** What it opens ends with the access token that it was taken with, unless that is renewed in band. A ticket is spent even when what follows fails. @throws AppError 401 */
async function passOfTicket(house: House, ticket: string): Promise<Pass> {
  const actor = await makeChange(house, { requestId: randomUUID() }, (change) => redeemSocketTicket(change, ticket))
  return { sessionId: actor.sessionId, expiresAt: actor.tokenExpiresAt ?? plus(house.clock.now(), house.config.ACCESS_TOKEN_TTL), actor }
}

/** Seats a socket and greets it. @throws AppError 401 when the session is over */
export async function letIn(door: Door, peer: Peer, pass: Pass): Promise<void> {
  // Before the database is asked, if it is: an end that is said in between closes us.
  peer.sessionId = pass.sessionId
  const actor = await getLiveActor(door, pass)
  const channels = await ownChannels(door, actor)
  if (door.endings.has(pass.sessionId)) throw unauthorized('The session has ended')
  if (!door.hub.peers.has(peer)) return
  if (door.presence.socketsOf(actor.id) >= door.house.config.MAX_SOCKETS_PER_USER) return door.hub.close(peer, CLOSE.tooManySockets)
  seat(door, peer, actor, channels)
  peer.endsAt = pass.expiresAt
  peer.connection.send(helloTo(door, peer, actor))
}

/** Takes a newer token of the same session; a new role brings its channels. @throws AppError 401 */
export async function renew(door: Door, peer: Peer, token: string): Promise<Pass> {
  const pass = passOfToken(door.house, token)
  if (pass.sessionId !== peer.sessionId) throw unauthorized('The access token is of another session')
  const actor = await getLiveActor(door, pass)
  peer.asked = await stillHeard(door, actor, peer.asked)
  const channels = await ownChannels(door, actor)
  seat(door, peer, actor, channels)
  peer.endsAt = pass.expiresAt
  return pass
}

/**
 * A role or an activity that changes ends the session, so that who a token names is still the same as long as its session
 * lives. Only while we are not sure of that, Postgres says it. @throws AppError 401
 */
async function getLiveActor({ house, endings }: Door, { sessionId, actor }: Pass): Promise<Actor> {
  const live = actor && endings.isSure ? actor : await house.shares.hold({ part: 'callers' }, () => findActor(house.db, sessionId))
  if (!live || endings.has(sessionId)) throw unauthorized('The session has ended')
  return live
}

/** Of what a socket asked for beside its own. */
async function stillHeard(door: Door, actor: Actor, asked: readonly string[]): Promise<string[]> {
  const may = await Promise.all(asked.map((channel) => mayHear(door, actor, channel)))
  return asked.filter((_channel, at) => may[at])
}

/** In the turn in which the channels were read: what changes them afterwards finds the seat. */
function seat({ hub, presence }: Door, peer: Peer, actor: Actor, channels: readonly string[]): void {
  for (const channel of peer.channels) if (!channels.includes(channel) && !peer.asked.includes(channel)) hub.leave(peer, channel)
  for (const channel of channels) if (!peer.left.includes(channel)) hub.listen(peer, channel)
  if (!peer.actor) presence.came(actor)
  hub.seat(peer, actor)
}

/** Taken in the same turn in which the channels were subscribed, and after it. */
function helloTo({ broker, node }: Door, peer: Peer, { id, orgId, role, fullName }: Actor): string {
  return frame({
    t: 'hello', user: { id, orgId, role, fullName }, node, ...broker.positions(),
    heartbeat: PING_SECONDS, tokenExpiresAt: peer.endsAt, channels: [...peer.channels],
  })
}
