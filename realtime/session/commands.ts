// What a socket may ask for. Every command is answered by exactly one reply, in the order in which they came.

import { AppError, conflict, problemOf, tooMany, unauthorized } from '../../shared/kit/declare/errors.ts'
import { outageOf } from '../../shared/kit/store/outage.ts'
import { retryOnOutage } from '../../shared/kit/store/retry-on-outage.ts'
import type { Positions } from '../../shared/kit/store/cursor.ts'
import { authenticateSocket, renewToken, tokenSourceOf } from './authenticate.ts'
import { mustAllow } from '../../shared/integrations/scopes.ts'
import { mustHear } from '../channels/all.ts'
import { runCommand, type CommandContext } from './chat-commands.ts'
import type { RealtimeContext } from './context.ts'
import { catchUp } from './catchup.ts'
import { CLOSE } from '../transport/close-codes.ts'
import { commandOf, encodeFrame, parseFrame, refOf, type Command } from '../../shared/protocol/frames.ts'
import type { ClientState } from './client-state.ts'

/** @param isTooFast whether it came above the rate, and is only to be told so */
export async function answerCommand(
  context: RealtimeContext,
  client: ClientState,
  text: string,
  isTooFast: boolean,
): Promise<void> {
  const asked = parseFrame(text)
  const ref = refOf(asked)
  try {
    if (isTooFast) throw tooFast()
    const command = commandOf(asked)
    const data = await carryOut(context, client, command)
    client.connection.send(encodeFrame({ t: 'reply', ref, ok: true, data }))
    // Behind its reply, so that the client knows where what it missed begins.
    if (command.c === 'resume') await resumeSession(context, client, command.data)
  } catch (error) {
    client.connection.send(encodeFrame({ t: 'reply', ref, ok: false, error: problemReply(context, error) }))
    // Nothing else can come of a socket whose first word was not believed.
    if (!client.actor && error instanceof AppError && error.status === 401)
      context.hub.close(client, CLOSE.badToken)
  }
}

/** Answers what no frame carries. */
export async function answerWork(
  context: RealtimeContext,
  client: ClientState,
  ref: number,
  isTooFast: boolean,
  work: (speaker: CommandContext) => Promise<unknown>,
): Promise<void> {
  try {
    if (isTooFast) throw tooFast()
    if (!client.actor) throw unauthorized('The first frame must be auth')
    mustAllow(client.actor, 'chat:write')
    client.connection.send(
      encodeFrame({ t: 'reply', ref, ok: true, data: await work({ context, client, actor: client.actor }) }),
    )
  } catch (error) {
    client.connection.send(encodeFrame({ t: 'reply', ref, ok: false, error: problemReply(context, error) }))
  }
}

const tooFast = (): AppError => tooMany('At most 20 commands a second', 1)

/** Counts it, and logs what is a fault of ours. */
export function problemReply(
  { runtime, warn }: RealtimeContext,
  error: unknown,
): ReturnType<typeof problemOf> {
  const problem = problemOf(error)
  runtime.metrics.refusals.inc({ code: problem.code })
  if (outageOf(error)) warn({ err: error }, 'a command failed because a server is away or busy')
  else if (problem.status >= 500) runtime.log.error({ err: error }, 'command failed')
  return problem
}

async function carryOut(context: RealtimeContext, client: ClientState, command: Command): Promise<unknown> {
  if (command.c === 'auth') return authenticate(context, client, command.token)
  const { actor } = client
  if (!actor) throw unauthorized('The first frame must be auth')
  switch (command.c) {
    case 'token':
      return {
        tokenExpiresAt: (await retryOnOutage(() => renewToken(context, client, command.data.token)))
          .expiresAt,
      }
    case 'subscribe':
      await retryOnOutage(() => mustHear(context, actor, command.data.channel))
      return subscribe(context, client, command.data.channel)
    case 'unsubscribe':
      await retryOnOutage(() => mustHear(context, actor, command.data.channel))
      return unsubscribe(context, client, command.data.channel)
    case 'resume':
      return {}
    case 'presence.query':
      mustAllow(actor, 'people:read')
      return { online: await retryOnOutage(() => context.presence.online(actor, command.data.userIds)) }
    case 'ping':
      return { at: context.runtime.clock.now() }
    default:
      mustAllow(actor, 'chat:write')
      return runCommand({ context, client, actor }, command.c, command.data)
  }
}

export async function resumeSession(
  context: RealtimeContext,
  client: ClientState,
  from: Partial<Positions>,
): Promise<void> {
  const outcome = await catchUp(context, client, from)
  context.runtime.metrics.resumes.inc({ outcome })
}

async function authenticate(context: RealtimeContext, client: ClientState, token: string): Promise<unknown> {
  if (client.actor) throw conflict('This socket is authenticated; the command token renews it')
  const pass = await tokenSourceOf(context, token, client.connection.address)()
  await retryOnOutage(() => authenticateSocket(context, client, pass))
  return { tokenExpiresAt: pass.expiresAt }
}

/** The position is taken after subscribing: whatever comes after it will be heard. */
function subscribe({ hub, broker, runtime }: RealtimeContext, client: ClientState, channel: string): unknown {
  client.left = without(client.left, channel)
  if (!client.channels.includes(channel)) client.asked = [...client.asked, channel]
  hub.listen(client, channel)
  return { channel, ...broker.positions(runtime.stream.partitionOf(channel)) }
}

function unsubscribe({ hub }: RealtimeContext, client: ClientState, channel: string): unknown {
  hub.leave(client, channel)
  client.left = [...without(client.left, channel), channel]
  client.asked = without(client.asked, channel)
  return { channel }
}

function without(channels: readonly string[], channel: string): string[] {
  return channels.filter((each) => each !== channel)
}
