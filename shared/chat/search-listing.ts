// What the index on terms lists, newest first, in one statement.

import { preparedRowsOf, type Db } from '../kit/store/db.ts'
import { DAY } from '../kit/time/time.ts'
import {
  bindPlace,
  FEW_ROOMS,
  PLACE,
  type Hit,
  type SearchedRoom,
  type SearchQuestion,
} from './search-walk.ts'
import { dayOf, queriesIn, queriesOf, someOf, type Queries, type SearchTerms } from './terms.ts'

/** One after the other, until what they have is enough. */
const MOST_DAYS = 7

interface Listing {
  isExact: boolean
  count: number
  /** Where much was said: back from when, and by which of the words. */
  lately: { until: Date; rare: readonly number[] } | undefined
}

/**
 * By the index on terms: one question for all rooms; where they are many, one for the organisation. It is asked for day after day, newest
 * first, until that is enough, and then for all that was said before: each by itself, for PostgreSQL holds every message of all days
 * against each part of a question.
 */
export function lookUpMessages(
  db: Db,
  rooms: readonly SearchedRoom[],
  { actor, sought, after }: SearchQuestion,
  { isExact, count, lately }: Listing,
): Promise<Hit[]> {
  const isMany = rooms.length > FEW_ROOMS
  const pick = ({ exact, loose }: Queries): string => `(${isExact ? exact : loose})`
  const anywhere = (words: SearchTerms): string =>
    (isMany ? [queriesIn(actor.orgId, words)] : rooms.map(({ id }) => queriesOf(id, words)))
      .map(pick)
      .join(' | ')
  const rare = lately && lately.rare.length > 0 ? someOf(sought, lately.rare) : sought
  const days = lately ? Array.from({ length: MOST_DAYS }, (_, day) => startOfDay(lately.until, day)) : []
  const inOrganisation = queriesIn(actor.orgId, sought)
  return preparedRowsOf<Hit>(
    db,
    `look_up_messages_in_${isMany ? 'many' : 'few'}`,
    lookUp(isMany ? OF_MANY : OF_FEW),
    {
      ...(isMany ? { userId: actor.id } : { ids: rooms.map(({ id }) => id) }),
      queries: [...days.map((day) => `(${anywhere(rare)}) & ${dayOf(actor.orgId, day)}`), anywhere(sought)],
      starts: [...days, null],
      exact: inOrganisation.exact,
      sought: pick(inOrganisation),
      isExact,
      count,
      ...bindPlace(after?.isExact === isExact ? after : undefined),
    },
  )
}

const OF_FEW = 'm.room_id = any(:ids::uuid[])'
/** By comparing with true, the rooms that somebody is in are read once and remembered. */
const OF_MANY = '(m.room_id in (select room_id from room_members where user_id = :userId)) = true'

/**
 * A nested loop through the days in their order, which ends with the last one that is needed. Behind `offset 0`, because the planner
 * overrates how much a question of many parts finds, and would read the whole table. Days that not all messages have (migration 0093)
 * are left out.
 */
const lookUp = (own: string): string => `
  with slices as materialized (
    select query, start from unnest(:queries::tsquery[], :starts::timestamptz[]) with ordinality as s(query, start, nth)
    where start is null or start >= (select messages_have_days_since from installation) order by nth
  )
  select m.id, m.room_id, m.created_at, :isExact::boolean as is_exact from slices s cross join lateral (
    select m.id, m.room_id, m.created_at from (select id, room_id, created_at, terms from messages where terms @@ s.query offset 0) m
    where m.terms @@ :sought::tsquery and (:isExact or not m.terms @@ :exact::tsquery) and ${own} and ${PLACE}
      and (s.start is not null or m.created_at < coalesce((select min(start) from slices), 'infinity'))
    order by m.created_at desc, m.id desc limit :count
  ) m limit :count`

/** So many days earlier, in UTC. */
const startOfDay = (at: Date, earlier: number): Date =>
  new Date((Math.floor(at.getTime() / DAY) - earlier) * DAY)
