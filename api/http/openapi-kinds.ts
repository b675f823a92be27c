// What the document has to know of a route, beside what it declares.

import type { TObject, TSchema } from '../../shared/kit/declare/schema.ts'
import type { Route } from './route.ts'

interface DeclaredField {
  name: string
  required?: true
  description: string
  schema: TSchema
}

/** One that has a default may be left out. */
export function declaredFieldsOf(schema: TSchema): DeclaredField[] {
  const { properties, required = [] } = schema as TObject
  return Object.entries(properties).map(([name, field]) => ({
    name,
    ...(required.includes(name) && field['default'] === undefined && { required: true }),
    description: field.description ?? '',
    schema: field,
  }))
}

/** A body that takes no field is not worth printing; one whose fields are all optional may be left out. */
export const hasFields = (body: TSchema): boolean =>
  Object.keys((body as TObject).properties ?? { any: true }).length > 0
export const needsBody = (body: TSchema): boolean =>
  ((body as TObject).required?.length ?? 1) > 0 || body['minProperties'] > 0
const hasParams = (route: Route): boolean => declaredFieldsOf(route.schemas.params).length > 0
/** A parameter or a filter says which thing is meant, and there may be none. */
export const namesThing = (route: Route): boolean =>
  hasParams(route) || declaredFieldsOf(route.schemas.query).some(({ schema }) => schema['format'] === 'uuid')
export const isWrite = ({ kind }: Route): boolean => kind === 'write' || kind === 'upload'
/** What is only being made has none. */
export const takesVersion = (route: Route): boolean =>
  route.kind === 'write' && route.etag !== undefined && (route.method !== 'post' || hasParams(route))
export const takesKey = (route: Route): boolean =>
  isWrite(route) && route.idempotent && route.access !== 'open'

/** getBookingsById, postBookingsByIdCancel: unique, because a method and a path are. */
export function operationNameOf({ method, path }: Pick<Route, 'method' | 'path'>): string {
  const words = path
    .split(/[/-]/)
    .filter(Boolean)
    .map((part) => (part.startsWith(':') ? `by-${part.slice(1)}` : part))
  return [
    method,
    ...words
      .join('-')
      .split('-')
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1)),
  ].join('')
}
