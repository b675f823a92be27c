// Lists answer an array; how to go on stands in the headers (RFC 8288).

import type { Request } from 'express'
import { MOST_COUNTED } from '../../shared/kit/store/keyset.ts'
import { MAX_OFFSET, type ListPage } from './route.ts'

export function pageHeaders(req: Request, page: ListPage<unknown>): Record<string, string> {
  const links = [...nextOf(req, page), ...previousOf(req, page)]
  return { ...countedOf(page), ...(links.length > 0 && { Link: links.join(', ') }) }
}

function countedOf({ total }: ListPage<unknown>): Record<string, string> {
  if (total === undefined) return {}
  return total > MOST_COUNTED ? { 'X-Has-More': 'true' } : { 'X-Total-Count': String(total) }
}

/** Who counts entries goes on counting, as far as that goes. */
function nextOf(req: Request, { next, counted }: ListPage<unknown>): string[] {
  if (next === null) return []
  if (counted && counted.offset > 0 && counted.offset + counted.limit <= MAX_OFFSET)
    return [link(req, { offset: counted.offset + counted.limit }, 'next')]
  return [link(req, typeof next === 'string' ? { cursor: next } : next, 'next')]
}

function previousOf(req: Request, { counted }: ListPage<unknown>): string[] {
  if (!counted || counted.offset === 0) return []
  return [link(req, { offset: Math.max(0, counted.offset - counted.limit) }, 'prev')]
}

function link(req: Request, where: Readonly<Record<string, string | number>>, rel: string): string {
  const [path = '', query = ''] = req.originalUrl.split('?')
  const params = new URLSearchParams(query)
  for (const name of ['page', 'offset']) params.delete(name)
  for (const [name, value] of Object.entries(where)) params.set(name, String(value))
  return `<${path}?${params}>; rel="${rel}"`
}
