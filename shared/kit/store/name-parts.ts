// Parts of names in lists.

import { patternsOf } from '../text/fold.ts'
import type { Query } from './db.ts'

/**
 * A condition for `where`: each word of what somebody typed is somewhere in the column. Each for itself, so that an index on trigrams
 * serves it.
 */
export function hasParts(column: string, typed: string): (query: Query) => void {
  const patterns = patternsOf(typed)
  return (query) => {
    if (patterns.length === 0) void query.whereRaw('true')
    for (const pattern of patterns) void query.whereLike(column, pattern)
  }
}
