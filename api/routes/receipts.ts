// What people have, have read, and who of them is there.

import {
  deliverMessages,
  readMessage,
  readMessages,
  readNewestOf,
} from '../../shared/chat/actions/receipts.ts'
import { countUnread, listOnlineMembers } from '../../shared/chat/queries/members.ts'
import { SEQ } from '../../shared/chat/schema.ts'
import { id, shape, Type } from '../../shared/kit/declare/schema.ts'
import type { Change } from '../../shared/kit/store/change.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import { PersonBrief } from '../../shared/users/schema.ts'
import { read, write } from '../http/route-builders.ts'

const ById = shape({ id: id('Room.') })
const MessageById = shape({ id: id('Message.') })
const Success = shape({ success: Type.Literal(true) })
/** Existing clients say who they are. Who reads is whom the token names. */
const claimed = Type.Optional(Type.Unknown({ description: 'Ignored: it is whom the token names.' }))
const UpTo = shape({
  upTo: Type.Optional(SEQ),
  messageIds: Type.Optional(
    Type.Array(id('A message of the room.'), {
      minItems: 1,
      maxItems: 100,
      description: 'Instead of upTo: up to the newest of these.',
    }),
  ),
  userId: claimed,
})
const Delivered = shape({ upTo: Type.Optional(SEQ) })

/** Everything, up to a number, or up to the newest of some messages. */
function markRead(
  change: Change,
  caller: Actor,
  roomId: string,
  { upTo, messageIds }: { upTo?: number; messageIds?: string[] },
): Promise<{ success: true }> {
  return messageIds
    ? readNewestOf(change, caller, roomId, messageIds)
    : readMessages(change, caller, roomId, upTo)
}

export const receiptRoutes = [
  write('post', '/chat/rooms/:id/read', {
    scope: 'chat:write',
    summary: 'Everything, or everything up to a number, is read',
    params: ById,
    body: UpTo,
    reply: Success,
    handle: (change, { params, body, caller }) => markRead(change, caller, params.id, body),
  }),
  write('put', '/chat/rooms/:id/messages/read', {
    scope: 'chat:write',
    summary: 'Everything, or everything up to a number, is read',
    params: ById,
    body: UpTo,
    reply: Success,
    handle: (change, { params, body, caller }) => markRead(change, caller, params.id, body),
  }),
  write('post', '/chat/rooms/:id/delivered', {
    scope: 'chat:write',
    summary: 'A device has everything, or everything up to a number',
    params: ById,
    body: Delivered,
    reply: Success,
    handle: (change, { params, body, caller }) => deliverMessages(change, caller, params.id, body.upTo),
  }),
  write('patch', '/chat/messages/:id/read', {
    scope: 'chat:write',
    summary: 'A message and everything before it is read',
    params: MessageById,
    reply: Success,
    handle: (change, { params, caller }) => readMessage(change, caller, params.id),
  }),
  read('/chat/unread-count', {
    scope: 'chat:read',
    summary: 'How many messages you have not read',
    reply: shape({ count: Type.Integer({ description: 'Over all of your rooms; 1000: or more.' }) }),
    handle: async ({ db }, { caller }) => ({ count: await countUnread(db, caller) }),
  }),
  read('/chat/rooms/:id/online-users', {
    scope: 'chat:read',
    summary: 'Who of the room is online',
    params: ById,
    reply: Type.Array(PersonBrief),
    handle: (reading, { params, caller }) => listOnlineMembers(reading, caller, params.id),
  }),
]
