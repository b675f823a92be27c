// Keys may come as camelCase or snake_case; the answer uses the spelling that was asked in. Nothing else knows of it.

import type { RequestHandler } from 'express'
import { camel, snake } from '../../shared/kit/db.ts'

export type KeyStyle = 'camel' | 'snake'

declare module 'express-serve-static-core' {
  interface Request {
    keyStyle: KeyStyle
    requestId: string
    /** Where it comes from, as far as it can be known. */
    address: string
  }
}

/** What stands under these keys was named by somebody else. */
const OPAQUE = new Set(['attributes', 'metadata', 'data', 'payload'])

/** A body with any key_like_this, or ?keys=snake, asks for snake_case. */
export const keyStyle: RequestHandler = (req, _res, next) => {
  req.keyStyle = req.query['keys'] === 'snake' || hasSnakeKey(req.body) ? 'snake' : 'camel'
  next()
}

function hasSnakeKey(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasSnakeKey)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, inner]) => key.includes('_') || (!OPAQUE.has(key) && hasSnakeKey(inner)))
}

/** Input as the house spells it. */
export function respell(value: unknown, style: KeyStyle): unknown {
  return style === 'snake' ? mapKeys(value, camel) : value
}

/** An answer as the client spells it. */
export function respellBack(value: unknown, style: KeyStyle): unknown {
  return style === 'snake' ? mapKeys(value, snake) : value
}

function mapKeys(value: unknown, spell: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => mapKeys(each, spell))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [spell(key), OPAQUE.has(key) ? inner : mapKeys(inner, spell)]))
}
