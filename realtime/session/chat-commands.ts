// What a socket says in rooms: the same actions as behind REST.

import { randomUUID } from 'node:crypto'
import { deleteMessage, editMessage, isOneStatement, postMessage } from '../../shared/chat/actions/post.ts'
import {
  deliverMessages,
  readMessage,
  readMessages,
  readNewestOf,
} from '../../shared/chat/actions/receipts.ts'
import { roomChannel } from '../../shared/chat/events.ts'
import { makeChange, makeStatement, type Change, type Origin } from '../../shared/kit/store/change.ts'
import { notFound } from '../../shared/kit/declare/errors.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import type { RealtimeContext } from './context.ts'
import type { ChatData } from '../../shared/protocol/chat-frames.ts'
import type { ClientState } from './client-state.ts'

export interface CommandContext {
  context: RealtimeContext
  client: ClientState
  actor: Actor
}

type Commands = {
  readonly [C in keyof ChatData]: (speaker: CommandContext, data: ChatData[C]) => Promise<unknown>
}

const COMMANDS: Commands = {
  'message.send'({ context, client, actor }, { roomId, ...message }) {
    const make = isOneStatement(actor, message) ? makeStatement : makeChange
    return make(context.runtime, originOf(client, actor), (change) =>
      postMessage(change, actor, roomId, message),
    )
  },
  'message.edit': (speaker, { messageId, ...edit }) =>
    changing(speaker, (change) => editMessage(change, speaker.actor, messageId, edit)),
  'message.delete': (speaker, { messageId }) =>
    changing(speaker, (change) => deleteMessage(change, speaker.actor, messageId)),
  'messages.read': (speaker, read) =>
    changing(speaker, (change) => {
      if ('messageId' in read) return readMessage(change, speaker.actor, read.messageId)
      if ('messageIds' in read) return readNewestOf(change, speaker.actor, read.roomId, read.messageIds)
      return readMessages(change, speaker.actor, read.roomId, read.upTo)
    }),
  'messages.delivered': (speaker, { roomId, upTo }) =>
    changing(speaker, (change) => deliverMessages(change, speaker.actor, roomId, upTo)),
  async typing({ context, client, actor }, { roomId, isTyping }) {
    // Who unsubscribed from a room may be in it all the same, and only loses this.
    if (!client.channels.includes(roomChannel(roomId))) throw notFound('Room')
    await context.typing.say(actor.id, roomId, isTyping)
    return {}
  },
}

export function runCommand<C extends keyof ChatData>(
  speaker: CommandContext,
  c: C,
  data: ChatData[C],
): Promise<unknown> {
  return speaker.context.runtime.shares.hold(
    { part: 'chat', thing: 'roomId' in data ? data.roomId : undefined },
    () => COMMANDS[c](speaker, data),
  )
}

function changing<T>(
  { context, client, actor }: CommandContext,
  work: (change: Change) => Promise<T>,
): Promise<T> {
  return makeChange(context.runtime, originOf(client, actor), work)
}

function originOf({ connection }: ClientState, { orgId }: Actor): Origin {
  return { requestId: randomUUID(), ip: connection.address, orgId }
}
