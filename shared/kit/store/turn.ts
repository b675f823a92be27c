// Whose turn it is to begin a recurring job. It stands in a row, so that any number of workers begin each period once.

import type { Db } from './db.ts'
import { plusMs } from '../time/time.ts'

/** @param period milliseconds between two turns @returns false while the last turn is younger */
export async function takeTurn(db: Db, name: string, period: number, now: Date): Promise<boolean> {
  const taken = await db('recurring_jobs')
    .insert({ name, lastAt: now })
    .onConflict('name')
    .merge()
    .where('recurring_jobs.last_at', '<=', plusMs(now, -period))
    .returning('name')
  return taken.length > 0
}
