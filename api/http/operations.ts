// The operations of the API by name: what the client package calls.

import { isDocumented } from './openapi.ts'
import { operationNameOf } from './openapi-kinds.ts'
import { OTHER_OPERATIONS } from './openapi-others.ts'
import type { Route } from './route.ts'

/** Of those that the document does not send to the root. */
const API = '/api/v1'

/** @returns method and path of each, from the root on, e.g. `post /api/v1/bookings/{id}/cancel` */
export function operationsOf(routes: readonly Route[]): Readonly<Record<string, string>> {
  const declared = routes
    .filter(isDocumented)
    .map((route) => [
      operationNameOf(route),
      `${route.method} ${API}${route.path.replaceAll(/:(\w+)/g, '{$1}')}`,
    ])
  const others = Object.entries(OTHER_OPERATIONS).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, servers }]) => [
      operationId,
      `${method} ${servers ? '' : API}${path}`,
    ]),
  )
  return Object.fromEntries([...declared, ...others])
}
