// Reads of files for doors and higher domains. Removed files are not there. Always within one organisation.

import type { Reading } from '../kit/store/change.ts'
import { notFound } from '../kit/declare/errors.ts'
import { attachmentOf } from './rules.ts'
import type { Attachment, FileRow } from './schema.ts'
import { FILE_COLUMNS } from './table.ts'

/** @throws AppError 404, the same for an unknown, a removed and a foreign one */
export async function getFile({ db }: Pick<Reading, 'db'>, orgId: string, id: string): Promise<FileRow> {
  const file: FileRow | undefined = await db('files')
    .where({ orgId, id })
    .whereNull('removedAt')
    .first(FILE_COLUMNS)
  if (!file) throw notFound('File')
  return file
}

/** @returns by message, each list in the order in which its message took them; messages without files are not in it */
export async function listAttachmentsOf(
  { db }: Pick<Reading, 'db'>,
  orgId: string,
  messageIds: readonly string[],
): Promise<ReadonlyMap<string, Attachment[]>> {
  const files: (FileRow & { messageId: string })[] = await db('files')
    .where({ orgId })
    .whereIn('messageId', messageIds)
    .whereNull('removedAt')
    .orderBy(['messageId', 'position'])
    .select(FILE_COLUMNS)
  const found = new Map<string, Attachment[]>()
  for (const file of files)
    found.set(file.messageId, [...(found.get(file.messageId) ?? []), attachmentOf(file)])
  return found
}
