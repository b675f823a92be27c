// The table of contents of the HTTP API.

import type { PulseReader } from '../http/pulse.ts'
import type { RequestLimits } from '../http/rate-limit.ts'
import type { Route } from '../http/route.ts'
import { approvalRoutes } from './approvals.ts'
import { auditRoutes } from './audit.ts'
import { authRoutes } from './auth.ts'
import { bookingRoutes } from './bookings.ts'
import { calendarRoutes } from './calendars.ts'
import { chatRoutes } from './chat.ts'
import { conversationRoutes } from './conversations.ts'
import { figureRoutes } from './figures.ts'
import { fileRoutes } from './files.ts'
import { faqRoutes } from './faqs.ts'
import { inboxRoutes } from './inbox.ts'
import { integrationRoutes } from './integrations.ts'
import { issuerRoutes } from './issuers.ts'
import { notificationRoutes } from './notifications.ts'
import { operationRoutes } from './operations.ts'
import { receiptRoutes } from './receipts.ts'
import { resourceRoutes } from './resources.ts'
import { searchRoutes } from './search.ts'
import { secondFactorRoutes } from './second-factor.ts'
import { supportRoutes } from './support.ts'
import { userRoutes } from './users.ts'
import { webhookRoutes } from './webhooks.ts'

export function allRoutes(limits: RequestLimits, readPulse: PulseReader): Route[] {
  return [
    ...authRoutes(limits),
    ...secondFactorRoutes(limits),
    ...userRoutes,
    ...issuerRoutes,
    ...resourceRoutes,
    ...bookingRoutes,
    ...figureRoutes,
    ...calendarRoutes,
    ...approvalRoutes,
    ...inboxRoutes,
    ...faqRoutes,
    ...chatRoutes,
    ...receiptRoutes,
    ...conversationRoutes,
    ...searchRoutes,
    ...supportRoutes,
    ...notificationRoutes,
    ...webhookRoutes,
    ...fileRoutes,
    ...integrationRoutes,
    ...auditRoutes,
    ...operationRoutes(readPulse),
  ]
}

/** For whoever reads what is declared, and calls none of them. */
export const declaredRoutes = (): Route[] =>
  allRoutes(
    {
      countRequest: async () => undefined,
      countForwarded: async () => undefined,
      beginSignIn: async () => ({ follow: (signIn) => signIn() }),
    },
    async () => {
      throw new Error('Nothing is measured here.')
    },
  )
