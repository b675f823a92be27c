// What several shapes say alike and none has a name for (a claim, a list of opening hours) is written once in the document, under
// the name of the first place where it stands, and referred to from the others.

import type { Paths } from './openapi-parts.ts'

/** Below that a reference says no less. */
const SHORTEST = 90

/** Their values are no schemas. */
export const DATA: ReadonlySet<string> = new Set(['example', 'examples', 'default', 'enum', 'const'])
/** Words on the way to a schema that say nothing of what it is. */
export const BETWEEN: ReadonlySet<string> = new Set(
  (
    'properties patternProperties items anyOf oneOf allOf schema content application/json parameters responses ' +
    'requestBody 200 201 202 503 get post put patch delete'
  ).split(' '),
)

type Schemas = Readonly<Record<string, unknown>>

/** @returns both with references in place of what stands in several places; the schemas with that as well */
export function nameRepeatedSchemas(paths: Paths, schemas: Schemas): { paths: Paths; schemas: Schemas } {
  const repeated = new RepeatedSchemas(Object.keys(schemas))
  repeated.count(Object.values(schemas))
  repeated.count(paths)
  const written = Object.entries(schemas).map(([name, shape]) => [name, repeated.insideOf(shape, [name])])
  const referring = repeated.insideOf(paths, []) as Paths
  return { paths: referring, schemas: { ...Object.fromEntries(written), ...repeated.named } }
}

class RepeatedSchemas {
  readonly #places = new Map<string, number>()
  readonly #names = new Map<string, string>()
  readonly #taken: Set<string>
  readonly named: Record<string, unknown> = {}

  constructor(taken: readonly string[]) {
    this.#taken = new Set(taken)
  }

  /** What stands inside of something that is met again counts once, for that is written once. */
  count(value: unknown): void {
    if (typeof value !== 'object' || value === null) return
    if (isUnnamed(value)) {
      const text = JSON.stringify(value)
      const before = this.#places.get(text) ?? 0
      this.#places.set(text, before + 1)
      if (before > 0) return
    }
    for (const [key, each] of Object.entries(value)) if (!DATA.has(key)) this.count(each)
  }

  /** @param way the words that lead to it */
  insideOf(value: unknown, way: readonly string[]): unknown {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((each) => this.#refer(each, way))
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [
        key,
        DATA.has(key) ? each : this.#refer(each, BETWEEN.has(key) ? way : [...way, key]),
      ]),
    )
  }

  #refer(value: unknown, way: readonly string[]): unknown {
    if (!isUnnamed(value)) return this.insideOf(value, way)
    const text = JSON.stringify(value)
    const isRepeated = text.length >= SHORTEST && (this.#places.get(text) ?? 0) > 1
    if (!isRepeated) return this.insideOf(value, way)
    const name = this.#names.get(text) ?? this.#add(text, value, way)
    return { $ref: `#/components/schemas/${name}` }
  }

  #add(text: string, value: object, way: readonly string[]): string {
    const name = this.#nameFor(way)
    this.#names.set(text, name)
    this.named[name] = this.insideOf(value, [name])
    return name
  }

  /** DrivenMinutes; UserPhone, of the phone of a User, for one word says too little; a number where another is called so. */
  #nameFor(way: readonly string[]): string {
    const last = way.slice(-1).flatMap(wordsOf)
    const name = nameOf(last.length > 1 ? last : way.slice(-2).flatMap(wordsOf))
    const others = [...Array(100).keys()].map((each) => `${name}${each + 2}`)
    const free = [name, ...others].find((each) => !this.#taken.has(each))
    if (free === undefined) throw new Error(`Too many shapes would be called ${name}.`)
    this.#taken.add(free)
    return free
  }
}

const wordsOf = (name: string): string[] => name.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? []
const nameOf = (words: readonly string[]): string =>
  words.map((each) => each.charAt(0).toUpperCase() + each.slice(1)).join('')

const isUnnamed = (value: unknown): value is object =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  ('type' in value || 'enum' in value || 'anyOf' in value) &&
  isOfTypes('type' in value ? value.type : undefined)

/** A field may be called type, or enum. */
const isOfTypes = (type: unknown): boolean => typeof type !== 'object' || Array.isArray(type)
