// What the queue board shows and does. ADMINs may retry, promote, pause and resume; SUPERVISORs look.
// All else is refused, because the row in `jobs` is the truth: a job that is removed from Redis is shipped again by the
// reconciler, and nobody looks at data that is edited there. What was done stands in the audit, what was refused in the log.

import { AsyncLocalStorage } from 'node:async_hooks'
import { createBullBoard } from '@bull-board/api'
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import type { AppViewRoute, BoardHooks, HookContext } from '@bull-board/api/typings/app'
import { ExpressAdapter } from '@bull-board/express'
import type { Express, NextFunction, Request, Response } from 'express'
import { recordAudit } from '../../shared/audit/actions.ts'
import type { AuditAction } from '../../shared/audit/sentences.ts'
import { makeChange, type Origin } from '../../shared/kit/store/change.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import { BOARD_PATH } from './session.ts'
import { redactPayload } from '../../shared/kit/text/redact.ts'
import { originOf } from '../http/origin.ts'

interface BoardRequest {
  actor: Actor
  origin: Origin
}

/** By the route that Bull Board itself chose, so that no path can mean one thing here and another there. */
const DEEDS: Readonly<Record<string, AuditAction>> = {
  'put /api/queues/:queueName/:jobId/retry': 'queue_job_retried',
  'put /api/queues/:queueName/retry/:queueStatus': 'queue_jobs_retried',
  'put /api/queues/:queueName/:jobId/promote': 'queue_job_promoted',
  'put /api/queues/:queueName/promote': 'queue_jobs_promoted',
  'put /api/queues/:queueName/pause': 'queue_paused',
  'put /api/queues/:queueName/resume': 'queue_resumed',
  'put /api/queues/pause': 'queues_paused',
  'put /api/queues/resume': 'queues_resumed',
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i

export function boardQueues(
  runtime: Runtime,
): (actor: Actor, req: Request, res: Response, next: NextFunction) => void {
  const visits = new AsyncLocalStorage<BoardRequest>()
  const hooks = hooksFor(runtime, visits)
  const [full, readOnly] = [openBoard(runtime, hooks, false), openBoard(runtime, hooks, true)]
  return (actor, req, res, next) => {
    const board = actor.role === 'ADMIN' ? full : readOnly
    visits.run({ actor, origin: originOf(req) }, () => board(req, res, next))
  }
}

function openBoard(runtime: Runtime, handlerHooks: BoardHooks, readOnlyMode: boolean): Express {
  // A variable, because the adapter's own type forgets the last one.
  const may = { readOnlyMode, allowRetries: !readOnlyMode, allowCompletedRetries: false }
  const queues = runtime.queues.all.map((queue) => {
    const adapter = new BullMQAdapter(queue, may)
    for (const field of ['data', 'returnValue', 'progress'] as const)
      adapter.setFormatter(field, redactPayload)
    return adapter
  })
  const serverAdapter = new Dressed()
  serverAdapter.setBasePath(BOARD_PATH)
  createBullBoard({
    queues,
    serverAdapter,
    options: {
      handlerHooks,
      uiConfig: {
        boardTitle: 'Bellhop queues',
        hideDocsLink: true,
        miscLinks: [{ text: 'Sign out', url: `${BOARD_PATH}/sign-out` }],
        ...(readOnlyMode && { environment: { label: 'read-only', color: '#475569', textColor: '#ffffff' } }),
      },
    },
  })
  serverAdapter.setErrorHandler((error) => {
    runtime.log.error({ err: error }, 'the queue board failed')
    return { status: 500, body: { error: { key: 'ERRORS.INTERNAL_SERVER_ERROR' } } }
  })
  const app: Express = serverAdapter.getRouter()
  return app.disable('x-powered-by')
}

/** For Bull Board's page: hide what would be refused, and leave once signed out. */
const OURS = '<link href="pages/board.css" rel="stylesheet"><script src="pages/board.js"></script>'
const WEB_FONT = /<link href="https:[^>]*>/g

/** Bull Board's page without its web font and with what is ours. */
class Dressed extends ExpressAdapter {
  override setEntryRoute({ route, handler }: AppViewRoute): this {
    this.app.get(route, (_req, res, next) => {
      const { name, params } = handler({ basePath: this.basePath, uiConfig: this.uiConfig })
      this.app.render(name, params, (error: Error | null, html: string) => {
        if (error) return next(error)
        res.type('html').send(html.replaceAll(WEB_FONT, '').replace('</head>', `${OURS}</head>`))
      })
    })
    return this
  }
}

function hooksFor(runtime: Runtime, visits: AsyncLocalStorage<BoardRequest>): BoardHooks {
  return {
    before(context) {
      if (context.method === 'get' || mayDo(visits.getStore()?.actor, context)) return
      runtime.log.warn(
        {
          ...visits.getStore()?.origin,
          by: visits.getStore()?.actor.id,
          asked: nameOf(context),
          ...subjectOf(context),
        },
        'refused at the queue board',
      )
      return {
        allow: false,
        status: 403,
        message:
          'Jobs are kept in the database: here they can be retried, promoted, paused and resumed by ADMINs, nothing else.',
      }
    },
    async after(context, result) {
      const visit = visits.getStore()
      const action = DEEDS[nameOf(context)]
      if (visit && action && (result.status ?? 200) < 400) await keepRecord(runtime, visit, action, context)
      return result
    },
  }
}

function mayDo(actor: Actor | undefined, context: HookContext): boolean {
  if (actor?.role !== 'ADMIN' || !DEEDS[nameOf(context)]) return false
  const status: unknown = context.request.params['queueStatus']
  return status === undefined || status === 'failed'
}

async function keepRecord(
  runtime: Runtime,
  { actor, origin }: BoardRequest,
  action: AuditAction,
  context: HookContext,
): Promise<void> {
  const { queue, jobId } = subjectOf(context)
  await makeChange(runtime, origin, async (change) =>
    recordAudit(change, {
      orgId: actor.orgId,
      actorId: actor.id,
      action,
      entity: jobId ? 'job' : 'queue',
      ...(jobId && UUID.test(jobId) && { entityId: jobId }),
      metadata: { ...(queue && { queue }) },
    }),
  )
}

const nameOf = ({ method, route }: HookContext): string => `${method} ${route}`

function subjectOf({ request }: HookContext): { queue?: string; jobId?: string } {
  const { queueName, jobId }: { queueName?: unknown; jobId?: unknown } = request.params
  return {
    ...(queueName !== undefined && { queue: String(queueName) }),
    ...(jobId !== undefined && { jobId: String(jobId) }),
  }
}
