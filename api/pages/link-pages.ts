// What the pages share that links in mails lead to: nobody is signed in, so requests count against their address, and
// whatever is wrong with a link, it leads to one and the same page.

import type { RequestHandler, Response } from 'express'
import { AppError } from '../../shared/kit/declare/errors.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { PLAIN_CSP, plainPage } from './plain-page.ts'
import type { RequestLimits } from '../http/rate-limit.ts'

export const countRequests =
  (limits: RequestLimits): RequestHandler =>
  async (req, res, next) => {
    await limits.countRequest(req, res)
    next()
  }

export function showPlain(res: Response, status: number, page: string): void {
  res.status(status).set('Content-Security-Policy', PLAIN_CSP).type('html').send(page)
}

/** A stranger's link, somebody who left, a delegation taken back. All of them have one share of the connections. */
export async function orUnknownPage(
  runtime: Runtime,
  res: Response,
  work: () => Promise<void>,
  page = unknownLinkPage(),
): Promise<void> {
  try {
    await runtime.shares.hold({ part: 'links' }, work)
  } catch (error) {
    if (!(error instanceof AppError) || (error.status !== 404 && error.status !== 403)) throw error
    runtime.metrics.refusals.inc({ code: error.code })
    showPlain(res, 404, page)
  }
}

/** Whoever opens it may be a stranger: it says nothing, in both languages. */
function unknownLinkPage(): string {
  return plainPage(
    { lang: 'vi', title: 'Bellhop', styles: '/decisions/pages' },
    `
    <section>
      <h1>Liên kết không dùng được</h1>
      <p>Liên kết này không đúng hoặc không còn hiệu lực. Hãy mở ứng dụng để xem các yêu cầu chờ bạn.</p>
      <p lang="en">This link is not valid, or not any more. Please open the app to see what waits for you.</p>
    </section>`,
  )
}
