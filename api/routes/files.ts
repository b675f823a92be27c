import { maySeeRoom } from '../../shared/chat/queries/members.ts'
import {
  discardUpload,
  insertFile,
  openFile,
  storeUpload,
  tooLarge,
  type MayRead,
} from '../../shared/files/actions.ts'
import { isShownInline } from '../../shared/files/rules.ts'
import { Attachment } from '../../shared/files/schema.ts'
import { id, shape } from '../../shared/kit/declare/schema.ts'
import type { Route } from '../http/route.ts'
import { download, upload } from '../http/route-builders.ts'

/** Asked at every read: whoever is in the room of its message now; until a message took it, whoever uploaded it. */
const mayReadFile: MayRead = async ({ db }, caller, { roomId, uploaderId }) =>
  roomId ? maySeeRoom(db, caller, roomId) : uploaderId === caller.id

export const fileRoutes: Route[] = [
  upload('/chat/attachments', {
    scope: 'chat:write',
    summary: 'Upload one file for a message; it is removed after 24 hours unless a message takes it',
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
    summary:
      'A file, for whoever may read its message now; images and PDF to be shown, everything else to be saved',
    params: shape({ id: id('File.') }),
    handle: async (reading, { params, caller }) => {
      const { file, open } = await openFile(reading, caller, params.id, mayReadFile)
      return {
        name: file.name,
        contentType: file.contentType,
        isInline: isShownInline(file.contentType),
        size: file.size,
        digest: file.sha256,
        open,
      }
    },
  }),
]
