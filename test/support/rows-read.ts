// How many rows PostgreSQL reads for what is asked. It counts them itself (EXPLAIN ANALYZE), so that no machine is too slow to tell.

import { rowsOf } from '../../shared/kit/store/db.ts'
import type { World } from './world.ts'

interface Plan {
  'Relation Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  /** Of all loops together; only of what an index may answer alone. */
  'Heap Fetches'?: number
  Plans?: Plan[]
}

/** @returns what was answered, the rows that its statements read, each asked again, and how many of them came out of tables, not of an index */
export async function countRowsRead<T>(
  w: World,
  ask: () => Promise<T>,
): Promise<[answer: T, read: number, fetched: number]> {
  const sent: { sql: string; bindings: never[] }[] = []
  const listen = (query: { sql: string; bindings: never[] }): void => void sent.push(query)
  w.runtime.db.on('query', listen)
  const answer = await ask()
  w.runtime.db.removeListener('query', listen)
  const reads = sent.filter(({ sql }) => /^[\s(]*(select|with)\b/i.test(sql))
  const nodes = (await Promise.all(reads.map(({ sql, bindings }) => explain(w, sql, bindings)))).flat()
  const total = (rowsOfNode: (node: Plan) => number): number =>
    nodes.reduce((sum, node) => sum + rowsOfNode(node), 0)
  return [answer, total(rowsRead), total((node) => node['Heap Fetches'] ?? rowsRead(node))]
}

/** @returns the parts of its plan that read a table or an index */
async function explain(w: World, sql: string, bindings: never[]): Promise<Plan[]> {
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
    return plan ? nodesOf(plan).filter((node) => node['Relation Name'] !== undefined) : []
  })
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

const rowsRead = (node: Plan): number =>
  (node['Actual Rows'] +
    (node['Rows Removed by Filter'] ?? 0) +
    (node['Rows Removed by Index Recheck'] ?? 0)) *
  node['Actual Loops']
