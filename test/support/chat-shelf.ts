// What a client keeps of its rooms, from the events of chat alone: docs/PROTOCOL.md, as code.

import { receiptOf } from '../../shared/chat/rules.ts'
import { excerptOf } from '../../shared/kit/text/excerpt.ts'
import type { Frame } from './socket.ts'

interface Marks {
  userId: string
  deliveredSeq: number
  readSeq: number
  joinedSeq: number
}
interface Kept {
  // As the events carry it; what a test expects of it, the test says.
  room: any
  messages: Map<number, any>
  marks: Map<string, Marks>
}

export class ChatShelf {
  readonly #me: string
  readonly #kept = new Map<string, Kept>()

  constructor(me: string) {
    this.#me = me
  }

  apply({ ev = '', data }: Frame): void {
    if (ev === 'room.created')
      this.#kept.set(data.id, {
        room: data,
        messages: new Map(),
        marks: new Map(data.members.map(({ userId }: Marks) => [userId, NEW(userId)])),
      })
    const kept = this.#kept.get(ev === 'room.changed' ? data.id : data.roomId)
    // Of a room that they came into later, they fetch what was before; this one does not.
    if (kept) APPLY[ev]?.(kept, data)
    if (ev === 'room.member_removed' && data.userId === this.#me) this.#kept.delete(data.roomId)
  }

  knows(roomId: string): boolean {
    return this.#kept.has(roomId)
  }

  /** As GET /chat/rooms shows them. */
  get rooms(): any[] {
    return [...this.#kept.values()].map(({ room, messages, marks }) => {
      const read = marks.get(this.#me)?.readSeq ?? 0
      return {
        ...room,
        _id: room.id,
        unreadCount: [...messages.values()].filter(
          ({ seq, senderId, deletedAt }) => seq > read && senderId !== this.#me && !deletedAt,
        ).length,
      }
    })
  }

  /** As GET /chat/rooms/:id/messages shows them, oldest first. */
  messagesOf(roomId: string): any[] {
    const { messages, marks } = this.#kept.get(roomId) ?? { messages: new Map(), marks: new Map() }
    return [...messages.values()].map((message) => ({
      ...message,
      ...receiptOf(message, [...marks.values()]),
    }))
  }
}

const NEW = (userId: string, seq = 0): Marks => ({ userId, deliveredSeq: seq, readSeq: seq, joinedSeq: seq })

const APPLY: Readonly<Record<string, (kept: Kept, data: any) => void>> = {
  'room.changed'(kept, room) {
    if (room.version >= kept.room.version) kept.room = { ...room, members: kept.room.members }
  },
  'room.member_added'({ room, marks, messages }, { member }) {
    room.members = [...room.members.filter(({ userId }: Marks) => userId !== member.userId), member]
    marks.set(member.userId, NEW(member.userId, messages.size))
  },
  'room.member_removed'({ room, marks }, { userId }) {
    room.members = room.members.filter((member: Marks) => member.userId !== userId)
    marks.delete(userId)
  },
  'message.created'(kept, message) {
    kept.messages.set(message.seq, message)
    show(kept, message)
    kept.room.lastMessageAt = message.createdAt
  },
  'message.changed'(kept, message) {
    kept.messages.set(message.seq, message)
    show(kept, message)
  },
  'message.deleted'(kept, { seq, deletedAt }) {
    const message = { ...kept.messages.get(seq), content: '', metadata: null, attachments: [], deletedAt }
    kept.messages.set(seq, message)
    show(kept, message)
  },
  'messages.read': (kept, { userId, seq }) => mark(kept, userId, seq, seq),
  'messages.delivered': (kept, { userId, seq }) => mark(kept, userId, seq, 0),
}

/** Marks only go forward, whatever the order in which they are told. */
function mark({ marks }: Kept, userId: string, delivered: number, read: number): void {
  const before = marks.get(userId)
  if (before)
    marks.set(userId, {
      ...before,
      deliveredSeq: Math.max(before.deliveredSeq, delivered),
      readSeq: Math.max(before.readSeq, read),
    })
}

function show({ room }: Kept, { id, seq, senderId, messageType, content, createdAt }: any): void {
  if (seq < room.lastSeq) return
  room.lastSeq = seq
  room.lastMessage = { id, seq, senderId, messageType, content: excerptOf(content), createdAt }
}
