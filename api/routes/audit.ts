import { listAudit } from '../../shared/audit/queries.ts'
import { AuditFilter, AuditRow } from '../../shared/audit/schema.ts'
import { keysetList, type Route } from '../http/route.ts'

export const auditRoutes: Route[] = [
  keysetList('/audit/logs', {
    summary: 'What happened in the organisation, newest first', access: ['ADMIN'], query: AuditFilter, item: AuditRow,
    handle: ({ db }, { query, actor }) => listAudit(db, actor.orgId, 'all', query),
  }),
  keysetList('/chat/audit/logs', {
    summary: 'What happened in chat rooms, newest first; not what was said', access: ['ADMIN'], query: AuditFilter, item: AuditRow,
    handle: ({ db }, { query, actor }) => listAudit(db, actor.orgId, 'chat', query),
  }),
]
