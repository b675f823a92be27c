// OpenAPI 3.1 out of the routes' own declarations: what is printed is what validates.
// Promise: every parameter, body, reply, header and refusal of a route. Its codes are those that can come of such a route and
// those that it declares; tests refuse any other. What is no route stands in openapi-others.ts; examples in openapi-examples.ts.

import { EXAMPLES_PATH } from './openapi-examples.ts'
import {
  declaredFieldsOf,
  hasFields,
  needsBody,
  operationNameOf,
  takesKey,
  takesVersion,
} from './openapi-kinds.ts'
import { NamedShapes } from './named-shapes.ts'
import { OTHER_OPERATIONS, OTHER_TAGS } from './openapi-others.ts'
import { nameRepeated, openApiComponents, TAGS, type Operation } from './openapi-parts.ts'
import { codesOf, NamedRefusals } from './openapi-refusals.ts'
import { nameRepeatedSchemas } from './repeated-schemas.ts'
import type { Route } from './route.ts'
import { MEANINGS_OF_NAMES, withoutEmptyDescriptions } from './said-by-names.ts'
import { VERSION } from '../../shared/kit/process/version.ts'

/** The same routes under a second name, which its tag tells in one sentence. */
const ALIASES: readonly string[] = ['support']

export const isDocumented = (route: Pick<Route, 'tag'>): boolean => !ALIASES.includes(route.tag)

interface Writing {
  shapes: NamedShapes
  refusals: NamedRefusals
}

const beginWriting = (): Writing => ({
  shapes: new NamedShapes(),
  refusals: new NamedRefusals(),
})

const ref = (kind: 'headers' | 'parameters' | 'responses', name: string): object => ({
  $ref: `#/components/${kind}/${name}`,
})

/** What is true of all operations. */
const ABOUT =
  'Keys may be spelled in camelCase or snake_case; the answer uses the spelling that was asked in ' +
  '(`?keys=snake` for a GET; a message then also carries chat_room_id, type, file_url, file_name, file_size, ' +
  'updated_at, and its sender first_name and last_name). ' +
  'Every answer carries X-Request-Id, RateLimit (what is left of the quota, and for how many seconds) and ' +
  'RateLimit-Policy. A list says X-Total-Count (up to 1000, where it is counted; X-Has-More: true above) and, by ' +
  'Link (RFC 8288), where the next page begins: follow it, and nothing is shown twice or left out because the ' +
  'list moves. A filter shows only what has that value; q looks for a part, with accents or without. ' +
  'Fields that a request does not name here are refused; an answer may gain some. Texts that have ' +
  'a length are not blank; times of day are HH:mm. An operation is for everybody who is signed in, unless it says ' +
  'for whom. Optional fields take null for absent. ' +
  MEANINGS_OF_NAMES +
  'Errors are RFC 9457 problem objects, whose `type` leads to a page about their code; beside what an operation ' +
  'names, 500 (internal) and 503 (unavailable) come of any. ' +
  'A thing of another organisation answers 404, exactly as one that does not exist. ' +
  `What each operation was asked and answered once stands in ${EXAMPLES_PATH} (x-examples), by operationId.`

export function openApiDocument(all: readonly Route[]): object {
  const routes = all.filter(isDocumented)
  const writing = beginWriting()
  const operations = { ...pathsOf(writing, routes), ...OTHER_OPERATIONS }
  const { paths: referring, schemas } = nameRepeatedSchemas(
    withoutEmptyDescriptions(operations),
    withoutEmptyDescriptions(writing.shapes.used()),
  )
  const { paths, parameters, responses } = nameRepeated(referring)
  const tags = [...new Set(routes.map((route) => route.tag)), ...OTHER_TAGS]
  return {
    openapi: '3.1.0',
    info: {
      title: 'Bellhop',
      version: VERSION,
      license: { name: 'MIT', identifier: 'MIT' },
      description: ABOUT,
    },
    'x-examples': EXAMPLES_PATH,
    servers: [{ url: '/api/v1', description: 'The same routes answer under /api and under /.' }],
    security: [{ accessToken: [] }, { apiKey: [] }],
    tags: [...new Set(tags)].map((name) => ({ name, ...(TAGS[name] && { description: TAGS[name] }) })),
    paths,
    components: openApiComponents({
      schemas,
      responses: { ...writing.refusals.used(), ...responses },
      parameters,
    }),
  }
}

function pathsOf(writing: Writing, routes: readonly Route[]): Record<string, Record<string, Operation>> {
  const paths: Record<string, Record<string, Operation>> = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: operationOf(writing, route) }
  }
  return paths
}

function operationOf(writing: Writing, route: Route): Operation {
  const { body } = route.schemas
  const parameters = parametersOf(writing, route)
  return {
    tags: [route.tag],
    summary: route.summary,
    operationId: operationNameOf(route),
    ...whoMayCall(route),
    ...(parameters.length > 0 && { parameters }),
    ...(body &&
      hasFields(body) && {
        requestBody: {
          required: needsBody(body),
          content: contentOf(writing, route),
        },
      }),
    responses: {
      [route.status]: successOf(writing, route),
      '4XX': writing.refusals.refer(codesOf(route)),
    },
  }
}

function contentOf(
  { shapes }: Writing,
  { upload, takesText, schemas: { body } }: Route,
): Record<string, object> {
  if (takesText.length > 0)
    return Object.fromEntries(takesText.map((type) => [type, { schema: { type: 'string' } }]))
  return { [upload ? 'multipart/form-data' : 'application/json']: { schema: body && shapes.refer(body) } }
}

/** For people who are signed in and programs with a key, unless said. */
function whoMayCall({ access, scope, asItself }: Route): object {
  if (access === 'open') return { security: [] }
  return {
    ...(access === 'api-key' && { security: [{ apiKey: [] }] }),
    ...(scope === undefined && { security: [{ accessToken: [] }] }),
    ...(scope !== undefined && { 'x-scope': scope }),
    ...(asItself && { 'x-as-itself': true }),
    ...(Array.isArray(access) && { 'x-roles': access }),
  }
}

function parametersOf(writing: Writing, route: Route): object[] {
  const written = (of: 'params' | 'query') =>
    declaredFieldsOf(route.schemas[of]).map(({ schema: { description: _, ...schema }, ...field }) => ({
      ...field,
      schema: writing.shapes.refer(schema as typeof route.schemas.params),
    }))
  return [
    ...written('params').map((field) => ({ ...field, in: 'path', required: true })),
    ...written('query').map((field) => ({ ...field, in: 'query' })),
    ...(takesVersion(route) ? [ref('parameters', 'IfMatch')] : []),
    ...(takesKey(route) ? [ref('parameters', 'Once')] : []),
  ]
}

function successOf({ shapes }: Writing, route: Route): object {
  const isDownload = route.kind === 'download'
  const isBytes = isDownload || route.kind === 'stream'
  const names = [
    ...(route.etag ? ['ETag' as const] : []),
    ...(route.location ? ['Location' as const] : []),
    ...(route.isFollowed ? ['X-Cursor' as const] : []),
    ...(isBytes ? ['Content-Disposition'] : []),
    ...(isDownload ? ['ETag', 'Accept-Ranges'] : []),
  ]
  return {
    // Of a list, of what was made or changed: the shape and the status say that.
    description: route.status === 202 ? 'It has begun.' : 'OK',
    ...(names.length > 0 && {
      headers: Object.fromEntries(names.map((name) => [name, ref('headers', name)])),
    }),
    content: { [isBytes ? '*/*' : 'application/json']: { schema: shapes.refer(route.schemas.reply) } },
  }
}
