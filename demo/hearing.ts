// What the people of the play listen for, and where HTTP shows the same when a socket had a gap.

import type { Cast } from './people.ts'
import type { Name } from './day.ts'
import type { Story } from './reporter.ts'
import type { Learnt } from './person.ts'
import type { ApprovalSeen, BookingSeen, EventName, NotificationSeen } from './wire.ts'

interface Scene {
  cast: Cast
}

export function hearStatus(
  { cast }: Scene,
  who: Name,
  story: Story,
  status: BookingSeen['status'],
): Promise<Learnt<BookingSeen>> {
  const id = idOf(story)
  return cast[who].hear({
    evs: ['booking.created', 'booking.changed'],
    code: codeOf(story),
    fits: (data) => data.id === id && data.status === status,
    lookUp: () => cast[who].http.find(`/bookings/${id}`),
  })
}

type ApprovalEvent = Extract<EventName, `approval.${string}`>

export function hearApproval(
  { cast }: Scene,
  who: Name,
  story: Story,
  evs: readonly ApprovalEvent[],
  fits: (approval: ApprovalSeen) => boolean,
): Promise<Learnt<ApprovalSeen>> {
  const id = idOf(story)
  return cast[who].hear({
    evs,
    code: codeOf(story),
    fits: (data) => data.bookingId === id && fits(data),
    lookUp: () => cast[who].http.find(`/approvals/booking/${id}`),
  })
}

export function hearNews({ cast }: Scene, story: Story, type: string): Promise<Learnt<NotificationSeen>> {
  const [id, who] = [idOf(story), cast[story.row.who]]
  const fits = (data: NotificationSeen): boolean => data.bookingId === id && data.type === type
  return who.hear({
    evs: ['notification.created'],
    code: codeOf(story),
    fits,
    lookUp: async () =>
      (await who.http.get<NotificationSeen[]>('/notifications?category=booking&limit=100')).body.find(fits),
  })
}

export const codeOf = (story: Story): string =>
  story.booking?.bookingCode ?? `the booking of second ${story.row.second}`

/** @throws Error before it was asked for */
export function idOf({ booking }: Story): string {
  if (!booking) throw new Error('This booking was not asked for yet.')
  return booking.id
}
