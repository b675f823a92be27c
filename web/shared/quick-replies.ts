// What a customer may answer with one press: the organisation offered it with its last message.

import type { Message, Room } from './place.ts'

export function quickRepliesOf(
  last: Message | undefined,
  room: Pick<Room, 'kind' | 'customer'> | undefined,
): readonly string[] {
  // The staff sees the same messages, and whose room it is; only the customer is asked.
  if (room?.kind !== 'SUPPORT' || room.customer) return []
  const offered: unknown = last?.metadata?.['quickReplies']
  return Array.isArray(offered) ? offered.map(String) : []
}
