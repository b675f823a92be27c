// What is over is summed up when it ends, and not each time somebody looks at the statistics. PostgreSQL keeps the sums, so
// that the processes of the release before do, too.

import type { Knex } from 'knex'

const CLOSED = (row: string): string => `${row}.status = 'closed' and ${row}.deleted_at is null`
/** What a ticket adds to its sums. */
const SHARES = (row: string): string => `1, (${row}.rating is not null)::int, coalesce(${row}.rating, 0),
  (${row}.resolved_at is not null)::int, coalesce(extract(epoch from ${row}.resolved_at - ${row}.created_at), 0)`

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    lock table tickets in share row exclusive mode;
    create table ticket_totals (
      org_id uuid not null references organisations,
      priority text not null,
      type text not null,
      count bigint not null,
      rated bigint not null,
      rating_sum bigint not null,
      solved bigint not null,
      -- From opening to the solution.
      solution_seconds numeric not null,
      primary key (org_id, priority, type)
    );
    create function keep_ticket_totals() returns trigger language plpgsql as $$
    begin
      if tg_op <> 'INSERT' and ${CLOSED('old')} then
        update ticket_totals set (count, rated, rating_sum, solved, solution_seconds) =
          (select count - s.c, rated - s.r, rating_sum - s.rs, solved - s.s, solution_seconds - s.ss
           from (select ${SHARES('old')}) s (c, r, rs, s, ss))
        where org_id = old.org_id and priority = old.priority and type = old.type;
      end if;
      if tg_op <> 'DELETE' and ${CLOSED('new')} then
        insert into ticket_totals as t select new.org_id, new.priority, new.type, ${SHARES('new')}
        on conflict (org_id, priority, type) do update set count = t.count + excluded.count, rated = t.rated + excluded.rated,
          rating_sum = t.rating_sum + excluded.rating_sum, solved = t.solved + excluded.solved,
          solution_seconds = t.solution_seconds + excluded.solution_seconds;
      end if;
      return null;
    end $$;
    insert into ticket_totals select org_id, priority, type, count(*), count(rating), coalesce(sum(rating), 0), count(resolved_at),
      coalesce(sum(extract(epoch from resolved_at - created_at)), 0)
    from tickets t where ${CLOSED('t')} group by org_id, priority, type;
    create trigger tickets_totalled_at_begin_and_end after insert or delete on tickets
      for each row execute function keep_ticket_totals();
    create trigger tickets_totalled after update on tickets for each row
      when (row(old.status, old.priority, old.type, old.rating, old.resolved_at, old.deleted_at)
        is distinct from row(new.status, new.priority, new.type, new.rating, new.resolved_at, new.deleted_at))
      execute function keep_ticket_totals()`)
}

export { down } from './0001_house.ts'
