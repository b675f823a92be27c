// When the organisation is open, which its ADMINs and OWNERs say.

import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { changedMeanwhile, malformed } from '../../kit/declare/errors.ts'
import { roleChannel } from '../../kit/declare/event.ts'
import { calendarChangedEvent } from '../events.ts'
import { getCalendar } from '../queries.ts'
import type { CalendarAsk, OpeningCalendar } from '../schema.ts'
import { lockOrganisation, updateCalendar } from '../table.ts'
import { ROLES, type Actor } from '../roles.ts'

/** Replaces the whole calendar. @throws AppError 400, 412 when it changed meanwhile */
export async function setCalendar(
  change: Change,
  actor: Actor,
  ask: CalendarAsk,
  ifMatch?: number,
): Promise<OpeningCalendar> {
  mustNameDaysOnce(ask)
  await lockOrganisation(change.db, actor.orgId)
  const { version } = await getCalendar(change.db, actor.orgId)
  if (ifMatch !== undefined && ifMatch !== version) throw changedMeanwhile('calendar', version, ifMatch)
  await updateCalendar(change.db, actor.orgId, ask)
  const calendar = await getCalendar(change.db, actor.orgId)
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'calendar_changed',
    entity: 'settings',
    entityId: actor.orgId,
    metadata: { ...calendar },
  })
  tellCalendar(change, actor.orgId, calendar)
  return calendar
}

export function tellCalendar(change: Change, orgId: string, calendar: OpeningCalendar): void {
  change.emit(
    calendarChangedEvent,
    ROLES.map((role) => roleChannel(orgId, role)),
    calendar,
  )
}

function mustNameDaysOnce({ holidays }: CalendarAsk): void {
  const dates = holidays.map(({ date }) => date)
  const again = dates.flatMap((date, at) =>
    dates.indexOf(date) < at ? [{ path: `/body/holidays/${at}/date`, message: 'stands there before' }] : [],
  )
  if (again.length > 0) throw malformed(again)
}
