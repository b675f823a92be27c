// Every write and row lock of organisations. Private to the domain.

import { violatedUnique, type Db } from '../kit/store/db.ts'
import { conflict } from '../kit/declare/errors.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import { Organisation, type CalendarAsk, type OrganisationPatch } from './schema.ts'

export async function insertOrganisation(
  db: Db,
  organisation: Omit<Organisation, 'version'>,
  now: Date,
): Promise<void> {
  try {
    await db('organisations').insert({ ...organisation, createdAt: now })
  } catch (error) {
    if (violatedUnique(error) === undefined) throw error
    throw conflict(`There is an organisation ${organisation.slug} already`)
  }
}

/** Organisations are founded one after the other. @returns what this database is called */
export async function lockInstallation(db: Db): Promise<string> {
  return (await db('installation').forUpdate().first('id')).id
}

/** Changes of the organisation and of its calendar come one after the other. Rows that only refer to the organisation are not held up. */
export async function lockOrganisation(db: Db, id: string): Promise<void> {
  await db('organisations').where({ id }).forNoKeyUpdate().first('id')
}

export async function updateCalendar(
  db: Db,
  id: string,
  { timezone, weekly, holidays }: CalendarAsk,
): Promise<void> {
  await db('organisations')
    .where({ id })
    .update({
      timezone,
      weeklyHours: weekly && JSON.stringify(weekly),
      holidays: JSON.stringify(holidays),
      calendarVersion: db.raw('calendar_version + 1'),
      version: db.raw('version + 1'),
    })
}

/** Another time zone is another calendar. */
export async function updateOrganisation(
  db: Db,
  id: string,
  patch: OrganisationPatch,
): Promise<Organisation> {
  const [organisation] = await db('organisations')
    .where({ id })
    .update({
      ...patch,
      version: db.raw('version + 1'),
      ...(patch.timezone && { calendarVersion: db.raw('calendar_version + 1') }),
    })
    .returning(columnsOf(Organisation))
  return organisation
}
