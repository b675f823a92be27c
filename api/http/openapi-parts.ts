// What every route shares, written once and referred to by openapi.ts: headers, parameters, refusals, the problem object.

import { PROBLEM_CODES, PROBLEMS_PATH } from '../../shared/kit/declare/problem-codes.ts'
import { Type, shape } from '../../shared/kit/declare/schema.ts'

export const TAGS: Readonly<Record<string, string>> = {
  auth: 'Signing in and out, sessions, tickets for sockets.',
  users: 'People of the organisation.',
  organisation: 'The organisation and its policies.',
  resources: 'What bookings are about: vehicles, stations, properties.',
  bookings: 'From the request to the completed trip.',
  approvals: 'Who decides, until when, and in whose place.',
  supports: 'Support tickets; /support is another name for the same.',
  support: 'The same as /supports.',
  notifications: 'What people were told, how they want to be told, and what became of each delivery.',
  webhooks:
    "Where an organisation's own systems hear of notifications, and its gateways for text messages and calls.",
  files: 'What people uploaded.',
  'api-keys': 'Keys of other programs.',
  events: 'What other programs tell.',
  audit: 'What happened, kept so that it cannot be changed.',
}

const Problem = shape(
  {
    type: Type.String({
      format: 'uri-reference',
      description: `A page about the code: ${PROBLEMS_PATH}/ and the code.`,
    }),
    title: Type.String({ description: 'Name of the status.' }),
    status: Type.Integer({ description: 'HTTP status.' }),
    code: Type.String({
      description: `What went wrong, for programs; new ones may come. ${Object.entries(PROBLEM_CODES)
        .map(([code, about]) => `\`${code}\`: ${about}`)
        .join(' ')}`,
    }),
    detail: Type.String({ description: 'What went wrong, for people.' }),
    message: Type.String({ description: 'The same as detail.' }),
    errors: Type.Optional(
      Type.Array(
        shape({
          path: Type.String({
            description: 'Where, as a JSON pointer into the request, e.g. /body/scheduledDate.',
          }),
          message: Type.String({ description: 'What is wrong there.' }),
        }),
        { description: 'Every problem of a malformed request at once.' },
      ),
    ),
    requestId: Type.Optional(Type.String({ description: 'As in X-Request-Id and in our logs.' })),
  },
  { description: 'RFC 9457.' },
)

const REFUSALS = {
  400: 'The request is malformed: every problem is listed.',
  401: 'No valid credentials.',
  403: 'Known, but not allowed.',
  404: 'There is no such thing for you.',
  409: 'It contradicts what is there now.',
  408: 'The upload stood still for too long.',
  412: 'It was changed since the version in If-Match.',
  413: 'The body, or the file, is larger than the limit.',
  415: 'The body is of another media type than the one that is taken here, or encoded in a way that is not supported.',
  416: 'The range lies outside of the file; Content-Range says how large it is.',
  422: 'Well formed, but against a rule; or the Idempotency-Key was used with another request.',
  429: 'Too many requests; Retry-After says when to try again.',
  503: 'Too many uploads at once, or the storage does not answer; Retry-After says when to try again.',
} as const

const HEADERS = {
  'X-Request-Id': 'As it was given, or made up; it stands in our logs and in the audit.',
  RateLimit: 'What is left of the quota and for how many seconds: "default";r=1180;t=42.',
  'RateLimit-Policy': 'The quota: "default";q=1200;w=60.',
  ETag: 'The version, for If-Match.',
  Location: 'Where to look how far it is, and what became of it.',
  'X-Cursor': 'Where the event log stood before this was read: follow live from there.',
  'X-Total-Count': 'How many there are over all pages, up to 1000; absent where it is not counted.',
  'X-Has-More': 'true: there are more than 1000 over all pages.',
  Link:
    'The next page (RFC 8288): follow it, and nothing is shown twice or left out because the list moves. ' +
    'Where pages are counted, also the previous one.',
  'Idempotency-Replayed': 'true when this is the answer to an earlier request with the same Idempotency-Key.',
  'Content-Disposition':
    'inline for PNG, JPEG, GIF, WebP, AVIF and PDF, attachment for everything else; with the name of the file.',
  'Accept-Ranges': 'bytes: a request may ask for one Range, and gets 206.',
  'Retry-After': 'Seconds after which another try makes sense.',
} as const

const SECURITY_SCHEMES = {
  accessToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The access token of POST /auth/login.',
  },
  apiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'A key of POST /api-keys, bh_…; Authorization: Bearer takes it, too.',
  },
}

const PARAMETERS = {
  Keys: {
    name: 'keys',
    in: 'query',
    description:
      'Spelling of the keys in the answer. In snake_case a message also carries chat_room_id, type, ' +
      'file_url, file_name, file_size, updated_at, and its sender first_name and last_name.',
    schema: { type: 'string', enum: ['camel', 'snake'], default: 'camel' },
  },
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'The same key and request give the same answer for 24 hours, so that a retry does nothing twice.',
    schema: Type.String({ pattern: '^[\\x21-\\x7e]{1,200}$' }),
  },
  ActAs: {
    name: 'X-Act-As',
    in: 'header',
    description:
      'From programs whose key has the scope act-as: the id of the person for whom it acts, or external: and what they ' +
      'are called in the system that they come from (percent-encoded where it is not ASCII).',
    schema: Type.String(),
  },
  IfMatch: {
    name: 'If-Match',
    in: 'header',
    description: 'The ETag that was seen: refused with 412 when it has another by now.',
    schema: Type.String(),
  },
}

const header = (description: string) => ({ description, schema: Type.String() })

export function openApiComponents(): object {
  return {
    securitySchemes: SECURITY_SCHEMES,
    schemas: { Problem },
    headers: Object.fromEntries(
      Object.entries(HEADERS).map(([name, description]) => [name, header(description)]),
    ),
    parameters: PARAMETERS,
    responses: {
      ...Object.fromEntries(
        Object.entries(REFUSALS).map(([status, description]) => [
          status,
          refusal(description, ['429', '503'].includes(status)),
        ]),
      ),
      Problem: refusal('Any other problem.', true),
    },
  }
}

function refusal(description: string, mayRetry: boolean): object {
  const names = ['X-Request-Id', ...(mayRetry ? ['Retry-After'] : [])]
  return {
    description,
    headers: Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
}
