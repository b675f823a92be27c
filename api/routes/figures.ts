import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { FigureQuestion, Figures, getFigures, writeFigures } from '../../shared/bookings/figures.ts'
import { STAFF_ROLES } from '../../shared/organisations/roles.ts'
import type { Route } from '../http/route.ts'
import { download, read } from '../http/route-builders.ts'

export const figureRoutes: Route[] = [
  read('/figures', {
    scope: 'bookings:read',
    asItself: true,
    summary: 'Times of decisions, use of vehicles and drivers, reasons of cancellations',
    access: STAFF_ROLES,
    query: FigureQuestion,
    reply: Figures,
    refuses: ['invalid'],
    handle: (reading, { query, caller }) => getFigures(reading, caller.orgId, query),
  }),
  download('/figures/csv', {
    scope: 'bookings:read',
    summary: 'The same for spreadsheets, a figure on each line',
    access: STAFF_ROLES,
    query: FigureQuestion,
    refuses: ['invalid'],
    handle: async (reading, { query, caller }) => {
      const table = writeFigures(await getFigures(reading, caller.orgId, query))
      return {
        name: `figures-${query.from.slice(0, 10)}-${query.to.slice(0, 10)}.csv`,
        contentType: 'text/csv; charset=utf-8',
        isInline: false,
        size: table.length,
        digest: createHash('sha256').update(table).digest('base64url'),
        open: async (range) => Readable.from([range ? table.subarray(range.start, range.end + 1) : table]),
      }
    },
  }),
]
