// A path that exists, asked with a method that it does not have; and OPTIONS, which asks for the ones that it has.

import type { RequestHandler } from 'express'
import { AppError } from '../../shared/kit/declare/errors.ts'
import type { Route } from './route.ts'

/** For the end of a router: whatever gets here, no route took. @throws AppError 405 */
export function refuseOtherMethods(routes: readonly Pick<Route, 'method' | 'path'>[]): RequestHandler {
  const paths = routes.map(({ method, path }) => ({
    method: method.toUpperCase(),
    shape: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}/?$`),
  }))
  return (req, res, next) => {
    const methods = new Set(paths.filter(({ shape }) => shape.test(req.path)).map(({ method }) => method))
    if (methods.size === 0) return next()
    if (methods.has('GET')) methods.add('HEAD')
    res.set('Allow', [...methods, 'OPTIONS'].join(', '))
    if (req.method !== 'OPTIONS')
      throw new AppError(
        405,
        'method_not_allowed',
        `${req.method} is not possible here, only ${[...methods].join(', ')}`,
      )
    res.status(204).end()
  }
}
