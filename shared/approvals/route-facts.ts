// What the route of a request depends on, read at once: for asking, for routing, and for `simulate`.

import { preparedRowsOf, rowsOf, type Db } from '../kit/store/db.ts'
import { askOnce } from '../kit/store/ask-together.ts'
import { notFound } from '../kit/declare/errors.ts'
import type { OpeningCalendar, Organisation } from '../organisations/schema.ts'
import { MANAGERS_ABOVE } from '../users/queries.ts'
import { mayBeAsked, POSITION_LEVELS, type User } from '../users/schema.ts'
import { MOST_ASKED, type ApprovalPolicy, type ApproverRule } from './policy/schema.ts'
import type { Candidate } from './route/rules.ts'
import type { Delegation } from './schema.ts'

const HEIGHT = `array_position(array['${POSITION_LEVELS.join("','")}'], u.position_level)`

/** All that decides who is asked about a person's request, when they are reminded, and until when. */
export interface RouteFacts {
  requester: Pick<
    User,
    'id' | 'fullName' | 'role' | 'positionLevel' | 'userSegment' | 'locale' | 'department'
  >
  organisation: Pick<Organisation, 'slug' | 'timezone' | 'locale' | 'settings'>
  calendar: OpeningCalendar
  /** Nearest first. */
  superiors: Candidate[]
  /** Of all of them, to people who may decide. */
  delegations: Delegation[]
  /** The newest; null: nobody has set one. */
  policy: Pick<ApprovalPolicy, 'version' | 'rules'> | null
}

/** In one statement, and once for those who ask in the same turn of a transaction. @throws AppError 404 */
export async function getRouteFacts(db: Db, orgId: string, requesterId: string): Promise<RouteFacts> {
  const facts = await findRouteFacts(db, { orgId, userId: requesterId })
  if (!facts) throw notFound('User')
  return { ...facts, delegations: delegationsOf(facts.delegations) }
}

const findRouteFacts = askOnce(
  ({ orgId, userId }: { orgId: string; userId: string }) => `${orgId} ${userId}`,
  async (db, whose) => {
    const [facts] = await preparedRowsOf<
      Omit<RouteFacts, 'delegations'> & {
        delegations: DelegationFacts[]
      }
    >(
      db,
      'route_facts',
      `with recursive above as (${MANAGERS_ABOVE})
     select jsonb_build_object('id', r.id, 'fullName', r.full_name, 'role', r.role, 'positionLevel', r.position_level,
         'userSegment', r.user_segment, 'locale', r.locale, 'department', r.department) as requester,
       jsonb_build_object('slug', o.slug, 'timezone', o.timezone, 'locale', o.locale, 'settings', o.settings) as organisation,
       jsonb_build_object('timezone', o.timezone, 'weekly', o.weekly_hours, 'holidays', o.holidays,
         'version', o.calendar_version) as calendar,
       (select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'fullName', u.full_name, 'isActive', u.is_active,
         'role', u.role, 'positionLevel', u.position_level, 'department', u.department) order by a.height), '[]')
         from above a join users u on u.id = a.id where u.org_id = :orgId and not u.id = any(a.below)) as superiors,
       (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'delegatorId', d.delegator_id, 'delegateId', d.delegate_id,
         'fromAt', d.from_at, 'untilAt', d.until_at, 'createdAt', d.created_at, 'isActive', u.is_active, 'role', u.role)
         order by d.from_at), '[]') from delegations d join users u on u.id = d.delegate_id
         where d.delegator_id in (select id from above) and d.revoked_at is null) as delegations,
       (select jsonb_build_object('version', p.version, 'rules', p.rules) from approval_policies p where p.org_id = o.id
         order by p.version desc limit 1) as policy
     from users r join organisations o on o.id = r.org_id where r.id = :userId and r.org_id = :orgId`,
      whose,
    )
    return facts
  },
)

type DelegationFacts = Pick<Delegation, 'id' | 'delegatorId' | 'delegateId'> &
  Pick<User, 'isActive' | 'role'> & { fromAt: string; untilAt: string; createdAt: string }

function delegationsOf(rows: readonly DelegationFacts[]): Delegation[] {
  return rows
    .filter(mayBeAsked)
    .map(({ isActive: _active, role: _role, fromAt, untilAt, createdAt, ...delegation }) => ({
      ...delegation,
      fromAt: new Date(fromAt),
      untilAt: new Date(untilAt),
      createdAt: new Date(createdAt),
      revokedAt: null,
    }))
}

/** Whom rules name otherwise than as managers, who stands highest first, with their delegations; of each role a few. */
export async function getNamedFacts(
  db: Db,
  { orgId, department }: { orgId: string; department: string | null },
  rules: readonly ApproverRule[],
): Promise<{ people: Candidate[]; delegations: Delegation[] }> {
  const roles = rules.flatMap(({ role }) => role ?? [])
  const ids = rules.flatMap(({ userIds = [] }) => userIds)
  const isHeadAsked = rules.some(({ departmentHead }) => departmentHead)
  if (roles.length + ids.length === 0 && !isHeadAsked) return { people: [], delegations: [] }
  const [facts] = await rowsOf<{ people: Candidate[]; delegations: DelegationFacts[] }>(
    db,
    `with named as (
       select u.* from users u where u.org_id = :orgId and u.id = any(:ids::uuid[])
       union select u.* from unnest(:roles::text[]) r cross join lateral (select * from users u where u.org_id = :orgId
         and u.role = r and u.is_active order by ${HEIGHT} desc, u.id limit ${MOST_ASKED + 1}) u
       union (select u.* from users u where u.org_id = :orgId and u.department = :department and u.is_active
         order by ${HEIGHT} desc, u.id limit ${MOST_ASKED + 1}))
     select (select coalesce(jsonb_agg(jsonb_build_object('id', u.id, 'fullName', u.full_name, 'isActive', u.is_active, 'role', u.role,
         'positionLevel', u.position_level, 'department', u.department) order by ${HEIGHT} desc, u.id), '[]') from named u) as people,
       (select coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'delegatorId', d.delegator_id, 'delegateId', d.delegate_id,
         'fromAt', d.from_at, 'untilAt', d.until_at, 'createdAt', d.created_at, 'isActive', u.is_active, 'role', u.role)
         order by d.from_at), '[]') from delegations d join users u on u.id = d.delegate_id
         where d.delegator_id in (select id from named) and d.revoked_at is null) as delegations`,
    { orgId, ids, roles, department: isHeadAsked ? department : null },
  )
  return { people: facts?.people ?? [], delegations: delegationsOf(facts?.delegations ?? []) }
}
