// An address and a telephone number are one person's in each organisation, and a number has one spelling (E.164).
// Of two people whose numbers turn out to be one, whoever was there first keeps it; the other's stays as it was typed, and
// opens their account as before. What is no number stays as well.

import type { Knex } from 'knex'
import { toE164 } from '../kit/text/phone.ts'

interface Row {
  id: string
  org: string
  phone: string
  zone: string
}

export async function up(db: Knex): Promise<void> {
  await db.raw('alter table users drop constraint users_email_key, drop constraint users_phone_key')
  const { rows }: { rows: Row[] } = await db.raw(`
    select u.id, u.org_id as org, u.phone, o.timezone as zone from users u join organisations o on o.id = u.org_id
    where u.phone is not null order by u.is_active desc, u.created_at, u.id`)
  const respelled = respell(rows)
  await db.raw(
    'update users u set phone = n.phone from unnest(?::uuid[], ?::text[]) as n(id, phone) where u.id = n.id',
    [respelled.map(({ id }) => id), respelled.map(({ phone }) => phone)],
  )
  await db.raw('alter table users add unique (email, org_id), add unique (phone, org_id)')
}

/** Numbers that are spelled right already come first: nothing can take them. */
function respell(rows: readonly Row[]): Pick<Row, 'id' | 'phone'>[] {
  const read = rows.map((row) => ({ ...row, number: toE164(row.phone, row.zone) }))
  const taken = new Set(
    read.filter(({ phone, number }) => phone === number).map(({ org, phone }) => `${org} ${phone}`),
  )
  return read.flatMap(({ id, org, phone, number }) => {
    if (number === undefined || phone === number || taken.has(`${org} ${number}`)) return []
    taken.add(`${org} ${number}`)
    return [{ id, phone: number }]
  })
}

export { down } from './0001_house.ts'
