// Opening a ticket.

import { randomUUID } from 'node:crypto'
import { recordAudit } from '../../audit/actions.ts'
import { openRoom } from '../../chat/actions/rooms.ts'
import { cleanContent } from '../../chat/rules.ts'
import type { Change } from '../../kit/store/change.ts'
import { invalid } from '../../kit/declare/errors.ts'
import { findResource } from '../../resources/queries.ts'
import { isStaff, type Actor } from '../../organisations/roles.ts'
import { newSlaClock } from '../deadlines.ts'
import { onRoomMessageJob } from '../jobs.ts'
import { getTicket } from '../queries.ts'
import { mustBeType } from '../rules.ts'
import type { NewTicket, WholeTicket } from '../schema.ts'
import { insertEntry, insertSupportTicket, nextSupportId, type SupportTicketRow } from '../table.ts'
import { publishCreated } from './publish.ts'
import { hoursOf, setAlarm } from './check-deadlines.ts'

const UNTOUCHED = {
  status: 'open',
  response: null,
  assigneeId: null,
  rating: null,
  resolvedAt: null,
  deletedAt: null,
} as const

/** It belongs to whoever asks. Its room is for them and the staff. @throws AppError 400, 422 */
export async function openTicket(change: Change, actor: Actor, ask: NewTicket): Promise<WholeTicket> {
  if (!isStaff(actor.role)) await change.count('tickets.person', actor.id)
  const { type = 'other', priority = 'medium', stationId = null } = ask
  const hours = await hoursOf(change, actor.orgId)
  mustBeType(type, hours.settings)
  if (stationId && !(await findResource(change.db, actor.orgId, stationId)))
    throw invalid('stationId: there is no such resource')
  const [id, supportId] = [randomUUID(), await nextSupportId(change.db, actor.orgId)]
  const roomId = await openTicketRoom(change, actor, { id, supportId, stationId })
  const clock = newSlaClock(priority, hours, change.now)
  await insertSupportTicket(change.db, {
    id,
    orgId: actor.orgId,
    supportId,
    userId: actor.id,
    stationId,
    roomId,
    type,
    priority,
    description: cleanContent(ask.description),
    ...UNTOUCHED,
    ...clock,
    createdAt: change.now,
    updatedAt: change.now,
  })
  setAlarm(change, id, clock)
  await insertEntry(change.db, id, { at: change.now, actorId: actor.id, what: 'created', changes: [] })
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'ticket_created',
    entity: 'ticket',
    entityId: id,
    metadata: { supportId, type, priority },
  })
  await publishCreated(change, actor.orgId, id)
  return getTicket(change.db, actor, id)
}

function openTicketRoom(
  change: Change,
  { id: userId, orgId }: Actor,
  { id, supportId, stationId }: Pick<SupportTicketRow, 'id' | 'supportId' | 'stationId'>,
): Promise<string> {
  return openRoom(
    change,
    {
      orgId,
      kind: 'SUPPORT',
      type: 'ticket',
      name: `#${supportId}`,
      onlyKey: `ticket|${id}`,
      resourceId: stationId,
      isOpenToStaff: true,
      then: onRoomMessageJob,
    },
    [{ userId, roleInRoom: 'customer' }],
    userId,
  )
}
