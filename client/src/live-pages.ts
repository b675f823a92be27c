// What a list that is followed reads: as many pages as are shown.

import type { CallOperation, ReplyOf } from './api.ts'
import type { ListPart } from './live-list.ts'

type Messages = Extract<ReplyOf<'getChatRoomsByIdMessages'>, readonly unknown[]>

const MOST = 100

/** One more than is shown is asked for: whether there is more. */
export async function readPages(
  call: CallOperation,
  name: string,
  query: object,
  size: number,
): Promise<ListPart<unknown>> {
  const rows: unknown[] = []
  while (rows.length <= size) {
    const limit = Math.min(MOST, size + 1 - rows.length)
    const page = (await call(name, { query: { ...query, limit, offset: rows.length } })) as unknown[]
    rows.push(...page)
    if (page.length < limit) break
  }
  return { items: rows.slice(0, size), hasMore: rows.length > size }
}

/** In the order of the room: the newest last. */
export async function readMessages(
  call: CallOperation,
  roomId: string,
  size: number,
): Promise<ListPart<Messages[number]>> {
  const rows: Messages = []
  while (rows.length <= size) {
    const limit = Math.min(MOST, size + 1 - rows.length)
    const before = rows[0]?.seq
    const query = { limit, ...(before !== undefined && { before }) }
    const page = (await call('getChatRoomsByIdMessages', { path: { id: roomId }, query })) as Messages
    rows.unshift(...page.toReversed())
    if (page.length < limit) break
  }
  return { items: rows.slice(-size), hasMore: rows.length > size }
}
