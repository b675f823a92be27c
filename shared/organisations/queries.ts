// Reads about organisations for doors and higher domains.

import type { Config } from '../kit/process/config.ts'
import { rowsOf, type Db } from '../kit/store/db.ts'
import { notFound } from '../kit/declare/errors.ts'
import { columnsOf } from '../kit/declare/schema.ts'
import { isOfOrganisation, type Actor } from './roles.ts'
import { Organisation, type OpeningCalendar } from './schema.ts'

export async function getOrganisation(db: Db, id: string): Promise<Organisation> {
  const organisation: Organisation | undefined = await db('organisations')
    .where({ id })
    .first(columnsOf(Organisation))
  if (!organisation) throw notFound('Organisation')
  return organisation
}

/** How an organisation decides is no business of its customers and guests: they see none of its settings. */
export async function getOrganisationFor(db: Db, { orgId, role }: Actor): Promise<Organisation> {
  const organisation = await getOrganisation(db, orgId)
  return isOfOrganisation(role) ? organisation : withoutSettings(organisation)
}

export const withoutSettings = (organisation: Organisation): Organisation => ({
  ...organisation,
  settings: {},
})

/** Opening hours, as shared/kit/time/calendar.ts takes them: the one answer for whoever asks whether it is open. */
export async function getCalendar(db: Db, orgId: string): Promise<OpeningCalendar> {
  const calendar: OpeningCalendar | undefined = await db('organisations')
    .where({ id: orgId })
    .first('timezone', 'weeklyHours as weekly', 'holidays', 'calendarVersion as version')
  if (!calendar) throw notFound('Organisation')
  return calendar
}

export async function findOrganisationBySlug(db: Db, slug: string): Promise<Organisation | undefined> {
  return db('organisations').where({ slug }).first(columnsOf(Organisation))
}

/** Whether nobody has founded one yet. */
export async function hasNoOrganisation(db: Db): Promise<boolean> {
  return (await db('organisations').first('id')) === undefined
}

/** What this database is called, and no other. */
export async function getInstallationId(db: Db): Promise<string> {
  return (await db('installation').first('id')).id
}

/** Those that do not keep messages for ever, and for how many days. */
export async function listOrganisationsKeeping(db: Db): Promise<{ id: string; days: number }[]> {
  return rowsOf(
    db,
    `select id, (settings->>'messageRetentionDays')::integer as days from organisations
      where settings->>'messageRetentionDays' is not null order by id`,
  )
}

/** Whether the queues, which hold the jobs of every organisation, are theirs to look into. */
export async function operatesInstallation(
  { db, config }: { db: Db; config: Pick<Config, 'BOARD_ORGANISATION'> },
  orgId: string,
): Promise<boolean> {
  return (await findOperator(db, config.BOARD_ORGANISATION))?.id === orgId
}

/** The organisation that operates the installation: the one named, else the first that was made. */
export async function findOperator(db: Db, slug: string | undefined): Promise<Organisation | undefined> {
  if (slug) return findOrganisationBySlug(db, slug)
  return db('organisations').orderBy(['createdAt', 'id']).first(columnsOf(Organisation))
}
