// Shapes: TypeBox writes JSON Schema, ajv checks it, OpenAPI and AsyncAPI print it. The only importer of ajv.
// Promise: every problem of an input is listed at once, unknown properties included.

import {
  Type,
  type Static,
  type TObject,
  type TProperties,
  type TSchema,
  type TUnsafe,
} from '@sinclair/typebox'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { DataValidationCxt } from 'ajv/dist/types/index.js'
import formats from 'ajv-formats'
import { malformed, type Problem } from './errors.ts'
import { STRING_FORMATS } from './formats.ts'
import { mustBeKeepable, pointerOf, VISIBLE } from '../text/text.ts'

export { Type, type Static, type TObject, type TProperties, type TSchema }

/** Some platforms write UUIDs in capitals; rows, keys and channels know one spelling. */
const ANY_CASE = 'x-any-case'

/** Of what somebody else named, and what we keep as it is: how long it may be as JSON. */
const MAX_BYTES = 'x-max-bytes'

/** Optional fields that take no null, with their defaults: in what we are given, null stands for absent. */
const ABSENT = 'x-null-is-absent'

const strict = new Ajv({
  allErrors: true,
  useDefaults: true,
  removeAdditional: false,
  strict: true,
  discriminator: true,
  verbose: true,
})
const coercing = new Ajv({ allErrors: true, useDefaults: true, coerceTypes: 'array', strict: true })
for (const ajv of [strict, coercing]) {
  // ajv-formats is CommonJS; under NodeNext its callable stands in `default`.
  formats.default(ajv, ['date', 'date-time', 'email', 'uuid', 'uri-reference'])
  for (const [name, { isRight }] of Object.entries(STRING_FORMATS))
    if (isRight) ajv.addFormat(name, alsoKnown(ajv, name, isRight))
  ajv.addKeyword({
    keyword: ANY_CASE,
    type: 'string',
    schemaType: 'boolean',
    modifying: true,
    validate: toLowerCase,
  })
  ajv.addKeyword({ keyword: MAX_BYTES, type: 'object', schemaType: 'number', validate: isWithin })
  // Before the keywords that count and name the fields.
  ajv.addKeyword({
    keyword: ABSENT,
    type: 'object',
    schemaType: 'object',
    modifying: true,
    before: 'maxProperties',
    validate: leaveOutNulls,
  })
}

/** Both checks: the one of ajv-formats for this name, if it has one, and ours. */
function alsoKnown(ajv: Ajv, name: string, isRight: (text: string) => boolean): (text: string) => boolean {
  const format = ajv.formats[name]
  const known = typeof format === 'object' && 'validate' in format ? format.validate : format
  if (known instanceof RegExp) return (text) => known.test(text) && isRight(text)
  const check = known as ((text: string) => boolean) | undefined
  return (text) => (check?.(text) ?? true) && isRight(text)
}

/** What is said of a field that no shape names. */
export const UNKNOWN_FIELD = 'is unknown'

/** Checks a value and gives it its type. @throws AppError 400 with the first problems, each path starting with `at` */
export type SchemaCheck<T> = (value: unknown, at: string) => T

/**
 * Compiled when it is first asked: a process that starts would spend seconds on hundreds that it may never need.
 * @param options.coerce texts may stand for numbers and booleans, as in a query · @param options.isReply what we answer: null is null
 */
export function compileSchema<S extends TSchema>(
  schema: S,
  options: { coerce?: boolean; isReply?: boolean } = {},
): SchemaCheck<Static<S>> {
  let compiled: ValidateFunction<Static<S>> | undefined
  return (value, at) => {
    const validate = (compiled ??= (options.coerce ? coercing : strict).compile<Static<S>>(
      options.isReply ? schema : takingNulls(schema),
    ))
    if (validate(value)) return options.coerce ? finite(value, at) : value
    // That an `else` was not met is said by what it needs.
    throw malformed(
      (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map((error) => problemOf(error, at)),
    )
  }
}

/** What "1e400" becomes passes every bound of ajv. */
function finite<T>(coerced: T, at: string): T {
  mustBeKeepable(coerced, at)
  return coerced
}

function toLowerCase(_schema: boolean, value: string, _parent?: unknown, at?: DataValidationCxt): boolean {
  if (at) at.parentData[at.parentDataProperty] = value.toLowerCase()
  return true
}

function isWithin(bytes: number, value: object): boolean {
  return Buffer.byteLength(JSON.stringify(value)) <= bytes
}

/** Says of every object of a schema which of its fields may be null instead of absent, so that no declaration has to. */
function takingNulls<S>(schema: S): S {
  if (typeof schema !== 'object' || schema === null) return schema
  if (Array.isArray(schema)) return schema.map(takingNulls) as S
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, takingNulls(value)]))
  if (inner['type'] !== 'object' || !inner['properties']) return inner as S
  const required: readonly string[] = inner['required'] ?? []
  const absent = Object.entries<TSchema>(inner['properties']).filter(
    ([name, field]) => !required.includes(name) && !takesNull(field),
  )
  return {
    ...inner,
    [ABSENT]: Object.fromEntries(absent.map(([name, field]) => [name, field['default'] ?? null])),
  } as S
}

