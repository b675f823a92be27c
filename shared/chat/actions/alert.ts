// Telling people of messages that they are not looking at.

import type { Change } from '../../kit/store/change.ts'
import { notify } from '../../notifications/actions/notify.ts'
import { excerptOf } from '../../kit/text/excerpt.ts'
import { holdAlertFacts } from '../queries/messages.ts'

/** Whoever posts one of these alerts people in their own words. */
const ALERTED_BY_ITSELF: ReadonlySet<string> = new Set(['schedule_change'])

/** A live socket hears its rooms, so whoever has one is looking. Who has read it meanwhile need not be told. */
export async function notifyAbsentMembers(change: Change, messageId: string): Promise<void> {
  const facts = await holdAlertFacts(change.db, messageId)
  if (!facts || facts.deletedAt || ALERTED_BY_ITSELF.has(facts.messageType)) return
  const { orgId, roomId, bookingId, seq, senderId, behind } = facts
  const online = new Set(await change.online(orgId, behind))
  for (const userId of behind.filter((each) => !online.has(each)))
    notify(change, {
      orgId,
      userId,
      type: 'NEW_CHAT_MESSAGE',
      people: [senderId],
      parameters: { sender: facts.senderName ?? '', text: excerptOf(facts.content) },
      data: { roomId, messageId, seq },
      ...(bookingId && { bookingId }),
    })
}
