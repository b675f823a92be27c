// OpenAPI 3.1 out of the routes' own declarations: what is printed is what validates.
// Promise: every parameter, body, reply and header that a route takes or gives. Not promised: which of the refusals a rule
// in a domain really uses; the ones listed are those that can come of such a route.

import type { TObject, TSchema } from '../../shared/kit/declare/schema.ts'
import { openApiComponents, TAGS } from './openapi-parts.ts'
import type { Route } from './route.ts'
import { VERSION } from '../../shared/kit/process/version.ts'

const ref = (kind: 'headers' | 'parameters' | 'responses', name: string): object => ({
  $ref: `#/components/${kind}/${name}`,
})

export function openApiDocument(routes: readonly Route[]): object {
  const tags = [...new Set(routes.map((route) => route.tag))]
  return {
    openapi: '3.1.0',
    info: {
      title: 'Bellhop',
      version: VERSION,
      description:
        'Keys may be spelled in camelCase or snake_case; the answer uses the spelling that was asked in. ' +
        'Errors are RFC 9457 problem objects. ' +
        'A thing of another organisation answers 404, exactly as one that does not exist.',
    },
    servers: [{ url: '/api/v1', description: 'The same routes answer under /api and under /.' }],
    tags: tags.map((name) => ({ name, ...(TAGS[name] && { description: TAGS[name] }) })),
    paths: pathsOf(routes),
    components: openApiComponents(),
  }
}

function pathsOf(routes: readonly Route[]): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method]: operationOf(route) }
  }
  return paths
}

function operationOf(route: Route): object {
  const parameters = parametersOf(route)
  return {
    tags: [route.tag],
    summary: route.summary,
    description: whoMayCall(route),
    operationId: nameOf(route),
    security: securityOf(route),
    ...(Array.isArray(route.access) && { 'x-roles': route.access }),
    parameters,
    ...(route.schemas.body &&
      hasFields(route.schemas.body) && {
        requestBody: {
          required: needsBody(route.schemas.body),
          content: contentOf(route),
        },
      }),
    responses: {
      [route.status]: successOf(route),
      ...refusalsOf(route),
      default: ref('responses', 'Problem'),
    },
  }
}

function contentOf({ upload, takesText, schemas: { body } }: Route): object {
  if (takesText.length > 0)
    return Object.fromEntries(takesText.map((type) => [type, { schema: { type: 'string' } }]))
  return { [upload ? 'multipart/form-data' : 'application/json']: { schema: body } }
}

function securityOf({ access, scope }: Route): object[] {
  if (access === 'open') return []
  return [...(access === 'api-key' ? [] : [{ accessToken: [] }]), ...(scope ? [{ apiKey: [scope] }] : [])]
}

function whoMayCall({ access, scope, asItself }: Route): string {
  if (access === 'open') return 'For everybody.'
  if (access === 'api-key') return `For other programs, by a key with the scope ${scope}.`
  const people = access === 'signed-in' ? 'For everybody who is signed in.' : `For ${access.join(', ')}.`
  if (scope === undefined) return `${people} No key is good for it.`
  return `${people} Programs need a key with the scope ${scope}${asItself ? '.' : ', and act for a person (X-Act-As).'}`
}

/** getBookingsById, postBookingsByIdCancel: unique, because a method and a path are. */
function nameOf(route: Route): string {
  const words = route.path
    .split(/[/-]/)
    .filter(Boolean)
    .map((part) => (part.startsWith(':') ? `by-${part.slice(1)}` : part))
  return [
    route.method,
    ...words
      .join('-')
      .split('-')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1)),
  ].join('')
}

function parametersOf(route: Route): object[] {
  return [
    ...fieldsOf(route.schemas.params).map((field) => ({ ...field, in: 'path', required: true })),
    ...fieldsOf(route.schemas.query).map((field) => ({ ...field, in: 'query' })),
    ref('parameters', 'Keys'),
    ...(takesVersion(route) ? [ref('parameters', 'IfMatch')] : []),
    ...(takesKey(route) ? [ref('parameters', 'IdempotencyKey')] : []),
    ...(route.scope && route.access !== 'api-key' ? [ref('parameters', 'ActAs')] : []),
  ]
}

function fieldsOf(
  schema: TSchema,
): { name: string; required: boolean; description: string; schema: TSchema }[] {
  const { properties, required = [] } = schema as TObject
  return Object.entries(properties).map(([name, field]) => ({
    name,
    required: required.includes(name),
    description: field.description ?? '',
    schema: field,
  }))
}

/** A body that takes no field is not worth printing; one whose fields are all optional may be left out. */
const hasFields = (body: TSchema): boolean =>
  Object.keys((body as TObject).properties ?? { any: true }).length > 0
const needsBody = (body: TSchema): boolean =>
  ((body as TObject).required?.length ?? 1) > 0 || body['minProperties'] > 0
const hasParams = (route: Route): boolean => fieldsOf(route.schemas.params).length > 0
/** What is only being made has none. */
const takesVersion = (route: Route): boolean =>
  route.kind === 'write' && route.etag !== undefined && (route.method !== 'post' || hasParams(route))
const isWrite = ({ kind }: Route): boolean => kind === 'write' || kind === 'upload'
const takesKey = (route: Route): boolean => isWrite(route) && route.idempotent && route.access !== 'open'

function successOf(route: Route): object {
  const isDownload = route.kind === 'download'
  const isBytes = isDownload || route.kind === 'stream'
  const names = [
    'X-Request-Id',
    'RateLimit',
    'RateLimit-Policy',
    ...(route.etag ? ['ETag' as const] : []),
    ...(route.location ? ['Location' as const] : []),
    ...(route.isFollowed ? ['X-Cursor' as const] : []),
    ...(route.kind === 'list' ? ['X-Total-Count', 'X-Has-More', 'Link'] : []),
    ...(takesKey(route) ? ['Idempotency-Replayed'] : []),
    ...(isBytes ? ['Content-Disposition'] : []),
    ...(isDownload ? ['ETag', 'Accept-Ranges'] : []),
  ]
  return {
    description:
      route.kind === 'list'
        ? 'A page of the list.'
        : route.status === 202
          ? 'It has begun.'
          : route.status === 201
            ? 'What was made or changed.'
            : 'The answer.',
    headers: Object.fromEntries(names.map((name) => [name, ref('headers', name)])),
    content: { [isBytes ? '*/*' : 'application/json']: { schema: route.schemas.reply } },
  }
}

function refusalsOf(route: Route): object {
  const isChange = isWrite(route)
  const isUpload = route.kind === 'upload'
  const isOpen = route.access === 'open'
  const possible: Record<string, boolean> = {
    400: true,
    401: !isOpen || isChange,
    403: Array.isArray(route.access) || (isChange && !isOpen),
    404: hasParams(route) || (isChange && isOpen),
    408: isUpload,
    409: isChange && !isOpen && !isUpload,
    412: takesVersion(route),
    413: isUpload,
    415: isUpload,
    416: route.kind === 'download',
    422: isChange && !isOpen,
    429: true,
    503: isUpload || route.kind === 'download',
  }
  return Object.fromEntries(
    Object.keys(possible)
      .filter((status) => possible[status])
      .map((status) => [status, ref('responses', status)]),
  )
}
