// What a REST client of the tests is answered, held against the document: a refusal that the operation does not name fails
// the test that met it. With EXAMPLES=write, what was asked and answered is recorded as the examples of the document.

import { readFileSync, writeFileSync } from 'node:fs'
import { EXAMPLES_FILE } from '../../api/http/openapi-examples.ts'
import { operationNameOf } from '../../api/http/openapi-kinds.ts'
import { isDocumented } from '../../api/http/openapi.ts'
import { codesOf, statusOf } from '../../api/http/openapi-refusals.ts'
import type { Route } from '../../api/http/route.ts'
import { declaredRoutes } from '../../api/routes/all.ts'

export const ROUTES: readonly Route[] = declaredRoutes()

/** Routes with a word where others have a parameter come first, as in the router. */
const PATTERNS = ROUTES.map((route) => ({
  route,
  pattern: new RegExp(`^(/api(/v1)?)?${route.path.replaceAll(/:\w+/g, '[^/]+')}$`),
}))

function routeOf(method: string, path: string): Route | undefined {
  const [pathname = ''] = path.split('?')
  return PATTERNS.find(
    ({ route, pattern }) => route.method === method.toLowerCase() && pattern.test(pathname),
  )?.route
}

interface Exchange {
  method: string
  /** Of the origin, or below the base path. */
  path: string
  body: unknown
  status: number
  reply: unknown
}

/** @throws Error for a refusal that is not in the document */
export function holdAgainstContract(exchange: Exchange): void {
  const route = routeOf(exchange.method, exchange.path)
  if (!route) return
  if (exchange.status >= 400) mustBeNamed(route, exchange)
  else if (isRecording && exchange.status < 300) record(route, exchange)
}

/** Whatever can come of any operation. */
const OF_ANY = [405, 500, 503]

function mustBeNamed(route: Route, { status, reply }: Exchange): void {
  if (typeof reply !== 'object' || reply === null || !('code' in reply) || OF_ANY.includes(status)) return
  const code = codesOf(route).find((each) => each === reply.code)
  const isSameStatus = code !== undefined && (statusOf(code) === status || code === 'invalid')
  if (!isSameStatus)
    throw new Error(
      `${route.method} ${route.path} answers ${status} ${String(reply.code)}, which it does not declare (refuses)`,
    )
}

const isRecording = process.env['EXAMPLES'] === 'write'
const recorded = new Map<string, { body?: unknown; reply?: unknown }>()

function record(route: Route, { body, reply }: Exchange): void {
  const name = operationNameOf(route)
  const isJson = typeof reply === 'object' && reply !== null && !['download', 'stream'].includes(route.kind)
  if (!isDocumented(route) || !isJson || wealthOf({ body, reply }) <= wealthOf(recorded.get(name))) return
  const isPlain =
    typeof body === 'object' && body !== null && Object.getPrototypeOf(body) === Object.prototype
  recorded.set(name, {
    ...(isPlain && Object.keys(body).length > 0 && { body }),
    reply: shortened(reply),
  })
}

/** One entry of a list shows what the others are. */
function shortened(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.slice(0, 1).map(shortened)
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shortened(each)]))
}

/** A list with something in it and a body that was sent say more than empty ones; beyond that the first is as good as any. */
function wealthOf(example: { body?: unknown; reply?: unknown } | undefined): number {
  if (!example) return -1
  return (
    Number(!Array.isArray(example.reply) || example.reply.length > 0) + Number(example.body !== undefined)
  )
}

/** Ids and long words of their own run, so that a new recording differs by what has changed. */
function steady(text: string): string {
  const ids = [...new Set(text.match(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/g))]
  return ids
    .reduce(
      (all, id, at) => all.replaceAll(id, `00000000-0000-4000-8000-${String(at + 1).padStart(12, '0')}`),
      text,
    )
    .replaceAll(/"([\w-]{12})[\w.-]{48,}"/g, '"$1…"')
}

function writeExamples(): void {
  const known: Record<string, unknown> = JSON.parse(readFileSync(EXAMPLES_FILE, 'utf8'))
  const all = Object.entries({ ...known, ...Object.fromEntries(recorded) }).toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )
  const names = new Set(ROUTES.filter(isDocumented).map(operationNameOf))
  const lines = all
    .filter(([name]) => names.has(name))
    .map(([name, example]) => `"${name}": ${steady(JSON.stringify(example))}`)
  writeFileSync(EXAMPLES_FILE, `{\n${lines.join(',\n')}\n}\n`)
}

if (isRecording) process.on('exit', writeExamples)
