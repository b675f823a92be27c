// Second factors of people. Private to the domain.

import type { Db } from '../../kit/store/db.ts'

export interface SecondFactorRow {
  userId: string
  /** Sealed. */
  secret: string
  lastStep: number | null
  confirmedAt: Date | null
}

const COLUMNS = ['userId', 'secret', 'lastStep', 'confirmedAt']

/** In place of one that was never confirmed. */
export async function putSecondFactor(db: Db, userId: string, secret: string, now: Date): Promise<void> {
  await db('second_factors')
    .insert({ userId, secret, createdAt: now })
    .onConflict('userId')
    .merge({ secret, lastStep: null, createdAt: now })
}

/** Of two who show the same code at once the second finds it used. */
export async function lockSecondFactor(db: Db, userId: string): Promise<SecondFactorRow | undefined> {
  return db('second_factors').where({ userId }).forUpdate().first(COLUMNS)
}

export async function updateSecondFactor(
  db: Db,
  userId: string,
  patch: Partial<Omit<SecondFactorRow, 'userId'>>,
): Promise<void> {
  await db('second_factors').where({ userId }).update(patch)
}

/** With its codes. @returns whether there was one */
export async function deleteSecondFactor(db: Db, userId: string): Promise<boolean> {
  return (await db('second_factors').where({ userId }).delete()) > 0
}

export async function insertRecoveryCodes(db: Db, userId: string, hashes: readonly string[]): Promise<void> {
  await db('recovery_codes').insert(hashes.map((hash) => ({ userId, hash })))
}

export async function deleteRecoveryCodes(db: Db, userId: string): Promise<void> {
  await db('recovery_codes').where({ userId }).delete()
}

/** Whoever deletes it has used it. */
export async function takeRecoveryCode(db: Db, userId: string, hash: string): Promise<boolean> {
  return (await db('recovery_codes').where({ userId, hash }).delete()) > 0
}

/** Those that do not begin so, some of them. */
export async function lockSecretsNotMarked(db: Db, mark: string, limit: number): Promise<SecondFactorRow[]> {
  return db('second_factors')
    .whereRaw('not starts_with(secret, ?)', [`${mark}.`])
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .select(COLUMNS)
}
