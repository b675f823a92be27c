// What every route shares, written once and referred to by openapi.ts: headers, parameters, refusals, the problem object.

import { PROBLEMS_PATH } from '../../shared/kit/declare/problem-codes.ts'
import { Type, shape } from '../../shared/kit/declare/schema.ts'
import { codesByStatus } from './openapi-refusals.ts'

export const TAGS: Readonly<Record<string, string>> = {
  auth: 'Signing in and out, sessions, tickets for sockets.',
  users: 'People of the organisation.',
  organisation: 'The organisation and its policies.',
  resources: 'What bookings are about: vehicles, stations, properties.',
  bookings: 'From the request to the completed trip.',
  calendars: 'Addresses for calendar programs.',
  approvals: 'Who decides, until when, and in whose place.',
  supports: 'Support tickets. Each operation answers under /support as well.',
  notifications: 'What people were told, how they want to be, and what became of deliveries.',
  webhooks: "Where an organisation's systems hear of things; gateways for text messages and calls.",
  files: 'What people uploaded.',
  'api-keys': 'Keys of other programs.',
  events: 'What other programs tell, and the stream of what happens.',
  realtime: 'The nodes that hold sockets.',
  decisions: 'The page that a mail leads to.',
  operations: 'Health of the processes; what failed for good.',
  people: 'The directory of the organisation.',
  availability: 'What is free.',
  figures: 'How it went.',
  chat: 'Rooms, messages, groups, and the desk for customers.',
  audit: 'What happened, kept so that it cannot be changed.',
}

const Problem = shape(
  {
    type: Type.String({
      format: 'uri-reference',
      description: `A page: ${PROBLEMS_PATH}/ and the code.`,
    }),
    title: Type.String({ description: 'Name of the status.' }),
    status: Type.Integer({ description: 'HTTP status.' }),
    code: Type.String({
      description:
        `For programs; ${PROBLEMS_PATH} explains each, new ones may come. By usual status: ` +
        codesByStatus(),
    }),
    detail: Type.String({ description: 'For people.' }),
    message: Type.String({ description: 'As detail.' }),
    errors: Type.Optional(
      Type.Array(
        shape({
          path: Type.String({
            description: 'JSON pointer into the request, e.g. /body/scheduledDate.',
          }),
          message: Type.String({ description: 'What is wrong.' }),
        }),
        { description: 'Every problem of a malformed request.' },
      ),
    ),
    requestId: Type.Optional(Type.String({ description: 'As in X-Request-Id and our logs.' })),
  },
  { description: 'RFC 9457.' },
)

const HEADERS = {
  ETag: 'The version, for If-Match.',
  Location: 'Where to look how far it is.',
  'X-Cursor': 'Place in the event log before this was read: follow from there.',
  'Content-Disposition':
    "inline for PNG, JPEG, GIF, WebP, AVIF and PDF, else attachment; with the file's name.",
  'Accept-Ranges': 'bytes: a request may ask for one Range, and gets 206.',
} as const

const SECURITY_SCHEMES = {
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'Of POST /auth/login.',
  },
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description:
      'Of POST /api-keys, bh_…; also as Authorization: Bearer. It needs the scope that an operation names (x-scope; ' +
      'without one no key is good for it), and acts for a person unless x-as-itself: X-Act-As is their id, or external: ' +
      'and their externalId (percent-encoded where it is not ASCII).',
  },
}

const PARAMETERS = {
  Once: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'For 24 hours the same key and request give the same answer (Idempotency-Replayed: true), and do nothing twice.',
    schema: Type.String({ pattern: '^[\\x21-\\x7e]{1,200}$' }),
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The ETag that was seen; 412 where it is another by now.',
    schema: Type.String(),
  },
}

export interface Operation {
  parameters?: readonly object[]
  responses: Readonly<Record<string, object>>
  [more: string]: unknown
}
export type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>

/** Says once which parameters and answers several operations have. @returns the paths with references, and what they refer to */
export function nameRepeated(paths: Paths): {
  paths: object
  parameters: Record<string, object>
  responses: Record<string, object>
} {
  const all = Object.values(paths).flatMap((operations) => Object.values(operations))
  const parameters = new Repeated(
    'parameters',
    all.flatMap(({ parameters = [] }) => parameters),
  )
  const responses = new Repeated(
    'responses',
    all.flatMap(({ responses }) => Object.values(responses)),
  )
  const refer = (operation: Operation): object => ({
    ...operation,
    ...(operation.parameters && { parameters: operation.parameters.map((each) => parameters.refer(each)) }),
    responses: mapValues(operation.responses, (each) => responses.refer(each)),
  })
  return {
    paths: mapValues(paths, (operations) => mapValues(operations, refer)),
    parameters: parameters.named,
    responses: responses.named,
  }
}

/** What stands in several places, under a name for each. */
class Repeated {
  readonly #kind: string
  readonly #names = new Map<string, string>()
  readonly named: Record<string, object> = {}

  constructor(kind: 'parameters' | 'responses', all: readonly object[]) {
    this.#kind = kind
    const seen = new Set<string>()
    for (const each of all.filter((one) => !('$ref' in one))) {
      const text = JSON.stringify(each)
      if (seen.has(text) && !this.#names.has(text)) this.#add(text, each)
      seen.add(text)
    }
  }

  #add(text: string, it: object): void {
    const word = 'name' in it ? String(it.name) : 'Ok'
    const others = Object.keys(this.named).filter((each) => each.replace(/\d+$/, '') === word).length
    const name = `${word}${others > 0 ? others + 1 : ''}`
    this.#names.set(text, name)
    this.named[name] = it
  }

  refer(it: object): object {
    const name = this.#names.get(JSON.stringify(it))
    return name === undefined ? it : { $ref: `#/components/${this.#kind}/${name}` }
  }
}

function mapValues<T, R>(object: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]))
}

const header = (description: string) => ({ description, schema: Type.String() })

const ANY_REFUSAL = {
  description: 'A problem.',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}

/** @param used the shapes and refusals that the operations refer to */
export function openApiComponents(used: {
  schemas: Record<string, unknown>
  responses: Record<string, object>
  parameters: Record<string, object>
}): object {
  return {
    securitySchemes: SECURITY_SCHEMES,
    schemas: { Problem, ...used.schemas },
    headers: Object.fromEntries(
      Object.entries(HEADERS).map(([name, description]) => [name, header(description)]),
    ),
    parameters: { ...PARAMETERS, ...used.parameters },
    responses: { ...used.responses, Problem: ANY_REFUSAL },
  }
}
