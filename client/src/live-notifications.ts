// What an event about notifications does to a list of them.

import type { ReplyOf } from './api.ts'
import type { FollowedList } from './live-list.ts'
import type { EventMap } from './socket/wire.ts'

type Notification = ReplyOf<'getNotifications'>[number]

/** One, or all up to a moment, was read or deleted; whatever was read stays so. */
export function changeNotifications(
  list: FollowedList<Notification>,
  { id, until, category, except, readAt, isDeleted }: EventMap['notification.changed'],
): void {
  const isOfKind = (one: { category: string }): boolean =>
    one.category !== except && (!category || one.category === category)
  const isMeant = (one: Notification): boolean =>
    one.id === id || (until !== null && one.createdAt <= until && isOfKind(one))
  if (isDeleted) for (const one of list.get().filter(isMeant)) list.remove(one.id)
  else list.change((one) => (isMeant(one) ? { ...one, readAt: one.readAt ?? readAt } : one))
}
