// What a conversation is called, and by whom it is led.

import { myself, type Room } from '../client.ts'
import { chatText } from '../texts/chat.ts'

/** Of two: the other one. */
export function nameOfRoom({ kind, name, members }: Room): string {
  if (name) return name
  const others = members.filter(({ userId }) => userId !== myself().id).map(({ fullName }) => fullName)
  const people = others.join(', ')
  return kind === 'BOOKING' ? `${chatText.trip} · ${people}` : people || chatText.you
}
