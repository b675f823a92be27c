// The shapes that domains export, under their names there: in the documents, what is used in several places is written
// once and referred to, so that a generated client has one type for it.

import type { TSchema } from '../../shared/kit/declare/schema.ts'
import { VISIBLE } from '../../shared/kit/text/text.ts'
import * as approvalFigures from '../../shared/approvals/figures.ts'
import * as approvalHistory from '../../shared/approvals/history/schema.ts'
import * as policies from '../../shared/approvals/policy/schema.ts'
import * as approvalRequests from '../../shared/approvals/requests/schema.ts'
import * as approvals from '../../shared/approvals/schema.ts'
import * as audit from '../../shared/audit/schema.ts'
import * as bookingFigures from '../../shared/bookings/figures.ts'
import * as bookings from '../../shared/bookings/schema.ts'
import * as chat from '../../shared/chat/schema.ts'
import * as auditExports from '../../shared/exports/schema.ts'
import * as files from '../../shared/files/schema.ts'
import * as inbox from '../../shared/inbox/schema.ts'
import * as integrations from '../../shared/integrations/schema.ts'
import * as issuers from '../../shared/issuers/schema.ts'
import * as notifications from '../../shared/notifications/schema.ts'
import * as webhooks from '../../shared/notifications/webhook-schema.ts'
import * as organisations from '../../shared/organisations/schema.ts'
import * as imports from '../../shared/people/import/schema.ts'
import * as resources from '../../shared/resources/schema.ts'
import * as support from '../../shared/support/schema.ts'
import * as users from '../../shared/users/schema.ts'

const MODULES: readonly object[] = [
  approvals,
  approvalFigures,
  approvalHistory,
  approvalRequests,
  policies,
  audit,
  bookings,
  bookingFigures,
  chat,
  auditExports,
  files,
  inbox,
  integrations,
  issuers,
  notifications,
  webhooks,
  organisations,
  imports,
  resources,
  support,
  users,
]

/** Keywords that only our own check knows, and what the document says once for all shapes. */
const UNSAID: ReadonlySet<string> = new Set(['x-any-case', 'x-max-bytes', 'additionalProperties'])

interface ObjectShape {
  properties?: Record<string, unknown>
  required?: readonly string[]
}

/** Writes schemas with references in place of what has a name, and knows in the end which of them were used. */
export class NamedShapes {
  readonly #names = namesByText()
  readonly #bases = [...this.#names].map(([text, name]) => ({ name, shape: JSON.parse(text) as ObjectShape }))
  readonly #used = new Map<string, object>()

  refer(schema: TSchema): unknown {
    return this.#refer(JSON.parse(JSON.stringify(schema)))
  }

  /** @returns name → what it stands for, of all that were referred to */
  used(): Record<string, object> {
    return Object.fromEntries([...this.#used].toSorted(([one], [other]) => (one < other ? -1 : 1)))
  }

  #refer(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value
    const name = this.#names.get(JSON.stringify(value))
    if (name !== undefined) return this.#referByName(name, value)
    return shortened(Array.isArray(value) ? this.#inside(value) : this.#written(value, this.#bases))
  }

  #inside(value: object): object {
    if (Array.isArray(value)) return value.map((each) => this.#refer(each))
    const said = Object.entries(value).filter(([key, each]) => isSaid(key, each))
    return Object.fromEntries(said.map(([key, each]) => [key, this.#refer(each)]))
  }

  #referByName(name: string, shape: ObjectShape): object {
    if (!this.#used.has(name)) {
      this.#used.set(name, {})
      this.#used.set(
        name,
        this.#written(
          shape,
          this.#bases.filter((each) => each.name !== name),
        ),
      )
    }
    return { $ref: `#/components/schemas/${name}` }
  }

  /** What has all fields of other shapes, and more, is written as those. */
  #written(shape: ObjectShape, bases: readonly Base[]): object {
    const base = largestWithin(shape, bases)
    if (!base) return this.#inside(shape)
    const rest = this.#written(without(shape, base.shape), bases) as { allOf?: object[] }
    return { allOf: [this.#referByName(base.name, base.shape), ...(rest.allOf ?? [rest])] }
  }
}

interface Base {
  name: string
  shape: ObjectShape
}

interface AnySchema {
  type?: unknown
  enum?: unknown
  const?: unknown
  anyOf?: readonly AnySchema[]
}

/** The same in fewer words: what may be null says so in its type, and what is one of some words, or one, says only that. */
function shortened(schema: AnySchema): object {
  if (schema.enum !== undefined || schema.const !== undefined)
    return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== 'type'))
  const [known, other, ...more] = schema.anyOf ?? []
  if (typeof known?.type !== 'string' || other?.type !== 'null' || more.length > 0) return schema
  return { ...known, type: [known.type, 'null'] }
}

/** A schema that takes anything but what it names says so; one that refuses the rest is like all others. */
const isSaid = (key: string, value: unknown): boolean =>
  !(UNSAID.has(key) && typeof value !== 'object') &&
  !(key === 'pattern' && value === VISIBLE) &&
  !(key === 'minLength' && value === 1) &&
  !(key === 'required' && Array.isArray(value) && value.length === 0) &&
  !(key === 'format' && value === 'one-line')

const fieldsOf = ({ properties = {} }: ObjectShape): [string, unknown][] => Object.entries(properties)

/** Below that a reference says less than the fields. */
const FEWEST = 3

function largestWithin(of: ObjectShape, bases: readonly Base[]): Base | undefined {
  return bases
    .filter(({ shape }) => fieldsOf(shape).length >= FEWEST && isWithin(shape, of))
    .toSorted((one, other) => fieldsOf(other.shape).length - fieldsOf(one.shape).length)[0]
}

function isWithin(small: ObjectShape, large: ObjectShape): boolean {
  const fields = fieldsOf(small)
  return (
    fields.length < fieldsOf(large).length &&
    fields.every(
      ([name, field]) =>
        JSON.stringify(large.properties?.[name]) === JSON.stringify(field) &&
        small.required?.includes(name) === large.required?.includes(name),
    )
  )
}

function without(large: ObjectShape, small: ObjectShape): ObjectShape {
  const isNew = (name: string): boolean => small.properties?.[name] === undefined
  return {
    ...large,
    required: large.required?.filter(isNew) ?? [],
    properties: Object.fromEntries(fieldsOf(large).filter(([name]) => isNew(name))),
  }
}

/** What a shape says → its name. Shapes that say the same are the same to whoever reads. @throws Error for two of one name */
function namesByText(): Map<string, string> {
  const texts = new Map<string, string>()
  for (const [name, shape] of MODULES.flatMap((module) => Object.entries(module))) {
    if (!isObjectShape(shape)) continue
    const text = JSON.stringify(shape)
    if (texts.has(name) && texts.get(name) !== text) throw new Error(`Two shapes are called ${name}.`)
    texts.set(name, text)
  }
  return new Map([...texts].toReversed().map(([name, text]) => [text, name]))
}

function isObjectShape(value: unknown): value is TSchema {
  return typeof value === 'object' && value !== null && ('properties' in value || 'oneOf' in value)
}
