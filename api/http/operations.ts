// The operations of the API by name: what the client package calls.

import { isDocumented } from './openapi.ts'
import { operationNameOf } from './openapi-kinds.ts'
import { OTHER_OPERATIONS } from './openapi-others.ts'
import type { Route } from './route.ts'

/** @returns method and path of each, e.g. `post /bookings/{id}/cancel` */
export function operationsOf(routes: readonly Route[]): Readonly<Record<string, string>> {
  const declared = routes
    .filter(isDocumented)
    .map((route) => [operationNameOf(route), `${route.method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`])
  const others = Object.entries(OTHER_OPERATIONS).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => [operationId, `${method} ${path}`]),
  )
  return Object.fromEntries([...declared, ...others])
}
