// Keys may come as camelCase or snake_case; the answer uses the spelling that was asked in. Nothing else knows of it.

import type { Request } from 'express'
import { toCamelCase, toSnakeCase } from '../../shared/kit/store/db.ts'

type KeyStyle = 'camel' | 'snake'

declare module 'express-serve-static-core' {
  interface Request {
    keyStyle: KeyStyle
    requestId: string
    /** Who asks, as soon as it is known: for the log. */
    askedBy?: { userId: string | undefined; orgId: string; keyId: string | undefined }
    /** Where it comes from, as far as it can be known. */
    address: string
  }
}

/** What stands under these keys was named by somebody else. */
const OPAQUE = new Set(['attributes', 'metadata', 'data', 'payload', 'roleMap', 'role_map'])

/** A body with any key_like_this, or ?keys=snake, asks for snake_case. */
export function styleOf(req: Request): KeyStyle {
  return req.query['keys'] === 'snake' || hasSnakeKey(req.body) ? 'snake' : 'camel'
}

function hasSnakeKey(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasSnakeKey)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(
    ([key, inner]) => key.includes('_') || (!OPAQUE.has(key) && hasSnakeKey(inner)),
  )
}

/** Input as the code spells it. */
export function respellKeys(value: unknown, style: KeyStyle): unknown {
  return style === 'snake' ? mapKeys(value, toCamelCase) : value
}

/** An answer as the client spells it. */
export function respellKeysBack(value: unknown, style: KeyStyle): unknown {
  return style === 'snake' ? mapKeys(value, toSnakeCase) : value
}

function mapKeys(value: unknown, spell: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((each) => mapKeys(each, spell))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      spell(key),
      OPAQUE.has(key) ? inner : mapKeys(inner, spell),
    ]),
  )
}

/** Where a problem is, in the names that its sender used: a pointer whose first part is `body` or `query`. */
export function keysAsSent(
  sent: { body?: unknown; query: unknown },
  style: KeyStyle,
): (path: string) => string {
  const names = new Map<object, Map<string, string>>()
  const nameIn = (node: unknown, name: string): string => {
    if (typeof node !== 'object' || node === null || Object.hasOwn(node, name)) return name
    const known = names.get(node) ?? new Map(Object.keys(node).map((key) => [toCamelCase(key), key]))
    names.set(node, known)
    return known.get(name) ?? (style === 'snake' ? toSnakeCase(name) : name)
  }
  return (path) => {
    const [, root = '', ...parts] = path.split('/')
    let node: unknown = root === 'body' ? sent.body : root === 'query' ? sent.query : undefined
    const spelled = parts.map((part) => {
      const name = nameIn(node, part)
      node = typeof node === 'object' && node !== null ? Reflect.get(node, name) : undefined
      return name
    })
    return ['', root, ...spelled].join('/')
  }
}
