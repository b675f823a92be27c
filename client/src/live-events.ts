// Which events are about what.

export const ABOUT_APPROVALS = [
  'approval.requested',
  'approval.reminded',
  'approval.commented',
  'approval.step_decided',
  'approval.decided',
  'approval.expired',
] as const

/** What a list of rooms shows of each changes with all of these: it is read again, for many at once. */
export const ABOUT_ROOMS = [
  'room.created',
  'room.changed',
  'room.member_added',
  'room.member_removed',
  'message.created',
  'message.changed',
  'message.deleted',
  'messages.read',
  'messages.delivered',
  'inbox.conversation_opened',
  'inbox.conversation_changed',
] as const

/** A resource is in use from the first of these to one of the others. */
export const WHILE_IN_USE: readonly string[] = ['IN_PROGRESS', 'COMPLETED', 'CANCELLED']
