// Shapes of files: what people upload, and what messages then carry.

import { choice, id, instant, shape, Type, type Static } from '../kit/declare/schema.ts'
import { DAY } from '../kit/time/time.ts'

const FILE_KINDS = ['image', 'document', 'audio', 'video', 'file'] as const
export type FileKind = (typeof FILE_KINDS)[number]

export const ATTACHMENT = {
  /** More on one message is refused; the chat's own shapes use this number too. */
  perMessage: 10,
  /** Characters; what file systems take as a name. */
  nameLength: 255,
  /** A file that no message took within this time is removed: long enough to write the message, too short to store things here. */
  lifeWithoutMessage: DAY,
} as const

export const Attachment = shape({
  id: id('File; a message takes it by this.'),
  name: Type.String({
    maxLength: ATTACHMENT.nameLength,
    description: 'As uploaded, without folders and control characters.',
  }),
  contentType: Type.String({
    description: 'By its content, whatever its name; application/octet-stream: unknown.',
  }),
  kind: choice(FILE_KINDS, 'What to draw.'),
  size: Type.Integer({ minimum: 0, description: 'Bytes.' }),
  url: Type.String({ description: 'Read with an access token.' }),
})
export type Attachment = Static<typeof Attachment>

export const FileAddress = shape({
  url: Type.String({ description: "Below the API's origin; shows the file to whoever has it." }),
  expiresAt: instant('Or until the file goes, or you may no longer read it.'),
})
export type FileAddress = Static<typeof FileAddress>

/** What stands in the storage and nowhere else yet. */
export interface StoredUpload {
  id: string
  name: string
  contentType: string
  kind: FileKind
  size: number
  sha256: string
  storageKey: string
}

export interface FileRow extends StoredUpload {
  orgId: string
  uploaderId: string
  roomId: string | null
  messageId: string | null
  bookingId: string | null
  createdAt: Date
}

/** What takes files: a message, or what is written down at the hand-over of a trip. */
export type FileOwner = { roomId: string; messageId: string } | { bookingId: string }
