// How long decisions take, and how many nobody takes, over a time.

import { line, nullable, shape, Type, type Static } from '../kit/declare/schema.ts'
import { rowsOf, type Db } from '../kit/store/db.ts'

const count = (description: string) => Type.Integer({ description })
const minutes = (description: string) => nullable(Type.Number({ description }))

/** Of all, and of each step of a rule. */
export const DecisionFigures = shape({
  decided: count('Over in that time.'),
  approved: count('Of them.'),
  rejected: count('Of them.'),
  expired: count('Expired.'),
  escalated: count('Managers were asked, as nobody answered.'),
  medianMinutes: minutes("From asking to people's decision; null: nobody decided."),
  p90Minutes: minutes('Nine of ten were faster.'),
})

export const ApprovalFigures = shape({
  ...DecisionFigures.properties,
  groups: Type.Array(
    shape({
      rule: nullable(line('null: the default policy.')),
      step: count('From 1.'),
      approvers: line('Such as manager 1, above DIR, role STAFF, departmentHead, people.', 2000),
      ...DecisionFigures.properties,
    }),
    { description: 'By who is asked, most frequent first, at most 200.' },
  ),
})
export type ApprovalFigures = Static<typeof ApprovalFigures>

/** How a rule calls those whom a step asks. */
const APPROVERS = `(select string_agg(distinct coalesce('manager ' || (a->>'manager'), 'above ' || (a->>'above'),
    'role ' || (a->>'role'), case when a->'userIds' is null then 'departmentHead' else 'people' end), ' + ')
  from jsonb_array_elements(s.step->'ask'->'approvers') a)`

const SEEN = `status = 'REJECTED' as is_rejected, status = 'EXPIRED' as is_expired, is_escalated,
  case when decided_by = 'person' then responded_at - created_at end as took`
const COUNTED = `count(*)::int as decided, count(*) filter (where not is_rejected and not is_expired)::int as approved,
  count(*) filter (where is_rejected)::int as rejected, count(*) filter (where is_expired)::int as expired,
  count(*) filter (where is_escalated)::int as escalated,
  round(extract(epoch from percentile_cont(0.5) within group (order by took)) / 60, 1)::float as median_minutes,
  round(extract(epoch from percentile_cont(0.9) within group (order by took)) / 60, 1)::float as p90_minutes`

/**
 * A step begins when the one before it is over; one that is passed because nobody answered has no time of its own. What the
 * default policy asks is one step; when its time is over, another approval follows it.
 */
const STATEMENT = `
  with over as materialized (
    select id, status, decided_by, route, created_at, responded_at, escalated_from_id,
      (status = 'EXPIRED' and exists (select from approvals e where e.subject_id = a.subject_id and e.escalated_from_id = a.id))
        or exists (select from jsonb_array_elements(route->'steps') s where (s->>'isEscalated')::boolean) as is_escalated
    from approvals a where org_id = :orgId and responded_at >= :from and responded_at < :to
      and approval_type = 'MANAGER_APPROVAL' and status in ('APPROVED', 'REJECTED', 'EXPIRED')
  ), ended as (
    select o.id, o.created_at, o.route->>'rule' as rule, s.n, s.step, answers.last,
      s.step->>'state' = 'rejected' or answers.approved >= (s.step->>'need')::int as is_answered
    from over o cross join lateral jsonb_array_elements(o.route->'steps') with ordinality s (step, n)
    cross join lateral (select max((d->>'at')::timestamptz) as last, count(*) filter (where d->>'decision' = 'approved') as approved
      from jsonb_array_elements(s.step->'decisions') d) answers
    where s.step->>'state' in ('approved', 'rejected', 'expired')
  ), steps as (
    select rule, n::int as step, ${APPROVERS} as approvers, s.step->>'state' = 'rejected' as is_rejected,
      not is_answered as is_expired, (s.step->>'isEscalated')::boolean as is_escalated, case when is_answered then last
        - coalesce(max(case when is_answered then last else (s.step->>'dueAt')::timestamptz end) over (partition by id
          order by n rows between unbounded preceding and 1 preceding), created_at) end as took
    from ended s
    union all select null, 1, case when escalated_from_id is null then 'manager 1' else 'escalation' end, ${SEEN}
    from over where route is null and decided_by <> 'policy'
  )
  select null as rule, 0 as step, '' as approvers, ${COUNTED} from (select ${SEEN} from over) o
  union all (select rule, step, approvers, ${COUNTED} from steps group by rule, step, approvers
    order by decided desc, rule, step limit 200)`

/** @param from of what was over from then on, and before `to` */
export async function getApprovalFigures(
  db: Db,
  orgId: string,
  { from, to }: { from: string; to: string },
): Promise<ApprovalFigures> {
  const rows = await rowsOf<ApprovalFigures['groups'][number]>(db, STATEMENT, { orgId, from, to })
  const [total, ...groups] = rows
  if (!total) throw new Error('An aggregate has one row.')
  const { rule: _rule, step: _step, approvers: _approvers, ...figures } = total
  return { ...figures, groups }
}
