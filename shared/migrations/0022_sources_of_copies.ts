import type { Knex } from 'knex'

/** Whose words a copy holds and whom it names, so that it goes with them: by id, never by looking for words. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table notifications add sources uuid[] not null default '{}';
    create index notifications_by_source on notifications using gin (sources);
    alter table idempotency_keys add sources uuid[] not null default '{}';
    create index idempotency_keys_by_source on idempotency_keys using gin (sources);
    alter table unanswered_questions add message_id uuid;
    create index unanswered_questions_by_message on unanswered_questions (message_id);`)
}

export { down } from './0001_house.ts'
