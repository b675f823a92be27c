// What a conversation is called.

import type { Place, Room } from './place.ts'
import { chatTexts } from './texts/chat.ts'

/** Of two: the other one. */
export function nameOfRoomAt({ language, userId }: Place, { kind, name, members }: Room): string {
  if (name) return name
  const text = chatTexts[language]
  const people = members
    .filter((member) => member.userId !== userId)
    .map(({ fullName }) => fullName)
    .join(', ')
  return kind === 'BOOKING' ? `${text.trip} · ${people}` : people || text.you
}
