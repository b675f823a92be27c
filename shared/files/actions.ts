// The verbs of files. An upload has two parts: its bytes go to the storage while they arrive, outside of any transaction
// (storeUpload); then a change writes its row (insertFile). When that fails, discardUpload takes the bytes back.

import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { recordAudit } from '../audit/actions.ts'
import type { AuditAction } from '../audit/sentences.ts'
import type { Change, Reading } from '../kit/store/change.ts'
import { AppError, invalid, notFound } from '../kit/declare/errors.ts'
import { plusMs } from '../kit/time/time.ts'
import type { Actor } from '../organisations/roles.ts'
import { detectType, HEAD_BYTES, TAIL_BYTES } from './content.ts'
import { eraseFilesJob, sweepFilesJob } from './jobs.ts'
import { getFile } from './queries.ts'
import { attachmentOf, cleanName, contentTypeOf, kindOf, storageKeyOf } from './rules.ts'
import { ATTACHMENT, type Attachment, type FileOwner, type FileRow, type StoredUpload } from './schema.ts'
import { openStorage } from './storage/open.ts'
import type { ByteRange } from './storage/storage.ts'
import {
  deleteRows,
  hasRemoved,
  insertRow,
  lockRemoved,
  lockUnattached,
  markOrphansRemoved,
  markRemovedBy,
  markRemovedOf,
  setOwner,
} from './table.ts'

/** Rows in one transaction of the sweep. */
const BATCH = 100

type UploadSettings = Pick<Reading, 'config' | 'now'>

/**
 * Streams an upload to the storage. Of its content no more than its head, its tail and a chunk is ever in memory.
 * @throws AppError 413 as soon as it is too large, 503 when the storage is away, or what its source threw; nothing stays then
 */
export async function storeUpload(
  { config, now }: UploadSettings,
  actor: Actor,
  upload: { name: string; source: AsyncIterable<Uint8Array> },
): Promise<StoredUpload> {
  const id = randomUUID()
  const storageKey = storageKeyOf(actor.orgId, id)
  const seen: Seen = { head: [], tail: Buffer.alloc(0) }
  const kept = await openStorage(config).put(
    storageKey,
    watched(upload.source, config.MAX_FILE_SIZE, seen),
    now,
  )
  const detected = await detectType(Buffer.concat(seen.head), seen.tail)
  return {
    id,
    name: cleanName(upload.name),
    contentType: contentTypeOf(detected),
    kind: kindOf(detected),
    storageKey,
    ...kept,
  }
}

interface Seen {
  head: Uint8Array[]
  tail: Buffer
}

/** Lets the bytes pass, keeps copies of the first and of the last, and stops at the limit. */
async function* watched(
  source: AsyncIterable<Uint8Array>,
  limit: number,
  seen: Seen,
): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of source) {
    if (size < HEAD_BYTES) seen.head.push(Uint8Array.prototype.slice.call(chunk, 0, HEAD_BYTES - size))
    seen.tail = Buffer.concat([seen.tail, chunk]).subarray(-TAIL_BYTES)
    size += chunk.length
    if (size > limit) throw tooLarge(limit)
    yield chunk
  }
}

export function tooLarge(limit: number): AppError {
  return new AppError(413, 'too_large', `The file is larger than ${limit} bytes`)
}

export async function discardUpload(
  { config }: Pick<UploadSettings, 'config'>,
  { storageKey }: StoredUpload,
): Promise<void> {
  await openStorage(config).remove(storageKey)
}

/**
 * Before its bytes are taken, on every door. Identities of guests cost nothing, so that all guests of an
 * organisation are counted together as well. @throws AppError 429
 */
export async function countUpload(
  { count }: Pick<Reading, 'count'>,
  { id, orgId, role }: Actor,
  bytes: number,
): Promise<void> {
  if (role === 'GUEST') await count('upload-bytes.guest', id, bytes)
  else await count('upload-bytes.person', id, bytes)
  if (role === 'GUEST') await count('upload-bytes.guests', orgId, bytes)
  await count('upload-bytes.organisation', orgId, bytes)
}

/** Writes down what storeUpload kept. It is the uploader's alone until something takes it. */
export async function insertFile(change: Change, actor: Actor, stored: StoredUpload): Promise<Attachment> {
  await insertRow(change.db, { ...stored, orgId: actor.orgId, uploaderId: actor.id }, change.now)
  audit(change, { ...stored, orgId: actor.orgId }, 'file_uploaded', actor.id)
  return attachmentOf(stored)
}

