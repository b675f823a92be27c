import { recordAudit } from '../../audit/actions.ts'
import type { Change } from '../../kit/store/change.ts'
import { invalid } from '../../kit/declare/errors.ts'
import type { Actor } from '../../organisations/roles.ts'
import { NO_PREFERENCES } from '../rules.ts'
import type { NewPreferences, Preferences } from '../schema.ts'
import { upsertPreferences } from '../table/ways.ts'

/** What is not named goes back to its default. @throws AppError 422 on two choices about the same, and on quiet hours without an end */
export async function setPreferences(
  change: Change,
  actor: Actor,
  ask: NewPreferences,
): Promise<Preferences> {
  const { snoozeUntil, ...given } = ask
  const preferences = { ...NO_PREFERENCES, ...given, snoozeUntil: snoozeUntil ? new Date(snoozeUntil) : null }
  const named = preferences.choices.map(({ category, channel }) => `${category} ${channel}`)
  if (new Set(named).size < named.length)
    throw invalid('choices: two are about the same category and channel')
  if (preferences.quietHours && preferences.quietHours.from === preferences.quietHours.until)
    throw invalid('quietHours: they begin when they end')
  await upsertPreferences(change.db, { userId: actor.id, orgId: actor.orgId }, preferences, change.now)
  recordAudit(change, {
    orgId: actor.orgId,
    actorId: actor.id,
    action: 'preferences_changed',
    entity: 'user',
    entityId: actor.id,
  })
  return preferences
}
