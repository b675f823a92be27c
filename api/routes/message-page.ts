// Messages are numbered, so that a page of them ends at a number, whatever is said meanwhile.

import { SEQ, type Message } from '../../shared/chat/schema.ts'
import { Type } from '../../shared/kit/declare/schema.ts'
import type { ListPage } from '../http/route.ts'

export const BEFORE = Type.Optional(SEQ)

export function messagePage(
  items: Message[],
  { limit, after }: { limit: number; after?: number },
): ListPage<Message> {
  const last = items.length === limit ? items.at(-1) : undefined
  if (!last || (after === undefined && last.seq === 1)) return { items, next: null }
  return { items, next: after === undefined ? { before: last.seq } : { after: last.seq } }
}