/**
 * Gives the actor's own files to what takes them, in the given order.
 * @throws AppError 422 naming each that is not theirs, not there, or taken already; then none is taken
 */
export async function attachFiles(
  change: Change,
  actor: Actor,
  fileIds: readonly string[],
  owner: FileOwner,
): Promise<Attachment[]> {
  const ids = [...new Set(fileIds)]
  if (ids.length === 0) return []
  if (ids.length > ATTACHMENT.perMessage)
    throw invalid(`At most ${ATTACHMENT.perMessage} attachments are taken at once, not ${ids.length}`)
  const files = new Map(
    (await lockUnattached(change.db, { orgId: actor.orgId, uploaderId: actor.id }, ids)).map((file) => [
      file.id,
      file,
    ]),
  )
  const missing = ids.filter((id) => !files.has(id))
  if (missing.length > 0) throw invalid(`Not a file of yours that waits to be taken: ${missing.join(', ')}`)
  const taken = ids.flatMap((id) => files.get(id) ?? [])
  for (const [position, file] of taken.entries()) {
    await setOwner(change.db, file.id, owner, position)
    audit(change, file, 'file_shared', actor.id, { ...owner })
  }
  return taken.map(attachmentOf)
}

/** From here on nobody reads them; a job removes their bytes. */
export async function removeFilesOfMessage(
  change: Change,
  messageId: string,
  actorId?: string,
): Promise<void> {
  const removed = await markRemovedOf(change.db, messageId, change.now)
  for (const file of removed) audit(change, file, 'file_removed', actorId, { messageId })
  if (removed.length > 0) change.enqueue(eraseFilesJob, {})
}

/** All that somebody uploaded. */
export async function removeFilesOf(change: Change, orgId: string, uploaderId: string): Promise<void> {
  const removed = await markRemovedBy(change.db, orgId, uploaderId, change.now)
  for (const { id: entityId, size } of removed)
    recordAudit(change, { orgId, action: 'file_removed', entity: 'file', entityId, metadata: { size } })
  if (removed.length > 0) change.enqueue(eraseFilesJob, {})
}

/** Whether this person may read this file now. Asked at every single read. */
export type MayRead = (reading: Reading, actor: Actor, file: FileRow) => Promise<boolean>

interface OpenedFile {
  file: FileRow
  open: (range?: ByteRange) => Promise<Readable>
}

/** @throws AppError 404, the same for what is not there and for what the actor may not read */
export async function openFile(
  reading: Reading,
  actor: Actor,
  id: string,
  mayRead: MayRead,
): Promise<OpenedFile> {
  const file = await getFile(reading, actor.orgId, id)
  if (!(await mayRead(reading, actor, file))) throw notFound('File')
  return { file, open: (range) => openStorage(reading.config).get(file.storageKey, range) }
}

/** Marks what no message took in time. Bytes go in a change of their own, so that none goes whose mark is taken back. */
export async function sweepOrphans(change: Change): Promise<void> {
  const before = plusMs(change.now, -ATTACHMENT.lifeWithoutMessage)
  const orphans = await markOrphansRemoved(change.db, before, BATCH, change.now)
  for (const file of orphans) audit(change, file, 'file_removed')
  await openStorage(change.config).forgetUnfinished(before)
  if (await hasRemoved(change.db)) change.enqueue(eraseFilesJob, {})
  if (orphans.length === BATCH) change.enqueue(sweepFilesJob, {})
}

/** Bytes first: a row that stays leads to them again, a byte without a row is never found. */
export async function eraseRemoved(change: Change): Promise<void> {
  const storage = openStorage(change.config)
  const removed = await lockRemoved(change.db, BATCH)
  for (const { storageKey } of removed) await storage.remove(storageKey)
  await deleteRows(
    change.db,
    removed.map(({ id }) => id),
  )
  if (removed.length === BATCH) change.enqueue(eraseFilesJob, {})
}

function audit(
  change: Change,
  file: StoredUpload & Pick<FileRow, 'orgId'>,
  action: AuditAction,
  actorId?: string,
  metadata: Record<string, unknown> = {},
): void {
  recordAudit(change, {
    orgId: file.orgId,
    ...(actorId && { actorId }),
    action,
    entity: 'file',
    entityId: file.id,
    metadata: { ...metadata, contentType: file.contentType, size: file.size },
  })
}
