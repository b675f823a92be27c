// Every job has exactly one handler, or the process does not start.

import { declaredJobs, type JobDeclaration } from '../../shared/kit/declare/job.ts'
import { approvalHandlers } from './approvals.ts'
import { auditHandlers } from './audit.ts'
import { bookingHandlers } from './bookings.ts'
import { chatHandlers } from './chat.ts'
import type { AnyHandler } from './handler.ts'
import { inboxHandlers } from './inbox.ts'
import { integrationHandlers } from './integrations.ts'
import { maintenanceHandlers } from './maintenance.ts'
import { notificationHandlers } from './notifications.ts'
import { peopleHandlers } from './people.ts'
import { supportHandlers } from './support.ts'

export const HANDLERS: readonly AnyHandler[] = [
  ...bookingHandlers,
  ...approvalHandlers,
  ...chatHandlers,
  ...inboxHandlers,
  ...supportHandlers,
  ...integrationHandlers,
  ...notificationHandlers,
  ...peopleHandlers,
  ...auditHandlers,
  ...maintenanceHandlers,
]

/** @throws Error naming each job without a handler and each with two */
export function handlersByName(
  handlers: readonly AnyHandler[] = HANDLERS,
  jobs: readonly JobDeclaration<unknown>[] = declaredJobs(),
): ReadonlyMap<string, AnyHandler> {
  const problems = jobs.flatMap(({ name }) => {
    const count = handlers.filter((handler) => handler.job.name === name).length
    if (count === 1) return []
    return [count === 0 ? `The job ${name} has no handler.` : `The job ${name} has ${count} handlers.`]
  })
  if (problems.length > 0) throw new Error(problems.join(' '))
  return new Map(handlers.map((handler) => [handler.job.name, handler]))
}
