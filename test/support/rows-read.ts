// How many rows PostgreSQL reads for what is asked. It counts them itself (EXPLAIN ANALYZE), so that no machine is too slow to tell.

import { rowsOf } from '../../shared/kit/store/db.ts'
import type { World } from './world.ts'

interface Plan {
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  Plans?: Plan[]
}

/** @returns what was answered, and the rows that its statements read, each asked again */
export async function countRowsRead<T>(w: World, ask: () => Promise<T>): Promise<[T, number]> {
  const sent: { sql: string; bindings: never[] }[] = []
  const listen = (query: { sql: string; bindings: never[] }): void => void sent.push(query)
  w.runtime.db.on('query', listen)
  const answer = await ask()
  w.runtime.db.removeListener('query', listen)
  const reads = sent.filter(({ sql }) => /^[\s(]*(select|with)\b/i.test(sql))
  const counts = await Promise.all(reads.map(({ sql, bindings }) => explain(w, sql, bindings)))
  return [answer, counts.reduce((sum, each) => sum + each, 0)]
}

async function explain(w: World, sql: string, bindings: never[]): Promise<number> {
  // A number may stand twice.
  const ordered: never[] = []
  const asked = sql.replaceAll(/\$(\d+)/g, (_, n: string) => {
    ordered.push(bindings[Number(n) - 1] as never)
    return '?'
  })
  return w.runtime.db.transaction(async (db) => {
    // What is dense is soon found in a table that is read from its beginning, too. Here the index is asked for.
    await db.raw('set local enable_seqscan = off')
    const [row] = await rowsOf<Record<string, { Plan: Plan }[]>>(
      db,
      `explain (analyze, format json) ${asked}`,
      ordered,
    )
    const plan = Object.values(row ?? {})[0]?.[0]?.Plan
    return plan ? rowsRead(plan) : 0
  })
}

function rowsRead(plan: Plan): number {
  const own =
    plan['Relation Name'] === undefined
      ? 0
      : (plan['Actual Rows'] +
          (plan['Rows Removed by Filter'] ?? 0) +
          (plan['Rows Removed by Index Recheck'] ?? 0)) *
        plan['Actual Loops']
  return (plan.Plans ?? []).reduce((sum, each) => sum + rowsRead(each), own)
}
