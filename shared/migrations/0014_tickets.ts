import type { Knex } from 'knex'

/** Support tickets. Columns are explained where their shapes are declared (shared/support/schema.ts). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table ticket_counters (
      org_id uuid primary key references organisations,
      last integer not null
    );

    create table tickets (
      id uuid primary key,
      org_id uuid not null references organisations,
      support_id integer not null,
      user_id uuid not null references users,
      station_id uuid references resources,
      room_id uuid not null references rooms,
      type text not null,
      priority text not null,
      description text not null,
      status text not null default 'open',
      response text,
      assignee_id uuid references users,
      rating integer check (rating between 1 and 5),
      created_at timestamptz not null,
      updated_at timestamptz not null,
      resolved_at timestamptz,
      deleted_at timestamptz,
      -- The clock of its deadlines: since when it runs, and what it had run before it was last stopped, in open time.
      running_since timestamptz,
      spent_ms bigint not null default 0,
      answered_at timestamptz,
      answer_due_at timestamptz,
      solution_due_at timestamptz,
      -- When somebody is to be warned, and null once they were.
      answer_warn_at timestamptz,
      solution_warn_at timestamptz,
      -- When it was told that a deadline was missed.
      answer_missed_at timestamptz,
      solution_missed_at timestamptz,
      unique (org_id, support_id)
    );
    create index tickets_by_organisation on tickets (org_id, created_at desc, id) where deleted_at is null;
    create index tickets_by_user on tickets (user_id, created_at desc, id) where deleted_at is null;
    create index tickets_by_station on tickets (station_id, created_at desc, id) where deleted_at is null;

    create table ticket_timeline (
      id bigint generated always as identity primary key,
      ticket_id uuid not null references tickets,
      at timestamptz not null,
      actor_id uuid references users,
      what text not null,
      changes jsonb not null default '[]'
    );
    create index ticket_timeline_by_ticket on ticket_timeline (ticket_id, id);
  `)
}

export { down } from './0001_house.ts'
