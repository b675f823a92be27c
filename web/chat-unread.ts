// How much is unread in one's conversations, at the entry of the menu; the same in every tab.

import { client, connection, Shared } from './client.ts'

const EVENTS = ['message.created', 'message.deleted', 'messages.read', 'room.member_removed'] as const
/** Milliseconds in which what happens is asked about together. */
const TOGETHER = 300
/** After which it is asked for again, where it could not be. */
const RETRY = 5000

export const chatUnread = new Shared(0)

/** @returns what ends it */
export function followChatUnread(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const read = async (): Promise<void> => {
    timer = undefined
    await client.api.getChatUnreadCount().then(
      ({ count }) => chatUnread.set(count),
      () => readSoon(RETRY),
    )
  }
  const readSoon = (after = TOGETHER): void => void (timer ??= setTimeout(() => void read(), after))
  const ends = [
    ...EVENTS.map((event) => client.on(event, () => readSoon())),
    // What was missed meanwhile is in the count.
    connection.subscribe(() => connection.get() === 'live' && readSoon()),
  ]
  void read()
  return () => {
    clearTimeout(timer)
    for (const end of ends) end()
  }
}
