// Messages in scripts without spaces, in full width, or with signs that nobody sees are found by other terms than before.

import type { Knex } from 'knex'
import { termsOf } from '../chat/terms.ts'

/** What a text has to hold for its terms to differ: letters beyond those with accents only, other widths, invisible signs. */
const OTHER = String.raw`[\u00aa\u00ad\u00b2-\u00b3\u00b9-\u00ba\u00bc-\u00be\u00c6\u00d0\u00d8\u00de-\u00df\u00e6\u00f0\u00f8\u00fe\u0126-\u0127\u0131\u0141-\u0142\u0152-\u0153\u0166-\u0167\u0370-\u1dff\u200b-\u200f\u2060-\u2064\u2070-\u209c\u2150-\u218b\u2460-\u24ff\u2c00-\ud7ff\uf900-\ufe0e\ufe20-\uffff\U0001d400-\U0001d7ff\U00020000-\U0003ffff]`
const BATCH = 500

interface Row {
  id: string
  room: string
  content: string
}

export async function up(db: Knex): Promise<void> {
  let rows: Row[] = await readBatch(db, '00000000-0000-0000-0000-000000000000')
  while (rows.length > 0) {
    const read = rows.map(({ id, room, content }) => ({ id, terms: termsOf(room, content) }))
    await db.raw(
      `
      update messages m set terms = array_to_tsvector(array(select jsonb_array_elements_text(n.terms)))
      from jsonb_to_recordset(?::jsonb) as n(id uuid, terms jsonb) where m.id = n.id`,
      [JSON.stringify(read)],
    )
    rows = await readBatch(db, rows.at(-1)?.id ?? '')
  }
}

async function readBatch(db: Knex, after: string): Promise<Row[]> {
  const { rows }: { rows: Row[] } = await db.raw(
    `
    select id, room_id as room, content from messages where id > ?::uuid and deleted_at is null and content ~ '${OTHER}' order by id limit ${BATCH}`,
    [after],
  )
  return rows
}

export { down } from './0001_house.ts'
