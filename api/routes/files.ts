import { maySeeBookingById } from '../../shared/bookings/queries.ts'
import { maySeeRoom } from '../../shared/chat/queries/members.ts'
import {
  discardUpload,
  insertFile,
  openFile,
  storeUpload,
  tooLarge,
  type MayRead,
} from '../../shared/files/actions.ts'
import { makeFileAddress } from '../../shared/files/address.ts'
import { isShownInline } from '../../shared/files/rules.ts'
import { Attachment, FileAddress } from '../../shared/files/schema.ts'
import { id, shape } from '../../shared/kit/declare/schema.ts'
import type { Reading } from '../../shared/kit/store/change.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import type { Download } from '../http/download.ts'
import type { Route } from '../http/route.ts'
import { download, read, upload } from '../http/route-builders.ts'

/** Asked at every read: whoever is in the room of its message, or may see its booking; until one took it, whoever uploaded it. */
const mayReadFile: MayRead = async ({ db, now }, caller, { roomId, bookingId, uploaderId }) => {
  if (roomId) return maySeeRoom(db, caller, roomId)
  return bookingId ? maySeeBookingById(db, caller, bookingId, now) : uploaderId === caller.id
}

/** @throws AppError 404 */
export async function downloadFor(reading: Reading, caller: Actor, fileId: string): Promise<Download> {
  const { file, open } = await openFile(reading, caller, fileId, mayReadFile)
  return {
    name: file.name,
    contentType: file.contentType,
    isInline: isShownInline(file.contentType),
    size: file.size,
    digest: file.sha256,
    open,
  }
}

const ById = shape({ id: id('File.') })

export const fileRoutes: Route[] = [
  upload('/chat/attachments', {
    scope: 'chat:write',
    summary: 'Upload a file for a message or hand-over; removed after 24 hours unless one takes it',
    reply: Attachment,
    limit: ({ MAX_FILE_SIZE }) => MAX_FILE_SIZE,
    tooLarge: ({ MAX_FILE_SIZE }) => tooLarge(MAX_FILE_SIZE),
    store: storeUpload,
    discard: discardUpload,
    sameness: ({ name, size, sha256 }) => ({ name, size, sha256 }),
    handle: (change, { body, caller }) => insertFile(change, caller, body),
  }),
  download('/files/:id', {
    scope: 'chat:read',
    summary: 'A file, for whoever may read its message or booking now',
    params: ById,
    handle: (reading, { params, caller }) => downloadFor(reading, caller, params.id),
  }),
  read('/files/:id/address', {
    scope: 'chat:read',
    summary: 'An address of the file for some minutes without a token, for <img> and links',
    params: ById,
    reply: FileAddress,
    handle: async (reading, { params, caller }) => {
      await openFile(reading, caller, params.id, mayReadFile)
      return makeFileAddress(reading.config, { fileId: params.id, userId: caller.id }, reading.now)
    },
  }),
]
