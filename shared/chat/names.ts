// Names under which clients of other chats read a message, beside ours: the same in answers of REST as on their sockets.

import type { Attachment } from '../files/schema.ts'
import type { PersonBrief } from '../users/schema.ts'
import type { Message, RoomKind, WorkplaceMessage } from './schema.ts'

type RoomKey = Pick<WorkplaceMessage, 'conversationId' | 'groupId'>
type WorkplaceNames = Pick<WorkplaceMessage, '_id' | 'attachments' | 'updatedAt'>

/** Two are a conversation, more are a group, whatever the room is for. */
const ROOM_KEYS: Readonly<Record<RoomKind, keyof RoomKey>> = {
  DIRECT: 'conversationId',
  PAIRED: 'conversationId',
  BOOKING: 'conversationId',
  GROUP: 'groupId',
  TEAM: 'groupId',
  SUPPORT: 'groupId',
}

export function nameRoom(kind: RoomKind, roomId: string): RoomKey {
  return { [ROOM_KEYS[kind]]: roomId }
}

/** Workplace chat. */
export function nameForWorkplace({ id, attachments, createdAt, editedAt }: Message): WorkplaceNames {
  return {
    _id: id,
    attachments: attachments.map((each) => ({ ...nameFile(each), uploadedAt: createdAt })),
    updatedAt: editedAt ?? createdAt,
  }
}

/** There `type` is what browsers call it. */
export function nameFile<A extends Pick<Attachment, 'contentType'>>(attachment: A): A & { type: string } {
  return { ...attachment, type: attachment.contentType }
}

interface PairNames {
  chatRoomId: string
  type: Message['messageType']
  sender: (PersonBrief & { firstName: string; lastName: string }) | null
  fileUrl: unknown
  fileName: unknown
  fileSize: unknown
  updatedAt: Date
}

/** Chat in pairs, whose clients spell them in snake_case. */
export function nameForPair({
  roomId,
  messageType,
  sender,
  attachments: [first],
  metadata,
  createdAt,
  editedAt,
}: Message): PairNames {
  const { fileUrl = first?.url, fileName = first?.name, fileSize = first?.size } = metadata ?? {}
  return {
    chatRoomId: roomId,
    type: messageType,
    sender: sender && { ...sender, ...nameParts(sender.fullName) },
    fileUrl: fileUrl ?? null,
    fileName: fileName ?? null,
    fileSize: fileSize ?? null,
    updatedAt: editedAt ?? createdAt,
  }
}

/**
 * Clients put first_name before a message, some with last_name behind it. A Vietnamese name begins with the family and ends
 * with what people are called, an English one is the other way round, and nothing says which it is: the whole name is
 * right for every reader, and half of it is wrong for some.
 */
function nameParts(fullName: string): { firstName: string; lastName: string } {
  return { firstName: fullName, lastName: '' }
}
