// What other programs tell: written down once; the staff is told by a job (notify-staff.ts).

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { invalid } from '../../kit/declare/errors.ts'
import { DAY, plusMs } from '../../kit/time/time.ts'
import { expireEventsJob, notifyStaffJob } from '../jobs.ts'
import { getReceivedEvent } from '../queries.ts'
import type { KeyHolder, OutsideEvent, ReceivedEvent } from '../schema.ts'
import { deleteEventsBefore, insertEvent } from '../table.ts'

/** The same id is the same event. @throws AppError 400, 422 when the id came with another event, 429 */
export async function receiveEvent(
  change: Change,
  holder: Pick<KeyHolder, 'id' | 'orgId'>,
  event: OutsideEvent,
): Promise<ReceivedEvent> {
  await change.count('events.organisation', holder.orgId)
  const id = randomUUID()
  const outcome = await insertEvent(change.db, id, holder, event, change.now)
  if (outcome === 'other') throw invalid('This id came with another event before')
  if (outcome === 'new') {
    change.enqueue(notifyStaffJob, { eventId: id })
    recordAudit(change, {
      orgId: holder.orgId,
      action: 'event_received',
      entity: 'event',
      entityId: id,
      metadata: { eventId: event.id, type: event.type },
    })
  }
  return getReceivedEvent(change.db, holder.orgId, event.id)
}

/** For so long an id is known again. */
const KEEP_EVENTS = 90 * DAY
/** Rows in one transaction of the retention. */
const BATCH = 1000

export async function expireEvents(change: Change): Promise<void> {
  const count = await deleteEventsBefore(change.db, plusMs(change.now, -KEEP_EVENTS), BATCH)
  if (count === BATCH) change.enqueue(expireEventsJob, {})
}
