// One connection's visit, whatever brought it: entering, being let in, its commands in their turn.
// Promise: replies come in the order of the commands, and a connection that is gone is asked nothing more.

import { retryOnOutage } from '../../shared/kit/store/retry-on-outage.ts'
import type { Positions } from '../../shared/kit/store/cursor.ts'
import { authenticateSocket, type TokenSource } from './authenticate.ts'
import type { CommandContext } from './chat-commands.ts'
import { answerCommand, answerWork, problemReply, resumeSession } from './commands.ts'
import type { RealtimeContext } from './context.ts'
import { CLOSE, type CloseCode } from '../transport/close-codes.ts'
import type { Connection, Receiver } from '../transport/connection.ts'
import { newClientState, type ClientState } from './client-state.ts'
import { takeCommand } from './command-rate.ts'

interface ClientSession extends Receiver {
  /** A command that no frame carries, in its turn like any other. @param work makes what its reply says */
  carry(ref: number, work: (speaker: CommandContext) => Promise<unknown>): void
}

/** @param from where a client stands that cannot say `resume` itself */
export function openSession(
  context: RealtimeContext,
  connection: Connection,
  proof: TokenSource | undefined,
  from?: Partial<Positions>,
): ClientSession {
  const client = newClientState(connection, context.runtime.clock.now())
  // Hears nothing new before it has been told what it missed.
  client.isMuted = from !== undefined
  context.hub.enter(client)
  if (proof) inTurn(context, client, () => letInOrClose(context, client, proof))
  if (from) inTurn(context, client, () => resumeSession(context, client, from))
  return {
    message: (text) => message(context, client, text),
    carry: (ref, work) =>
      spending(context, client, (isTooFast) => answerWork(context, client, ref, isTooFast, work)),
    closed: (why) => context.hub.left(client, why),
  }
}

async function letInOrClose(
  context: RealtimeContext,
  client: ClientState,
  proof: TokenSource,
): Promise<void> {
  let why: CloseCode = CLOSE.badToken
  try {
    const pass = await proof()
    why = CLOSE.sessionEnded
    await retryOnOutage(() => authenticateSocket(context, client, pass))
  } catch (error) {
    context.hub.close(client, problemReply(context, error).status === 401 ? why : CLOSE.unavailable)
  }
}

function message(context: RealtimeContext, client: ClientState, text: string | undefined): void {
  if (text === undefined) return context.hub.close(client, CLOSE.protocolError)
  spending(context, client, (isTooFast) => answerCommand(context, client, text, isTooFast))
}

function spending(
  context: RealtimeContext,
  client: ClientState,
  work: (isTooFast: boolean) => Promise<void>,
): void {
  const verdict = takeCommand(client.bucket, context.runtime.clock.now())
  if (verdict === 'out of patience') return context.hub.close(client, CLOSE.rateLimited)
  inTurn(context, client, () => work(verdict === 'too fast'))
}

/** One after the other, so that replies come in the order of the commands. The rate bounds the line. */
function inTurn(context: RealtimeContext, client: ClientState, work: () => Promise<void>): void {
  client.turn = client.turn
    .then(() => (context.hub.peers.has(client) ? work() : undefined))
    .catch((error: unknown) => {
      context.runtime.log.error({ err: error }, 'a socket is closed after a fault')
      context.hub.close(client, CLOSE.unavailable)
    })
}
