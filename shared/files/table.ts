// Every write and row lock of files. Private to the domain.

import type { Db } from '../kit/store/db.ts'
import type { FileOwner, FileRow, StoredUpload } from './schema.ts'

export const FILE_COLUMNS = [
  'id',
  'orgId',
  'uploaderId',
  'name',
  'contentType',
  'kind',
  'size',
  'sha256',
  'storageKey',
  'roomId',
  'messageId',
  'bookingId',
  'createdAt',
] as const

export async function insertRow(
  db: Db,
  file: StoredUpload & Pick<FileRow, 'orgId' | 'uploaderId'>,
  now: Date,
): Promise<void> {
  await db('files').insert({ ...file, createdAt: now })
}

/**
 * Of one person, which nothing has taken; the lock lets one of two messages have each. In one order, so that
 * two do not wait for each other.
 */
export async function lockUnattached(
  db: Db,
  owner: Pick<FileRow, 'orgId' | 'uploaderId'>,
  ids: readonly string[],
): Promise<FileRow[]> {
  return db('files')
    .where(owner)
    .whereIn('id', ids)
    .whereNull('messageId')
    .whereNull('bookingId')
    .whereNull('removedAt')
    .orderBy('id')
    .forUpdate()
    .select(FILE_COLUMNS)
}

export async function setOwner(db: Db, id: string, owner: FileOwner, position: number): Promise<void> {
  await db('files')
    .where({ id })
    .update('messageId' in owner ? { ...owner, position } : owner)
}

export async function markRemovedOf(db: Db, messageId: string, now: Date): Promise<FileRow[]> {
  return db('files')
    .where({ messageId })
    .whereNull('removedAt')
    .update({ removedAt: now })
    .returning(FILE_COLUMNS)
}

export async function markRemovedBy(
  db: Db,
  orgId: string,
  uploaderId: string,
  now: Date,
): Promise<FileRow[]> {
  return db('files')
    .where({ orgId, uploaderId })
    .whereNull('removedAt')
    .update({ removedAt: now })
    .returning(FILE_COLUMNS)
}

/** Skips what a message is taking at this moment. */
export async function markOrphansRemoved(db: Db, before: Date, limit: number, now: Date): Promise<FileRow[]> {
  const orphans = db('files')
    .whereNull('messageId')
    .whereNull('bookingId')
    .whereNull('removedAt')
    .where('createdAt', '<=', before)
    .orderBy('createdAt')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .select('id')
  return db('files').whereIn('id', orphans).update({ removedAt: now }).returning(FILE_COLUMNS)
}

/** Whether bytes still wait to go: their job may have given up while the storage was away. */
export async function hasRemoved(db: Db): Promise<boolean> {
  return (await db('files').whereNotNull('removedAt').first('id')) !== undefined
}

/** Oldest first; those that another worker erases at this moment are skipped. */
export async function lockRemoved(db: Db, limit: number): Promise<Pick<FileRow, 'id' | 'storageKey'>[]> {
  return db('files')
    .whereNotNull('removedAt')
    .orderBy('removedAt')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .select('id', 'storageKey')
}

export async function deleteRows(db: Db, ids: readonly string[]): Promise<void> {
  await db('files').whereIn('id', ids).delete()
}
