// Pages of other origins may call the API only when CORS_ORIGINS names them. Tokens travel in a header, never in a cookie.

import type { RequestHandler } from 'express'

const EXPOSED =
  'Accept-Ranges, Content-Disposition, Content-Range, ETag, Link, Location, RateLimit, RateLimit-Policy, ' +
  'Retry-After, X-Cursor, X-Request-Id, X-Total-Count, X-Has-More, Idempotency-Replayed'

export function crossOrigin(origins: readonly string[]): RequestHandler {
  return (req, res, next) => {
    const origin = req.get('origin')
    res.vary('Origin')
    if (!origin || !origins.includes(origin)) return next()
    res.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': EXPOSED })
    if (req.method !== 'OPTIONS') return next()
    res
      .set({
        'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE',
        'Access-Control-Allow-Headers':
          'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, If-Range, Range, X-Request-Id, Last-Event-ID',
        'Access-Control-Max-Age': '600',
      })
      .status(204)
      .end()
  }
}
