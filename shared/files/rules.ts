// What a file may be called, what it is by its content, and how it may be shown. Pure.

import { makeStorable } from '../kit/text/storable.ts'
import { isBlank } from '../kit/text/text.ts'
import { ATTACHMENT, type Attachment, type FileKind, type FileRow } from './schema.ts'

const UNKNOWN_TYPE = 'application/octet-stream'

/** What browsers draw without running anything of it. SVG is no such thing. */
const SHOWN_INLINE: readonly string[] = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'application/pdf',
]

const OFFICE =
  /^application\/(pdf|rtf|epub\+zip|msword|vnd\.(openxmlformats-officedocument|oasis\.opendocument|ms-(excel|powerpoint|word))\b.*)$/

/** @param contentType by content; undefined: not known, as with HTML, SVG and plain text */
export function kindOf(contentType: string | undefined): FileKind {
  if (contentType === undefined) return 'file'
  if (OFFICE.test(contentType) || contentType === 'text/plain') return 'document'
  if (/^image\/(?!svg)/.test(contentType)) return 'image'
  if (contentType.startsWith('audio/')) return 'audio'
  return contentType.startsWith('video/') ? 'video' : 'file'
}

/** XML, executables, fonts and the like are for programs; a browser that is handed them shall not know what they are. */
export function contentTypeOf(detected: string | undefined): string {
  return detected === undefined || (kindOf(detected) === 'file' && detected !== 'application/zip')
    ? UNKNOWN_TYPE
    : detected
}

export function isShownInline(contentType: string): boolean {
  return SHOWN_INLINE.includes(contentType)
}

/** C0, C1, line separators, and the marks that turn the direction of writing: "gpj.exe" could read "exe.jpg". */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}\uFEFF]/gu

/** @param given as the client wrote it, in any form */
export function cleanName(given: string): string {
  // Browsers write a quotation mark in a form's file name as %22.
  const last = given.normalize('NFC').replaceAll('%22', '"').split(/[/\\]/).at(-1) ?? ''
  const clean = makeStorable(last.replaceAll(UNSEEN, '').trim())
  return isBlank(clean) || /^\.*$/.test(clean) ? 'file' : shorten(clean)
}

/** Keeps the ending, by which people and programs know what it is. */
function shorten(name: string): string {
  const letters = [...name]
  if (letters.length <= ATTACHMENT.nameLength) return name
  const ending = [...(/\.[^.\s]{1,15}$/.exec(name)?.[0] ?? '')]
  return [...letters.slice(0, ATTACHMENT.nameLength - ending.length), ...ending].join('')
}

export function attachmentOf({
  id,
  name,
  contentType,
  kind,
  size,
}: Pick<FileRow, 'id' | 'name' | 'contentType' | 'kind' | 'size'>): Attachment {
  return { id, name, contentType, kind, size, url: `/api/v1/files/${id}` }
}

/** Two organisations never share a folder; two digits of the id keep folders small. */
export function storageKeyOf(orgId: string, id: string): string {
  return `${orgId}/${id.slice(0, 2)}/${id}`
}
