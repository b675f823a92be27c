// What the chats have in common: commands whose words differ and whose meaning does not. What a document's clients send
// beside them (who they say they are, a state, a time) is not asked for, and is left where it is.

import { roomChannel } from '../../../shared/chat/events.ts'
import type { CommandMapping } from './mapping.ts'

type Fields = Readonly<Record<string, unknown>>

/** Nothing of what is no object. */
export function fieldsOf(data: unknown): Fields {
  return typeof data === 'object' && data !== null ? { ...data } : {}
}

/** A room, however its key is spelled. */
export function roomIn(data: unknown): unknown {
  const { roomId, chatRoomId, chat_room_id, conversationId, groupId } = fieldsOf(data)
  return roomId ?? chatRoomId ?? chat_room_id ?? conversationId ?? groupId
}

/** @param more what this document calls otherwise than we do */
export function sendCommand(
  name: string,
  more: (asked: Fields) => Fields,
  answer: (message: never, asked: unknown) => unknown,
): CommandMapping {
  return {
    name,
    answer,
    command(data) {
      const asked = fieldsOf(data)
      const { content, messageType, metadata, attachments, replyTo, clientMsgId } = asked
      return {
        c: 'message.send',
        data: {
          roomId: roomIn(data),
          content,
          messageType,
          metadata,
          attachments,
          replyTo,
          clientMsgId,
          ...more(asked),
        },
      }
    },
  }
}

export const joinCommand = (name: string, says?: string, answer?: CommandMapping['answer']): CommandMapping =>
  around('subscribe', name, says, answer)
export const leaveCommand = (
  name: string,
  says?: string,
  answer?: CommandMapping['answer'],
): CommandMapping => around('unsubscribe', name, says, answer)

function around(
  c: string,
  name: string,
  says?: string,
  answer: CommandMapping['answer'] = (_done, asked) => ({ roomId: roomIn(asked) }),
): CommandMapping {
  return {
    name,
    command: (data) => ({ c, data: { channel: channelOf(roomIn(data)) } }),
    answer,
    missing: 'Room not found',
    ...(says !== undefined && { says }),
  }
}

function channelOf(room: unknown): string {
  return roomChannel(typeof room === 'string' ? room : '')
}

export const readCommand = (name: string): CommandMapping => ({
  name,
  command: (data) => ({ c: 'messages.read', data: { roomId: roomIn(data) } }),
})

/** @param isTyping what the command says by its name; what its payload says unless given */
export const typingCommand = (name: string, isTyping?: boolean): CommandMapping => ({
  name,
  command: (data) => ({
    c: 'typing',
    data: { roomId: roomIn(data), isTyping: isTyping ?? fieldsOf(data)['isTyping'] },
  }),
})
