// What a conversation is called.

import type { Place, Room } from './place.ts'
import { chatTexts } from './texts/chat.ts'

/** Of two: the other one; to whoever is served, who serves them. */
export function nameOfRoomAt({ language, userId }: Place, { kind, name, members, type }: Room): string {
  const text = chatTexts[language]
  if (type === 'ticket') return text.ticket + name
  const own = members.find((member) => member.userId === userId)
  if (kind === 'SUPPORT' && own?.roleInRoom === 'customer') return text.desk
  if (name) return name
  const people = members
    .filter((member) => member.userId !== userId)
    .map(({ fullName }) => fullName)
    .join(', ')
  return kind === 'BOOKING' ? `${text.trip} · ${people}` : people || text.you
}
