// What a file is, by its first bytes, and where they leave it open by its last. The only importer of file-type.

import { fileTypeFromBuffer } from 'file-type'

/** Enough for every format that we show or name. */
export const HEAD_BYTES = 4100
/** Enough for the table of contents of an office document, which stands at its end. */
export const TAIL_BYTES = 65_536

/** @returns its media type; undefined when it is none that is known by its bytes: text, HTML, SVG */
export async function detectType(head: Uint8Array, tail: Uint8Array = head): Promise<string | undefined> {
  if (isUtf16(head)) return 'text/plain'
  try {
    const type = (await fileTypeFromBuffer(head))?.mime
    return type === 'application/zip' ? (officeTypeIn(tail) ?? type) : type
  } catch {
    // What looks like a format and then is not well formed is unknown, not an error.
    return undefined
  }
}

/** Its byte order mark could also begin a sound; text has no control characters. */
function isUtf16(head: Uint8Array): boolean {
  const [first, second] = head
  const encoding =
    first === 0xff && second === 0xfe
      ? 'utf-16le'
      : first === 0xfe && second === 0xff
        ? 'utf-16be'
        : undefined
  if (!encoding || head.length < 4) return false
  const text = new TextDecoder(encoding).decode(head.subarray(0, head.length - (head.length % 2)))
  return !/(?![\t\r\n\f])\p{Cc}|\p{Cn}|\ufffd(?!$)/u.test(text)
}

const OFFICE_TYPES = [
  ['word/document', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  ['xl/workbook', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['ppt/presentation', 'application/vnd.openxmlformats-officedocument.presentationml.presentation'],
] as const

/** Writers put the parts of a document into any order: what it is, the names of all of them say. One with macros is only an archive. */
function officeTypeIn(tail: Uint8Array): string | undefined {
  const names = namesIn(Buffer.from(tail))
  if (!names.includes('[Content_Types].xml') || names.some((name) => name.endsWith('vbaProject.bin')))
    return undefined
  return OFFICE_TYPES.find(([part]) => names.some((name) => name.startsWith(part)))?.[1]
}

const ENTRY = Buffer.from('PK\u0001\u0002', 'latin1')
const ENTRY_BYTES = 46

/** Of the entries in the archive's table of contents. */
function namesIn(tail: Buffer): string[] {
  const names: string[] = []
  for (
    let at = tail.indexOf(ENTRY);
    at !== -1 && at + ENTRY_BYTES <= tail.length;
    at = tail.indexOf(ENTRY, at + ENTRY_BYTES)
  ) {
    names.push(tail.toString('utf8', at + ENTRY_BYTES, at + ENTRY_BYTES + tail.readUInt16LE(at + 28)))
  }
  return names
}