function takesNull(field: TSchema): boolean {
  const choices: readonly TSchema[] | undefined = field['anyOf']
  return choices ? choices.some(takesNull) : field['type'] === undefined || field['type'] === 'null'
}

function leaveOutNulls(absent: Record<string, unknown>, value: Record<string, unknown>): boolean {
  for (const [name, byDefault] of Object.entries(absent)) {
    if (value[name] !== null) continue
    if (byDefault === null) delete value[name]
    else value[name] = byDefault
  }
  return true
}

function problemOf(error: ErrorObject, at: string): Problem {
  const extra: unknown = error.params['additionalProperty']
  if (typeof extra === 'string')
    return { path: `${at}${error.instancePath}/${pointerOf(extra)}`, message: UNKNOWN_FIELD }
  const missing: unknown = error.params['missingProperty']
  if (typeof missing === 'string')
    return { path: `${at}${error.instancePath}/${missing}`, message: 'is missing' }
  if (error.keyword === 'discriminator')
    return {
      path: `${at}${error.instancePath}/${error.params['tag']}`,
      message: `must be one of ${tagsOf(error).join(', ')}`,
    }
  const choices: unknown = error.params['allowedValues']
  if (Array.isArray(choices))
    return { path: at + error.instancePath, message: `must be one of ${choices.join(', ')}` }
  return { path: at + error.instancePath, message: ownWords(error) ?? error.message ?? 'is wrong' }
}

function ownWords({ keyword, params, schema }: ErrorObject): string | undefined {
  if (keyword === MAX_BYTES) return `must not be longer than ${String(schema)} bytes as JSON`
  if (keyword === 'format') return STRING_FORMATS[String(params['format'])]?.says
  return keyword === 'pattern' && params['pattern'] === VISIBLE ? 'must not be blank' : undefined
}

/** What a choice of shapes is made by. */
function tagsOf({ parentSchema, params }: ErrorObject): string[] {
  const shapes: { properties: Record<string, { const?: string }> }[] = parentSchema?.['oneOf'] ?? []
  return shapes.flatMap(({ properties }) => properties[params['tag']]?.const ?? [])
}

/** An object that refuses what it does not name. */
export function shape<P extends TProperties>(
  properties: P,
  options: { description?: string } & Partial<ReturnType<typeof neededUnless>> = {},
): TObject<P> {
  return Type.Object(properties, { additionalProperties: false, ...options })
}

/** What a shape needs where one of its fields, a text, is not given: the same can be said in two ways. */
export const neededUnless = (given: string, needed: readonly string[]) => ({
  if: { properties: { [given]: { type: 'string' } }, required: [given] },
  else: {
    properties: Object.fromEntries(needed.map((name) => [name, {}])),
    required: [...needed],
  },
})

/** As somebody else's system has it: what we do not name is passed on as it is. @param bytes as JSON */
export function openShape<P extends TProperties>(properties: P, bytes?: number): TObject<P> {
  return Type.Object(properties, bytes === undefined ? {} : { [MAX_BYTES]: bytes })
}

export function choice<const T extends string>(values: readonly T[], description: string): TUnsafe<T> {
  return Type.Unsafe<T>({ type: 'string', enum: [...values], description })
}

export const id = (description: string) => Type.String({ format: 'uuid', [ANY_CASE]: true, description })
/** Of what people call by its number. */
export const idOrNumber = (description: string) =>
  Type.String({ format: 'uuid-or-number', [ANY_CASE]: true, description })
/** In what we answer: a Date in the row, ISO 8601 in UTC once it is JSON. */
export const instant = (description: string) =>
  Type.Unsafe<Date>({ type: 'string', format: 'date-time', description })
/** In what we are given: ISO 8601 with its offset. */
export const instantGiven = (description: string) => Type.String({ format: 'date-time', description })
export const day = (description: string) => Type.String({ format: 'date', description })
export const timeOfDay = (description: string) =>
  Type.String({ format: 'time-of-day', description: `HH:mm. ${description}` })
/** A name, a title: what stands in one line of a list or in the subject of a mail. */
export const line = (description: string, maxLength = 200) =>
  Type.String({ minLength: 1, maxLength, format: 'one-line', pattern: VISIBLE, description })
/** What people write to each other, or look for: of several lines, and not blank. */
export const prose = (description: string, maxLength = 200) =>
  Type.String({ minLength: 1, maxLength, pattern: VISIBLE, description })
export const note = (description: string, maxLength = 1000) => Type.String({ maxLength, description })
export const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
export const webAddress = (description: string) =>
  Type.String({ format: 'web-address', maxLength: 1000, description })
/** Keys and values as somebody else chose them: neither checked nor respelled. */
export const opaque = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description })
/** The same in what we are given, which has to have a bound: written as JSON. */
export const opaqueGiven = (description: string, bytes: number) =>
  Type.Record(Type.String(), Type.Unknown(), {
    [MAX_BYTES]: bytes,
    description: `${description} At most ${bytes} bytes of JSON.`,
  })

/** The columns behind a public shape: selecting by them leaves out whatever the shape does not name. */
export function columnsOf<P extends TProperties>(of: TObject<P>): (keyof P & string)[] {
  return Object.keys(of.properties)
}
