// Lists answer an array; how to go on stands in the headers (RFC 8288).

import type { Request } from 'express'
import type { ListPage } from './route.ts'

export function pageHeaders(req: Request, page: ListPage<unknown>): Record<string, string> {
  const counted = page.total !== undefined && { 'X-Total-Count': String(page.total) }
  if (page.next !== undefined)
    return {
      ...counted,
      ...(page.next !== null && {
        Link: link(req, typeof page.next === 'string' ? { cursor: page.next } : page.next, 'next'),
      }),
    }
  const limit = Number(req.query['limit'] ?? 50)
  const offset =
    req.query['page'] === undefined
      ? Number(req.query['offset'] ?? 0)
      : (Number(req.query['page']) - 1) * limit
  const links: string[] = []
  const more =
    page.total === undefined ? page.items.length === limit : offset + page.items.length < page.total
  if (more) links.push(link(req, { offset: offset + limit }, 'next'))
  if (offset > 0) links.push(link(req, { offset: Math.max(0, offset - limit) }, 'prev'))
  return {
    ...counted,
    ...(links.length > 0 && { Link: links.join(', ') }),
  }
}

function link(req: Request, where: Readonly<Record<string, string | number>>, rel: string): string {
  const [path = '', query = ''] = req.originalUrl.split('?')
  const params = new URLSearchParams(query)
  for (const name of ['page', 'offset']) params.delete(name)
  for (const [name, value] of Object.entries(where)) params.set(name, String(value))
  return `<${path}?${params}>; rel="${rel}"`
}
