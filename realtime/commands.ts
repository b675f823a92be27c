// What a socket may ask for. Every command is answered by exactly one reply, in the order in which they came.

import { AppError, conflict, problemOf, tooMany, unauthorized } from '../shared/kit/errors.ts'
import { outageOf } from '../shared/kit/outage.ts'
import { repeatOnOutage } from '../shared/kit/repeat.ts'
import type { Positions } from '../shared/kit/stream.ts'
import { letIn, passOfToken, renew } from './admission.ts'
import { mustHear } from './channels/all.ts'
import { speak, type Speaker } from './chat-commands.ts'
import type { Door } from './door.ts'
import { catchUp } from './socket/catchup.ts'
import { CLOSE } from './socket/close-codes.ts'
import { commandOf, frame, parse, refOf, type Command } from './socket/frames.ts'
import type { Peer } from './socket/peer.ts'

/** @param isTooFast whether it came above the rate, and is only to be told so */
export async function answer(door: Door, peer: Peer, text: string, isTooFast: boolean): Promise<void> {
  const asked = parse(text)
  const ref = refOf(asked)
  try {
    if (isTooFast) throw tooFast()
    const command = commandOf(asked)
    const data = await carryOut(door, peer, command)
    peer.connection.send(frame({ t: 'reply', ref, ok: true, data }))
    // Behind its reply, so that the client knows where what it missed begins.
    if (command.c === 'resume') await resume(door, peer, command.data)
  } catch (error) {
    peer.connection.send(frame({ t: 'reply', ref, ok: false, error: refusal(door, error) }))
    // Nothing else can come of a socket whose first word was not believed.
    if (!peer.actor && error instanceof AppError && error.status === 401) door.hub.close(peer, CLOSE.badToken)
  }
}

/** Answers what no frame carries. */
export async function answerWith(door: Door, peer: Peer, ref: number, isTooFast: boolean, work: (speaker: Speaker) => Promise<unknown>): Promise<void> {
  try {
    if (isTooFast) throw tooFast()
    if (!peer.actor) throw unauthorized('The first frame must be auth')
    peer.connection.send(frame({ t: 'reply', ref, ok: true, data: await work({ door, peer, actor: peer.actor }) }))
  } catch (error) {
    peer.connection.send(frame({ t: 'reply', ref, ok: false, error: refusal(door, error) }))
  }
}

const tooFast = (): AppError => tooMany('At most 20 commands a second', 1)

/** Counts it, and logs what is a fault of ours. */
export function refusal({ house, warn }: Door, error: unknown): ReturnType<typeof problemOf> {
  const problem = problemOf(error)
  house.metrics.refusals.inc({ code: problem.code })
  if (outageOf(error)) warn({ err: error }, 'a command failed because a server is away or busy')
  else if (problem.status >= 500) house.log.error({ err: error }, 'command failed')
  return problem
}

async function carryOut(door: Door, peer: Peer, command: Command): Promise<unknown> {
  if (command.c === 'auth') return authenticate(door, peer, command.token)
  const { actor } = peer
  if (!actor) throw unauthorized('The first frame must be auth')
  switch (command.c) {
    case 'token':
      return { tokenExpiresAt: (await repeatOnOutage(() => renew(door, peer, command.data.token))).expiresAt }
    case 'subscribe':
      await repeatOnOutage(() => mustHear(door, actor, command.data.channel))
      return subscribe(door, peer, command.data.channel)
    case 'unsubscribe':
      await repeatOnOutage(() => mustHear(door, actor, command.data.channel))
      return unsubscribe(door, peer, command.data.channel)
    case 'resume':
      return {}
    case 'presence.query':
      return { online: await repeatOnOutage(() => door.presence.online(actor, command.data.userIds)) }
    case 'ping':
      return { at: door.house.clock.now() }
    default:
      return speak({ door, peer, actor }, command.c, command.data)
  }
}

export async function resume(door: Door, peer: Peer, from: Partial<Positions>): Promise<void> {
  const outcome = await catchUp(door, peer, from)
  door.house.metrics.resumes.inc({ outcome })
}

async function authenticate(door: Door, peer: Peer, token: string): Promise<unknown> {
  if (peer.actor) throw conflict('This socket is authenticated; the command token renews it')
  const pass = passOfToken(door.house, token)
  await repeatOnOutage(() => letIn(door, peer, pass))
  return { tokenExpiresAt: pass.expiresAt }
}

/** The position is taken after subscribing: whatever comes after it will be heard. */
function subscribe({ hub, broker, house }: Door, peer: Peer, channel: string): unknown {
  peer.left = without(peer.left, channel)
  if (!peer.channels.includes(channel)) peer.asked = [...peer.asked, channel]
  hub.listen(peer, channel)
  return { channel, ...broker.positions(house.stream.partitionOf(channel)) }
}

function unsubscribe({ hub }: Door, peer: Peer, channel: string): unknown {
  hub.leave(peer, channel)
  peer.left = [...without(peer.left, channel), channel]
  peer.asked = without(peer.asked, channel)
  return { channel }
}

function without(channels: readonly string[], channel: string): string[] {
  return channels.filter((each) => each !== channel)
}
