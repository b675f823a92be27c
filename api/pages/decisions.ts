// Decisions by the link in a mail. GET and HEAD only show, for mail scanners open every link; a POST decides.
// The link stands in the query, which no log of ours writes down. Mounted before the API's body parser, as the board is.

import express, { Router, type Request, type Response } from 'express'
import { decideByLink, readByLink } from '../../shared/approvals/actions/by-link.ts'
import { DECISIONS } from '../../shared/approvals/schema.ts'
import { makeChange, makeReading } from '../../shared/kit/store/change.ts'
import { AppError, notFound } from '../../shared/kit/declare/errors.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { choice, compileSchema, note, Type } from '../../shared/kit/declare/schema.ts'
import { readSignedId } from '../../shared/kit/outside/signature.ts'
import { isBlank, mustBeKeepable } from '../../shared/kit/text/text.ts'
import { decisionPage, DECISIONS_PATH } from './decision-pages.ts'
import { countRequests, orUnknownPage, showPlain } from './link-pages.ts'
import { plainStyles } from './plain-page.ts'
import type { RequestLimits } from '../http/rate-limit.ts'
import { originOf } from '../http/origin.ts'

/** Browsers send the lines of a text with CRLF. */
const checkForm = compileSchema(
  Type.Object({
    link: Type.String({ maxLength: 200 }),
    decision: choice(DECISIONS, 'What is decided.'),
    notes: Type.Optional(note('Why.', 2000)),
    version: Type.Optional(Type.String({ pattern: '^\\d{1,9}$', description: 'Of what the page showed.' })),
  }),
)

export function decisionRouter(runtime: Runtime, limits: RequestLimits): Router {
  const router = Router({ caseSensitive: true })
  router.use('/pages', plainStyles)
  router.use(countRequests(limits))
  router.get('/', async (req, res) => {
    const link = String(req.query['link'] ?? '')
    await orUnknownPage(runtime, res, async () =>
      showPlain(
        res,
        200,
        decisionPage(await makeReading(runtime, (reading) => readByLink(reading, idOf(runtime, link))), link),
      ),
    )
  })
  router.post('/', express.urlencoded({ extended: false, limit: '16kb' }), async (req, res) => {
    await orUnknownPage(runtime, res, () => decide(runtime, req, res))
  })
  return router
}

async function decide(runtime: Runtime, req: Request, res: Response): Promise<void> {
  mustBeKeepable(req.body, '/form')
  const { link, decision, notes = '', version } = checkForm(req.body, '/form')
  const id = idOf(runtime, link)
  const view = await makeReading(runtime, (reading) => readByLink(reading, id))
  if (!view.isOpen) return showPlain(res, 409, decisionPage(view, link))
  const isSeen = version === undefined || Number(version) === view.approval.version
  if (decision === 'reject' && isBlank(notes))
    return showPlain(res, 400, decisionPage(view, link, isSeen ? 'needsReason' : 'isChanged', notes))
  try {
    await makeChange(runtime, originOf(req), (change) =>
      decideByLink(change, id, {
        decision,
        notes: notes.replaceAll('\r\n', '\n'),
        version: version === undefined ? undefined : Number(version),
      }),
    )
    res.redirect(303, `${DECISIONS_PATH}?link=${encodeURIComponent(link)}`)
  } catch (error) {
    if (!(error instanceof AppError) || ![409, 412].includes(error.status)) throw error
    const now = await makeReading(runtime, (reading) => readByLink(reading, id))
    const problem = error.status === 412 ? 'isChanged' : undefined
    showPlain(res, error.status, decisionPage(now, link, problem, notes))
  }
}

function idOf({ config }: Runtime, link: string): string {
  const id = readSignedId(config, 'decisions', link)
  if (!id) throw notFound('Link')
  return id
}
