// A file that came over a socket goes where uploads go (POST /chat/attachments); a message takes it by its id.

import { randomUUID } from 'node:crypto'
import { countUpload, discardUpload, insertFile, storeUpload } from '../../shared/files/actions.ts'
import type { Attachment } from '../../shared/files/schema.ts'
import { makeChange, readingOf } from '../../shared/kit/store/change.ts'
import { malformed } from '../../shared/kit/declare/errors.ts'
import { isBlank } from '../../shared/kit/text/text.ts'
import type { CommandContext } from '../session/chat-commands.ts'

/** @returns the file, and when it was stored. @throws AppError 400, 413, 503 */
export async function storeFile(
  { context: { runtime }, client, actor }: CommandContext,
  { name, bytes }: { name: unknown; bytes: unknown },
): Promise<Attachment & { uploadedAt: Date }> {
  if (typeof name !== 'string' || isBlank(name))
    throw malformed([{ path: '/data/filename', message: 'must be a name' }])
  if (!(bytes instanceof Uint8Array)) throw malformed([{ path: '/data/file', message: 'must be binary' }])
  await countUpload(runtime.limiter, actor, bytes.length)
  const stored = await storeUpload(readingOf(runtime), actor, { name, source: inParts(bytes) })
  try {
    return await makeChange(
      runtime,
      { requestId: randomUUID(), ip: client.connection.address },
      async (change) => ({ ...(await insertFile(change, actor, stored)), uploadedAt: change.now }),
    )
  } catch (error) {
    await discardUpload(runtime, stored).catch((lost: unknown) =>
      runtime.log.warn({ err: lost }, 'bytes of a refused upload stay in the storage'),
    )
    throw error
  }
}

async function* inParts(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536)
}
