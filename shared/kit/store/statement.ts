// A statement that PostgreSQL parses and plans once per connection, sent to it by itself: no query builder, which on hot paths takes as
// long as the statement. Within a transaction it is part of it, and what is sent in one turn travels together.

import { randomUUID } from 'node:crypto'

/** SQL with numbered parameters ($1). */
export interface Statement {
  /** Under which PostgreSQL keeps its plan; one name, one text. */
  name: string
  sql: string
  bindings: readonly unknown[]
}

interface Sent {
  sql: string
  bindings: unknown[]
  options: { name: string }
  /** By which whoever watches statements (otlp-tracing.ts) knows that this one was answered. */
  __knexQueryUid: string
}

/** What knex does not say of itself: `query` sends at once, in the same turn. */
interface Sender {
  acquireConnection(): Promise<unknown>
  releaseConnection(connection: unknown): unknown
  query(connection: unknown, sent: Sent): Promise<{ response?: { rows: unknown[] } }>
  emit(event: 'query-response', rows: unknown[], sent: Sent): void
}

/** Over a connection that one has. @returns its rows, under the names that their columns have in PostgreSQL */
export async function sendOver(
  client: Sender,
  connection: unknown,
  statement: Statement,
): Promise<unknown[]> {
  const { name, sql, bindings } = statement
  const sent = { sql, bindings: [...bindings], options: { name }, __knexQueryUid: randomUUID() }
  const { response } = await client.query(connection, sent)
  const rows = response?.rows ?? []
  client.emit('query-response', rows, sent)
  return rows
}

/** Over a connection of the pool, or that of the transaction. */
export async function sendStatement(db: { client: Sender }, statement: Statement): Promise<unknown[]> {
  const { client } = db
  const connection = await client.acquireConnection()
  try {
    return await sendOver(client, connection, statement)
  } finally {
    client.releaseConnection(connection)
  }
}

interface NumberedText {
  text: string
  names: readonly string[]
}

const numbered = new Map<string, NumberedText>()

/** Of SQL with named parameters (:orgId). */
export function toStatement(
  name: string,
  sql: string,
  bindings: Readonly<Record<string, unknown>>,
): Statement {
  const { text, names } = numbered.get(name) ?? numberParameters(name, sql)
  return { name, sql: text, bindings: names.map((each) => bindings[each]) }
}

function numberParameters(name: string, sql: string): NumberedText {
  const names: string[] = []
  // Not the second colon of a cast.
  const text = sql.replaceAll(/(?<!:):([a-z]\w*)/gi, (_, each: string) => {
    if (!names.includes(each)) names.push(each)
    return `$${names.indexOf(each) + 1}`
  })
  const made = { text, names }
  numbered.set(name, made)
  return made
}
