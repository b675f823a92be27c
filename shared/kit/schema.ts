// Shapes: TypeBox writes JSON Schema, ajv checks it, OpenAPI and AsyncAPI print it. The only importer of ajv.
// Promise: every problem of an input is listed at once, unknown properties included.

import { Type, type Static, type TObject, type TProperties, type TSchema, type TUnsafe } from '@sinclair/typebox'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import type { DataValidationCxt } from 'ajv/dist/types/index.js'
import formats from 'ajv-formats'
import { malformed, type Problem } from './errors.ts'

export { Type, type Static, type TObject, type TProperties, type TSchema }

/** Some platforms write UUIDs in capitals; rows, keys and channels know one spelling. */
const ANY_CASE = 'x-any-case'

const strict = new Ajv({ allErrors: true, useDefaults: true, removeAdditional: false, strict: true, discriminator: true, verbose: true })
const coercing = new Ajv({ allErrors: true, useDefaults: true, coerceTypes: 'array', strict: true })
for (const ajv of [strict, coercing]) {
  // ajv-formats is CommonJS; under NodeNext its callable stands in `default`.
  formats.default(ajv, ['date', 'date-time', 'email', 'uuid', 'uri'])
  ajv.addFormat('uuid-or-number', /^(\d{1,9}|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})$/i)
  ajv.addFormat('time-of-day', /^([01]\d|2[0-3]):[0-5]\d$/)
  ajv.addFormat('time-zone', isTimeZone)
  ajv.addKeyword({ keyword: ANY_CASE, type: 'string', schemaType: 'boolean', modifying: true, validate: toLowerCase })
}

/** Checks a value and gives it its type. @throws AppError 400 with every problem, each path starting with `at`. */
export type Check<T> = (value: unknown, at: string) => T

/** Compiled when it is first asked: a process that starts would spend seconds on hundreds that it may never need. */
export function compile<S extends TSchema>(schema: S, options: { coerce?: boolean } = {}): Check<Static<S>> {
  let compiled: ValidateFunction<Static<S>> | undefined
  return (value, at) => {
    const validate = compiled ??= (options.coerce ? coercing : strict).compile<Static<S>>(schema)
    if (validate(value)) return value
    throw malformed((validate.errors ?? []).map((error) => problemOf(error, at)))
  }
}

function toLowerCase(_schema: boolean, value: string, _parent?: unknown, at?: DataValidationCxt): boolean {
  if (at) at.parentData[at.parentDataProperty] = value.toLowerCase()
  return true
}

function problemOf(error: ErrorObject, at: string): Problem {
  const extra: unknown = error.params['additionalProperty']
  if (typeof extra === 'string') return { path: `${at}${error.instancePath}/${extra}`, message: 'is unknown' }
  const missing: unknown = error.params['missingProperty']
  if (typeof missing === 'string') return { path: `${at}${error.instancePath}/${missing}`, message: 'is missing' }
  if (error.keyword === 'discriminator') return { path: `${at}${error.instancePath}/${error.params['tag']}`, message: `must be one of ${tagsOf(error).join(', ')}` }
  const choices: unknown = error.params['allowedValues']
  if (Array.isArray(choices)) return { path: at + error.instancePath, message: `must be one of ${choices.join(', ')}` }
  const format: unknown = error.keyword === 'format' && error.params['format']
  return { path: at + error.instancePath, message: FORMATS[String(format)] ?? error.message ?? 'is wrong' }
}

/** What a choice of shapes is made by. */
function tagsOf({ parentSchema, params }: ErrorObject): string[] {
  const shapes: { properties: Record<string, { const?: string }> }[] = parentSchema?.['oneOf'] ?? []
  return shapes.flatMap(({ properties }) => properties[params['tag']]?.const ?? [])
}

/** How a format is written, for people who got it wrong. */
const FORMATS: Readonly<Record<string, string>> = {
  date: 'must be a day, written YYYY-MM-DD',
  'date-time': 'must be an instant, written like 2031-03-10T08:30:00Z',
  'time-of-day': 'must be a time of day, written HH:mm',
  'time-zone': 'must be an IANA time zone such as Asia/Ho_Chi_Minh',
  uuid: 'must be a UUID',
  'uuid-or-number': 'must be a UUID or a number',
  email: 'must be an e-mail address',
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** An object that refuses what it does not name. */
export function shape<P extends TProperties>(properties: P, options: { description?: string } = {}): TObject<P> {
  return Type.Object(properties, { additionalProperties: false, ...options })
}

export function choice<const T extends string>(values: readonly T[], description: string): TUnsafe<T> {
  return Type.Unsafe<T>({ type: 'string', enum: [...values], description })
}

export const id = (description: string) => Type.String({ format: 'uuid', [ANY_CASE]: true, description })
/** Of what people call by its number. */
export const idOrNumber = (description: string) => Type.String({ format: 'uuid-or-number', [ANY_CASE]: true, description })
/** In what we answer: a Date in the row, ISO 8601 in UTC once it is JSON. */
export const instant = (description: string) => Type.Unsafe<Date>({ type: 'string', format: 'date-time', description })
/** In what we are given: ISO 8601 with its offset. */
export const instantGiven = (description: string) => Type.String({ format: 'date-time', description })
export const day = (description: string) => Type.String({ format: 'date', description })
export const timeOfDay = (description: string) => Type.String({ format: 'time-of-day', description })
export const line = (description: string, maxLength = 200) => Type.String({ minLength: 1, maxLength, pattern: '\\S', description })
export const note = (description: string, maxLength = 1000) => Type.String({ maxLength, description })
export const nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
/** Keys and values as somebody else chose them: neither checked nor respelled. */
export const opaque = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description })

/** The columns behind a public shape: selecting by them leaves out whatever the shape does not name. */
export function columnsOf<P extends TProperties>(of: TObject<P>): (keyof P & string)[] {
  return Object.keys(of.properties)
}
