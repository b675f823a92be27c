// Files at the addresses that were made for showing them (shared/files/address.ts): no token, and as harmless as any download.

import { Router } from 'express'
import { readFileAddress } from '../../shared/files/address.ts'
import { notFound } from '../../shared/kit/declare/errors.ts'
import { readingOf, type Reading } from '../../shared/kit/store/change.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { findActiveActor, findAddressee } from '../../shared/users/queries.ts'
import { sendDownload, type Download } from '../http/download.ts'
import type { RequestLimits } from '../http/rate-limit.ts'
import { downloadFor } from '../routes/files.ts'
import { countRequests, orUnknownPage } from './link-pages.ts'

export function shownFilesRouter(runtime: Runtime, limits: RequestLimits): Router {
  const router = Router({ caseSensitive: true })
  router.use(countRequests(limits))
  router.get('/:id', async (req, res) => {
    const found: { file?: Download } = {}
    await orUnknownPage(runtime, res, async () => {
      found.file = await readShown(readingOf(runtime), req.params.id, req.query)
    })
    // Its bytes take as long as they take: not within the share of the connections.
    if (found.file) await sendDownload(runtime, { ...found.file, isEmbedded: true }, req, res)
  })
  return router
}

/** @throws AppError 404, also once whoever it is for left or may not read it any more */
async function readShown(
  reading: Reading,
  fileId: string,
  query: Readonly<Record<string, unknown>>,
): Promise<Download> {
  const userId = readFileAddress(reading.config, fileId, query, reading.now)
  const person = userId === undefined ? undefined : await findAddressee(reading.db, userId)
  const actor = person && (await findActiveActor(reading.db, person.orgId, person.id))
  if (!actor) throw notFound('File')
  return downloadFor(reading, actor, fileId)
}
