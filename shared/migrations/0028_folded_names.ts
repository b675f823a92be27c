// Names as they are looked for (shared/kit/text/fold.ts, whose rule fold_text repeats; test/domains/names.test.ts compares the two),
// and in the order of the languages that their readers speak. PostgreSQL fills the columns itself: also for the processes
// of the release before, and when a name is taken away.

import type { Knex } from 'knex'

/** Those of \p{Default_Ignorable_Code_Point}. */
const INVISIBLE = String.raw`[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]`
const ACCENT = String.raw`[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]`
const LANGUAGES = ['vi', 'en']

export async function up(db: Knex): Promise<void> {
  await db.raw(`
    create function fold_text(written text) returns text language sql immutable strict parallel safe as $fold$
      select normalize(
        replace(replace(replace(replace(translate(
          regexp_replace(
            normalize(lower(regexp_replace(normalize(written, NFKC), '${INVISIBLE}', '', 'g') collate "und-x-icu"), NFKD),
            '${ACCENT}', '', 'g'),
          'đðłøħŧıς', 'ddlohtiσ'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), NFC)
    $fold$`)
  for (const [table, column] of [
    ['users', 'full_name'],
    ['resources', 'name'],
    ['rooms', 'name'],
    ['faqs', 'question'],
  ] as const) {
    await db.raw(
      `alter table ${table} add column folded_name text generated always as (fold_text(${column})) stored`,
    )
  }
  for (const language of LANGUAGES) {
    await db.raw(
      `create index users_by_name_${language} on users (org_id, full_name collate "${language}-x-icu", id)`,
    )
    await db.raw(
      `create index resources_by_name_${language} on resources (org_id, kind, name collate "${language}-x-icu", id)`,
    )
  }
}

export { down } from './0001_house.ts'
