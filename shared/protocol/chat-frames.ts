// What a socket may say in rooms: the `data` of each command.

import { MessageEdit, NewMessage, SEQ } from '../chat/schema.ts'
import { id, shape, Type, type Static } from '../kit/declare/schema.ts'

const roomId = id('Room.')
const messageId = id('Message.')
const Marked = shape(
  { roomId, upTo: Type.Optional(SEQ) },
  { description: 'Everything up to this number; everything unless given.' },
)
const MarkedByIds = shape(
  { roomId, messageIds: Type.Array(messageId, { minItems: 1, maxItems: 1000 }) },
  { description: 'The newest of these messages and everything before it.' },
)

export const CHAT_FRAMES = {
  'message.send': shape({ roomId, ...NewMessage.properties }),
  'message.edit': shape({ messageId, ...MessageEdit.properties }),
  'message.delete': shape({ messageId }),
  'messages.read': Type.Union([
    Marked,
    shape({ messageId }, { description: 'That message and everything before it.' }),
    MarkedByIds,
  ]),
  'messages.delivered': Marked,
  typing: shape({ roomId, isTyping: Type.Boolean({ description: 'False: no longer.' }) }),
} as const

export type ChatData = { [C in keyof typeof CHAT_FRAMES]: Static<(typeof CHAT_FRAMES)[C]> }
export type ChatFrame<Ref> = { [C in keyof ChatData]: { c: C; ref?: Ref; data: ChatData[C] } }[keyof ChatData]
