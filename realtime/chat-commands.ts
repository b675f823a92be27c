// What a socket says in rooms: the same actions as behind REST.

import { randomUUID } from 'node:crypto'
import { deleteMessage, editMessage, isOneStatement, postMessage } from '../shared/chat/actions/post.ts'
import { deliverMessages, readMessage, readMessages, readNewestOf } from '../shared/chat/actions/receipts.ts'
import { roomChannel } from '../shared/chat/events.ts'
import { makeChange, makeStatement, type Change, type Origin } from '../shared/kit/change.ts'
import { notFound } from '../shared/kit/errors.ts'
import type { Actor } from '../shared/organisations/roles.ts'
import type { Door } from './door.ts'
import type { ChatData } from './socket/chat-frames.ts'
import type { Peer } from './socket/peer.ts'

export interface Speaker {
  door: Door
  peer: Peer
  actor: Actor
}

type Commands = { readonly [C in keyof ChatData]: (speaker: Speaker, data: ChatData[C]) => Promise<unknown> }

const COMMANDS: Commands = {
  'message.send'({ door, peer, actor }, { roomId, ...message }) {
    const make = isOneStatement(actor, message) ? makeStatement : makeChange
    return make(door.house, originOf(peer, actor), (change) => postMessage(change, actor, roomId, message))
  },
  'message.edit': (speaker, { messageId, ...edit }) => changing(speaker, (change) => editMessage(change, speaker.actor, messageId, edit)),
  'message.delete': (speaker, { messageId }) => changing(speaker, (change) => deleteMessage(change, speaker.actor, messageId)),
  'messages.read': (speaker, read) => changing(speaker, (change) => {
    if ('messageId' in read) return readMessage(change, speaker.actor, read.messageId)
    if ('messageIds' in read) return readNewestOf(change, speaker.actor, read.roomId, read.messageIds)
    return readMessages(change, speaker.actor, read.roomId, read.upTo)
  }),
  'messages.delivered': (speaker, { roomId, upTo }) => changing(speaker, (change) => deliverMessages(change, speaker.actor, roomId, upTo)),
  async typing({ door, peer, actor }, { roomId, isTyping }) {
    // Who unsubscribed from a room may be in it all the same, and only loses this.
    if (!peer.channels.includes(roomChannel(roomId))) throw notFound('Room')
    await door.typing.say(actor.id, roomId, isTyping)
    return {}
  },
}

export function speak<C extends keyof ChatData>(speaker: Speaker, c: C, data: ChatData[C]): Promise<unknown> {
  return speaker.door.house.shares.hold({ part: 'chat', thing: 'roomId' in data ? data.roomId : undefined }, () => COMMANDS[c](speaker, data))
}

function changing<T>({ door, peer, actor }: Speaker, work: (change: Change) => Promise<T>): Promise<T> {
  return makeChange(door.house, originOf(peer, actor), work)
}

function originOf({ connection }: Peer, { orgId }: Actor): Origin {
  return { requestId: randomUUID(), ip: connection.address, orgId }
}
