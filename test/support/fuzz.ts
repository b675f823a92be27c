// Values that a program, an attacker or a cat on a keyboard sends: made from a schema, and then spoiled. Seeded.

import type { TSchema } from '../../shared/kit/declare/schema.ts'

export interface Dice {
  /** Below `bound`. */
  roll(bound: number): number
  pick<T>(of: readonly T[]): T
}

/** mulberry32: enough for a test, and the same everywhere. */
export function diceOf(seed: number): Dice {
  let state = seed
  const roll = (bound: number): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * bound)
  }
  return {
    roll,
    pick<T>(of: readonly T[]): T {
      const value = of[roll(of.length)]
      if (value === undefined && !of.includes(value as T)) throw new Error('There is nothing to pick from.')
      return value as T
    },
  }
}

/** JSON that no JavaScript value is written as. */
export class Raw {
  readonly json: string
  constructor(json: string) {
    this.json = json
  }
}

export function jsonOf(value: unknown): string {
  const raws: string[] = []
  const text = JSON.stringify(value, (_key, inner: unknown) =>
    inner instanceof Raw ? `@raw${raws.push(inner.json) - 1}@` : inner,
  )
  return text.replaceAll(/"@raw(\d+)@"/g, (_, at: string) => raws[Number(at)] ?? '')
}

export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  'x',
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfff',
  '\u200b',
  '\u3164\ufe0f',
  '\u202egpj.exe',
  'a\r\nBcc: x@y.z',
  'Vie\u0323\u0302t',
  '😀'.repeat(300),
  'x'.repeat(6000),
  '{name}',
  '{',
  '{0}{x}',
  '1e400',
  'NaN',
  '-0',
  '0x10',
  'null',
  'true',
  '0000-01-01',
  '2031-02-30',
  '9999-12-31',
  '0001-01-01',
  '0000-00-00T00:00:60Z',
  '2031-03-10T08:30:60Z',
  '9999-12-31T23:59:59-14:00',
  '0001-01-01T00:00:00+14:00',
  '2031-03-10T08:30:00Z',
  '23:59',
  '24:00',
  '__proto__',
  'constructor',
  'toString',
  "'; drop table users; --",
  '%',
  '%00',
  '_',
  '\\',
  '../../etc/passwd',
  '"',
  '<script>',
  '$1',
  ':id',
  'Asia/Atlantis',
  '+00:00',
  'x@y',
  'ü@exämple.de',
  'http://127.0.0.1:99999/',
  'http://a..b/',
  'javascript:1',
  'https://user:password@example.com/',
  '00000000-0000-4000-8000-000000000000',
  'FFFFFFFF-FFFF-4FFF-8FFF-FFFFFFFFFFFF',
  '2147483648',
  '-1',
  '9'.repeat(400),
]

const HOSTILE_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  new Raw('-0'),
  new Raw('1e400'),
  new Raw('-1e400'),
  new Raw('1e308'),
  2 ** 53 + 1,
  2_147_483_648,
  -2_147_483_649,
  [],
  {},
  [[]],
  [null],
  ['x', 'x'],
  { toString: 1 },
  { a: { '\u0000': 1 } },
  { 'b\udc00': 1 },
  new Raw('{"__proto__":{"a":1},"constructor":{"prototype":1}}'),
  new Raw(`${'['.repeat(5000)}${']'.repeat(5000)}`),
  Array.from({ length: 1500 }, (_, at) => `x${at}`),
  Array.from({ length: 1500 }, (_, at) => at),
]

export const hostileOf = (dice: Dice): unknown =>
  dice.roll(2) ? dice.pick(HOSTILE_TEXTS) : dice.pick(HOSTILE_VALUES)

/** Bodies that are wrong as a whole. */
export const NONSENSE: readonly unknown[] = [
  [],
  'x',
  5,
  null,
  true,
  {},
  { '': 1 },
  new Raw('{"a":1e400}'),
  new Raw('{"a":'),
  new Raw(''),
  new Raw('\ufeff{}'),
  new Raw('{"__proto__":null}'),
  new Raw('{"toString":1,"valueOf":1,"hasOwnProperty":1}'),
  new Raw(`${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`),
  Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`k_${at}`, at])),
  { 'a/b~c': 1, 'd e': 1, _: 1, __: 1, a_: 1 },
]

