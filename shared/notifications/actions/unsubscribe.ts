// Turning mails of a kind off by the link in one of them (RFC 8058). The link is bound to the person and the kind.

import { recordAudit } from '../../audit/actions.ts'
import type { Change, Reading } from '../../kit/store/change.ts'
import { notFound } from '../../kit/declare/errors.ts'
import { publicUrl, readSignedId, signedId } from '../../kit/outside/signature.ts'
import { findAddressee, type Addressee } from '../../users/queries.ts'
import { getPreferences } from '../queries.ts'
import { CATEGORIES, type Category } from '../schema.ts'
import { lockPreferences, upsertPreferences } from '../table/ways.ts'

/** What one mail is of: a category, or the daily one. */
export type MailKind = Category | 'digest'

const purposeOf = (kind: MailKind): string => `unsubscribe ${kind}`

export function unsubscribeUrl(config: Reading['config'], kind: MailKind, userId: string): string {
  return `${publicUrl(config)}/unsubscribe?kind=${kind}&link=${signedId(config, purposeOf(kind), userId)}`
}

/** @throws AppError 404 when the link is none of ours */
export async function readUnsubscribe(
  { db, config }: Pick<Reading, 'db' | 'config'>,
  kind: string,
  link: string,
): Promise<{ kind: MailKind; reader: Addressee }> {
  const known = ([...CATEGORIES, 'digest'] as const).find((each) => each === kind)
  const userId = known && readSignedId(config, purposeOf(known), link)
  const reader = userId ? await findAddressee(db, userId) : undefined
  if (!known || !reader) throw notFound('Link')
  return { kind: known, reader }
}

export async function unsubscribeByLink(change: Change, kind: string, link: string): Promise<Addressee> {
  const { kind: known, reader } = await readUnsubscribe(change, kind, link)
  await lockPreferences(change.db, { userId: reader.id, orgId: reader.orgId }, change.now)
  const before = await getPreferences(change.db, reader.id)
  const others = before.choices.filter(({ category, channel }) => category !== known || channel !== 'EMAIL')
  const after =
    known === 'digest'
      ? { ...before, digestAt: null }
      : { ...before, choices: [...others, { category: known, channel: 'EMAIL' as const, isOn: false }] }
  await upsertPreferences(change.db, { userId: reader.id, orgId: reader.orgId }, after, change.now)
  recordAudit(change, {
    orgId: reader.orgId,
    actorId: reader.id,
    action: 'preferences_changed',
    entity: 'user',
    entityId: reader.id,
    metadata: { kind: known },
  })
  return reader
}
