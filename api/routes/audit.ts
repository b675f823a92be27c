import { AuditFilter, AuditRow, AuditVerdict } from '../../shared/audit/schema.ts'
import { verifyChainAfter } from '../../shared/audit/verify.ts'
import { fetchExport, orderExport, streamExport } from '../../shared/exports/actions.ts'
import { retryExport } from '../../shared/exports/actions/make.ts'
import { getExport } from '../../shared/exports/queries.ts'
import { Export, ExportQuery, ExportRequest } from '../../shared/exports/schema.ts'
import { id, shape, Type } from '../../shared/kit/declare/schema.ts'
import { readAudit } from '../../shared/users/audit-descriptions.ts'
import type { Route } from '../http/route.ts'
import { PAGE_NUMBER, atPage, download, keysetList, read, stream, write } from '../http/route-builders.ts'

const access = ['ADMIN'] as const
const filter = shape({ ...AuditFilter.properties, page: PAGE_NUMBER })
const ById = shape({ id: id('Export.') })

export const auditRoutes: Route[] = [
  keysetList('/audit/logs', {
    scope: 'audit:read',
    asItself: true,
    summary: 'What happened in the organisation, newest first',
    access,
    query: filter,
    item: AuditRow,
    handle: ({ db }, { query, caller }) => readAudit(db, caller, 'all', atPage({ ...query, offset: 0 })),
  }),
  keysetList('/chat/audit/logs', {
    scope: 'audit:read',
    asItself: true,
    summary: 'What happened in chat rooms, newest first; not what was said',
    access,
    query: filter,
    item: AuditRow,
    handle: ({ db }, { query, caller }) => readAudit(db, caller, 'chat', atPage({ ...query, offset: 0 })),
  }),
  read('/audit/verify', {
    scope: 'audit:read',
    asItself: true,
    summary: 'Whether the audit is as sealed, some 5,000 rows at a time',
    access,
    query: shape({
      after: Type.Integer({ minimum: 0, default: 0, description: 'As `next` of the part before.' }),
    }),
    reply: AuditVerdict,
    handle: ({ db }, { query, caller }) => verifyChainAfter(db, caller.orgId, query.after),
  }),
  stream('/audit/export', {
    scope: 'audit:read',
    summary: 'All that happened up to now, as a file, oldest first',
    access,
    query: ExportQuery,
    handle: (change, { query, caller }) => streamExport(change, caller, 'all', query),
  }),
  stream('/chat/audit/export', {
    scope: 'audit:read',
    summary: 'All that happened in chat rooms up to now, as a file; not what was said',
    access,
    query: ExportQuery,
    handle: (change, { query, caller }) => streamExport(change, caller, 'chat', query),
  }),
  write('post', '/audit/exports', {
    scope: 'audit:read',
    summary: 'Write it in the background; export.progress tells how far it is',
    access,
    body: ExportRequest,
    reply: Export,
    status: 202,
    location: ({ id }) => `/audit/exports/${id}`,
    handle: (change, { body, caller }) => orderExport(change, caller, body),
  }),
  read('/audit/exports/:id', {
    scope: 'audit:read',
    summary: 'How far an export is, and where to fetch it',
    access,
    params: ById,
    reply: Export,
    handle: (reading, { params, caller }) => getExport(reading, caller.orgId, params.id),
  }),
  write('post', '/audit/exports/:id/retry', {
    scope: 'audit:read',
    summary: 'Begin an export again that failed',
    access,
    params: ById,
    reply: Export,
    status: 202,
    location: ({ id }) => `/audit/exports/${id}`,
    handle: (change, { params, caller }) => retryExport(change, caller, params.id),
  }),
  download('/audit/exports/:id/file', {
    summary: 'An export, for whoever has its link, until it expires',
    access: 'open',
    params: ById,
    query: shape({
      token: Type.String({ minLength: 1, maxLength: 100, description: 'As the link says it.' }),
    }),
    handle: async (reading, { params, query }) => ({
      ...(await fetchExport(reading, params.id, query.token)),
      isInline: false,
    }),
  }),
]