/** Something that the schema takes, as a rule; ids come from `ids`. */
export function valueOf(schema: TSchema, dice: Dice, ids: readonly string[]): unknown {
  const choices: readonly TSchema[] | undefined = schema['anyOf'] ?? schema['oneOf']
  if (choices) return valueOf(dice.pick(choices), dice, ids)
  if ('const' in schema) return schema['const']
  if (Array.isArray(schema['enum'])) return dice.pick(schema['enum'])
  switch (schema['type']) {
    case 'object':
      return objectOf(schema, dice, ids)
    case 'array':
      return Array.from({ length: Math.max(schema['minItems'] ?? 0, 1) }, () =>
        valueOf(schema['items'], dice, ids),
      )
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 1
    case 'boolean':
      return dice.roll(2) === 1
    case 'string':
      return textOf(schema, dice, ids)
    default:
      return null
  }
}

function objectOf(schema: TSchema, dice: Dice, ids: readonly string[]): Record<string, unknown> {
  const properties: Record<string, TSchema> = schema['properties'] ?? {}
  const required: readonly string[] = schema['required'] ?? []
  const named = Object.entries(properties).filter(([name]) => required.includes(name) || dice.roll(3) === 0)
  return Object.fromEntries(named.map(([name, inner]) => [name, valueOf(inner, dice, ids)]))
}

const TEXTS: Readonly<Record<string, string>> = {
  date: '2031-03-10',
  'date-time': '2031-03-10T08:30:00Z',
  'time-of-day': '08:30',
  'time-zone': 'Asia/Tokyo',
  'web-address': 'https://example.com/x',
}

function textOf(schema: TSchema, dice: Dice, ids: readonly string[]): string {
  const format = String(schema['format'])
  if (format.startsWith('uuid')) return dice.pick(ids)
  if (format === 'email') return `fuzz${dice.roll(1e9)}@demo.test`
  return (
    TEXTS[format] ??
    ['Chữ', 'abc', '+84901234567', 'VND', 'AAAA'].find((text) =>
      new RegExp(schema['pattern'] ?? '', 'u').test(text),
    ) ??
    'x'.repeat(schema['minLength'] ?? 1)
  )
}

/** Where a schema names fields, as paths through a value of it. */
export function fieldsOf(
  schema: TSchema,
  path: readonly (string | number)[] = [],
): (readonly (string | number)[])[] {
  const choices: readonly TSchema[] = schema['anyOf'] ?? schema['oneOf'] ?? []
  const inner = Object.entries<TSchema>(schema['properties'] ?? {}).flatMap(([name, field]) => [
    [...path, name],
    ...fieldsOf(field, [...path, name]),
  ])
  const items = schema['items'] ? [[...path, 0], ...fieldsOf(schema['items'], [...path, 0])] : []
  return [...inner, ...items, ...choices.flatMap((each) => fieldsOf(each, path))]
}

/** The same value with something else at one place. */
export function spoiled(value: unknown, [part, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (part === undefined) return by
  if (typeof part === 'number') return [spoiled(Array.isArray(value) ? value[part] : undefined, rest, by)]
  const object = typeof value === 'object' && value !== null ? value : {}
  return { ...object, [part]: spoiled(Reflect.get(object, part), rest, by) }
}

/** What was accepted and reads back as something else: paths. What the answer does not name is nobody's loss. */
export function lostIn(sent: unknown, answered: unknown, path = ''): string[] {
  if (sent === undefined || sent === null || sent instanceof Raw || answered === undefined) return []
  if (Array.isArray(sent))
    return Array.isArray(answered) && answered.length === sent.length
      ? sent.flatMap((each, at) => lostIn(each, answered[at], `${path}/${at}`))
      : [path]
  if (typeof sent === 'object')
    return typeof answered === 'object' && answered !== null
      ? Object.entries(sent).flatMap(([name, inner]) =>
          lostIn(
            inner,
            Object.hasOwn(answered, name) ? Reflect.get(answered, name) : undefined,
            `${path}/${name}`,
          ),
        )
      : [path]
  return sameText(sent) === sameText(answered) || Date.parse(String(sent)) === Date.parse(String(answered))
    ? []
    : [path]
}

/** Texts are trimmed, composed and rid of what no screen shows; addresses and ids have one letter case. */
function sameText(value: unknown): string {
  return String(value)
    .normalize('NFC')
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/(?![\t\n])\p{Cc}/gu, '')
    .trim()
    .toLowerCase()
}
