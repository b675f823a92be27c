// What answers beside the declared routes: the stream of events, the pages of processes, and the pages that mails lead to.

import { choice, shape, Type, type TSchema } from '../../shared/kit/declare/schema.ts'
import { DECISIONS } from '../../shared/approvals/schema.ts'
import type { Operation } from './openapi-parts.ts'

const PROBLEM = { $ref: '#/components/responses/Problem' }
const AT_THE_ROOT = { servers: [{ url: '/' }] }

export const OTHER_TAGS = ['events', 'realtime', 'decisions', 'operations']

interface Written {
  tag: string
  summary: string
  description: string
  operationId: string
  security?: object[]
  servers?: object[]
  parameters?: object[]
  requestBody?: object
  answer: object
  others?: Record<string, object>
}

interface NamedOperation extends Operation {
  operationId: string
  /** Where it is not below the base path. */
  servers?: object[]
}

function operation({ tag, answer, others = {}, security = [], ...rest }: Written): NamedOperation {
  const written = { tags: [tag], security, ...rest, responses: { 200: answer, '4XX': PROBLEM, ...others } }
  return written
}

const answerOf = (type: string, schema: TSchema, description = 'The answer.'): object => ({
  description,
  content: { [type]: { schema } },
})
const queryOf = (name: string, description: string, required = false): object => ({
  name,
  in: 'query',
  required,
  description,
  schema: Type.String(),
})

const EVENT_STREAM = operation({
  tag: 'events',
  summary: 'What happens, as server-sent events',
  description: 'For everybody who is signed in. See docs/PROTOCOL.md and /asyncapi.json.',
  operationId: 'getEventsStream',
  security: [{ accessToken: [] }, {}],
  parameters: [
    queryOf('ticket', 'Instead of a token: of POST /auth/socket-ticket.'),
    {
      name: 'Last-Event-ID',
      in: 'header',
      description: 'What happened since is told first.',
      schema: Type.String(),
    },
  ],
  answer: answerOf('text/event-stream', Type.String(), 'A stream that does not end.'),
})

const counts = (description: string) => Type.Record(Type.String(), Type.Number(), { description })

const REALTIME_STATS = operation({
  tag: 'realtime',
  summary: 'How a realtime node is doing',
  description: 'For ADMINs of the organisation that operates the installation.',
  operationId: 'getRealtimeStats',
  security: [{ accessToken: [] }],
  answer: answerOf(
    'application/json',
    Type.Object({
      node: Type.String({ description: 'Node.' }),
      sockets: Type.Integer({ description: 'Sockets.' }),
      memory: Type.Unknown({ description: 'What its replay buffers hold.' }),
      partitions: Type.Unknown({ description: 'From and to which number each is remembered.' }),
      resumes: counts('By outcome.'),
      closes: counts('By reason.'),
      lag: shape({
        events: Type.Number({ description: 'How many events.' }),
        meanSeconds: Type.Number({ description: 'From what happened to its frame.' }),
      }),
      silentPartitions: Type.Unknown({ description: 'Partitions of which no heartbeat comes.' }),
    }),
  ),
})

const HTML = answerOf('text/html', Type.String(), 'A page for people.')
const LINK = 'The link of the mail.'

const DECISION_PAGE = {
  get: operation({
    tag: 'decisions',
    summary: 'The page on which a request is decided',
    description: "For whoever has a mail's link. It only shows: mail scanners open every link.",
    operationId: 'getDecisions',
    parameters: [queryOf('link', LINK, true)],
    answer: HTML,
    ...AT_THE_ROOT,
  }),
  post: operation({
    tag: 'decisions',
    summary: 'Decide by the page',
    description: "For whoever has a mail's link.",
    operationId: 'postDecisions',
    requestBody: {
      required: true,
      content: {
        'application/x-www-form-urlencoded': {
          schema: shape({
            link: Type.String({ description: LINK }),
            decision: choice(DECISIONS, 'Decision.'),
            notes: Type.Optional(Type.String({ maxLength: 2000, description: 'Why; a rejection needs it.' })),
          }),
        },
      },
    },
    answer: HTML,
    ...AT_THE_ROOT,
    others: {
      303: { description: 'Decided: back to the page.' },
      400: { ...HTML, description: 'A rejection without a reason.' },
      409: { ...HTML, description: 'Decided before: the page says how.' },
    },
  }),
}

const TAKE_SESSION = operation({
  tag: 'auth',
  summary: 'Take the session of a sign-in with an issuer',
  description: 'For our page that the browser came back to, by its cookie, once and within a minute.',
  operationId: 'postAuthOidcSession',
  answer: answerOf(
    'application/json',
    Type.Object({ accessToken: Type.String(), refreshToken: Type.String() }),
  ),
  ...AT_THE_ROOT,
})

function operationsPage(
  path: string,
  summary: string,
  answer: object,
  others: Record<string, object> = {},
): { get: NamedOperation } {
  return {
    get: operation({
      tag: 'operations',
      summary,
      description: 'For operators, on the port of each process.',
      operationId: `get${path.charAt(0).toUpperCase()}${path.slice(1)}`,
      answer,
      others,
      ...AT_THE_ROOT,
    }),
  }
}

const Readiness = shape({
  ready: Type.Boolean(),
  checks: Type.Record(Type.String(), Type.String(), { description: 'ok, or what is wrong.' }),
  warnings: Type.Array(Type.String(), { description: 'To be looked at all the same.' }),
})
const readiness = (description: string): object => answerOf('application/json', Readiness, description)

/** Path → its operations. */
export const OTHER_OPERATIONS: Readonly<Record<string, Readonly<Record<string, NamedOperation>>>> = {
  '/events/stream': { get: EVENT_STREAM },
  '/realtime/stats': { get: REALTIME_STATS },
  '/decisions': DECISION_PAGE,
  '/auth/oidc/session': { post: TAKE_SESSION },
  '/livez': operationsPage(
    'livez',
    'Does the process answer',
    answerOf('application/json', shape({ status: Type.Literal('ok') })),
  ),
  '/readyz': operationsPage('readyz', 'Is the process fit to serve', readiness('It is.'), {
    503: readiness('It is not.'),
  }),
  '/version': operationsPage(
    'version',
    'Which Bellhop and which Node it is',
    answerOf('application/json', shape({ version: Type.String(), node: Type.String() })),
  ),
  '/metrics': operationsPage(
    'metrics',
    'For Prometheus; where METRICS_TOKEN is set, Authorization: Bearer brings it',
    answerOf('text/plain', Type.String()),
    { 401: { description: 'The token is missing or wrong.' } },
  ),
}
