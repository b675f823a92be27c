// What the route of a request depends on, read at once: for asking, for routing, and for `simulate`.

import { preparedRowsOf, type Db } from '../kit/store/db.ts'
import { notFound } from '../kit/declare/errors.ts'
import type { OpeningCalendar, Organisation } from '../organisations/schema.ts'
import { MANAGERS_ABOVE } from '../users/queries.ts'
import { mayBeAsked, type User } from '../users/schema.ts'
import type { Superior } from './rules.ts'
import type { Delegation } from './schema.ts'

/** All that decides who is asked about a person's request, when they are reminded, and until when. */
export interface RouteFacts {
  requester: Pick<User, 'id' | 'fullName' | 'role' | 'positionLevel' | 'userSegment' | 'locale'>
  organisation: Pick<Organisation, 'slug' | 'timezone' | 'locale' | 'settings'>
  calendar: OpeningCalendar
  /** Nearest first. */
  superiors: Superior[]
  /** Of all of them, to people who may decide. */
  delegations: Delegation[]
}

/** In one statement. @throws AppError 404 */
export async function getRouteFacts(db: Db, orgId: string, requesterId: string): Promise<RouteFacts> {
  const [facts] = await preparedRowsOf<
    Omit<RouteFacts, 'delegations'> & {
      delegations: (Pick<Delegation, 'id' | 'delegatorId' | 'delegateId'> &
        Pick<User, 'isActive' | 'role'> & { fromAt: string; untilAt: string; createdAt: string })[]
    }
  >(
    db,
    'route_facts',
    `with recursive above as (${MANAGERS_ABOVE})
     select jsonb_build_object('id', r.id, 'fullName', r.full_name, 'role', r.role, 'positionLevel', r.position_level,
         'userSegment', r.user_segment, 'locale', r.locale) as requester,
       jsonb_build_object('slug', o.slug, 'timezone', o.timezone, 'locale', o.locale, 'settings', o.settings) as organisation,
       jsonb_build_object('timezone', o.timezone, 'weekly', o.weekly_hours, 'holidays', o.holidays,
         'version', o.calendar_version) as calendar,
       (select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'fullName', u.full_name, 'isActive', u.is_active,
         'role', u.role) order by a.height), '[]') from above a join users u on u.id = a.id
         where u.org_id = :orgId and not u.id = any(a.below)) as superiors,
       (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'delegatorId', d.delegator_id, 'delegateId', d.delegate_id,
         'fromAt', d.from_at, 'untilAt', d.until_at, 'createdAt', d.created_at, 'isActive', u.is_active, 'role', u.role)
         order by d.from_at), '[]') from delegations d join users u on u.id = d.delegate_id
         where d.delegator_id in (select id from above) and d.revoked_at is null) as delegations
     from users r join organisations o on o.id = r.org_id where r.id = :userId and r.org_id = :orgId`,
    { orgId, userId: requesterId },
  )
  if (!facts) throw notFound('User')
  return {
    ...facts,
    delegations: facts.delegations
      .filter(mayBeAsked)
      .map(({ isActive: _active, role: _role, fromAt, untilAt, createdAt, ...delegation }) => ({
        ...delegation,
        fromAt: new Date(fromAt),
        untilAt: new Date(untilAt),
        createdAt: new Date(createdAt),
        revokedAt: null,
      })),
  }
}
