// What a translation needs to know and no frame says, read once for all sockets of this node and remembered for a while.
// Promise: bounded in number. Not promised: that a name is newer than a minute.

import { findRoomKind } from '../../shared/chat/queries/rooms.ts'
import { notFound } from '../../shared/kit/declare/errors.ts'
import { rememberValue } from '../../shared/kit/process/remember-value.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { MINUTE, plusMs } from '../../shared/kit/time/time.ts'
import { getPersonBrief } from '../../shared/users/queries.ts'
import type { Lookups } from './vocabulary/mapping.ts'
import { listMarked } from '../../shared/chat/queries/messages.ts'

/** Of each sort. At 100 bytes or so each, nothing beside the sockets. */
const REMEMBERED = 10_000
const NAME_LIFE = MINUTE
/** One page of a conversation: what is further up, a client reads again anyway. */
const PAGE = 50

export function openLookupCache({ db, clock }: Pick<Runtime, 'db' | 'clock'>): Lookups {
  const kinds = new Map<string, Awaited<ReturnType<Lookups['kindOf']>>>()
  const names = new Map<string, { name: string; until: Date }>()
  const marks = new Map<string, number>()
  let newest: { key: string; ids: Promise<readonly string[]> } | undefined

  const readKind = once(async (roomId) => {
    const kind = await findRoomKind(db, roomId)
    if (!kind) throw notFound('Room')
    rememberValue(kinds, roomId, kind, REMEMBERED)
    return kind
  })
  const readName = once(async (userId, orgId) => {
    const { fullName } = await getPersonBrief(db, orgId, userId)
    rememberValue(names, userId, { name: fullName, until: plusMs(clock.now(), NAME_LIFE) }, REMEMBERED)
    return fullName
  })

  return {
    // What kind a room is never changes.
    kindOf: (roomId) => kinds.get(roomId) ?? readKind(roomId, ''),
    nameOf(orgId, userId) {
      const known = names.get(userId)
      return known && clock.now() < known.until ? known.name : readName(userId, orgId)
    },
    newlyMarked(kind, mark) {
      const who = `${kind} ${mark.roomId} ${mark.userId}`
      const key = `${who} ${mark.seq}`
      // The same mark is told to one socket after the other.
      if (newest?.key === key) return newest.ids
      const ids = listMarked(db, mark, { after: marks.get(who) ?? 0, limit: PAGE })
      rememberValue(marks, who, mark.seq, REMEMBERED)
      newest = { key, ids }
      return ids
    },
  }
}

/** Who wants to know what is being read already waits for the same answer: a thousand sockets are told the same frame. */
function once<T>(read: (id: string, orgId: string) => Promise<T>): (id: string, orgId: string) => Promise<T> {
  const reading = new Map<string, Promise<T>>()
  return (id, orgId) => {
    const known = reading.get(id) ?? read(id, orgId).finally(() => reading.delete(id))
    reading.set(id, known)
    return known
  }
}
