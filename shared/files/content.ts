// What a file is, by its first bytes. The only importer of file-type.

import { fileTypeFromBuffer } from 'file-type'

/** Enough for every format that we show or name; formats that tell themselves further in are "unknown". */
export const HEAD_BYTES = 4100

/** @returns its media type; undefined when it is none that is known by its first bytes: text, HTML, SVG */
export async function detectType(head: Uint8Array): Promise<string | undefined> {
  try {
    return (await fileTypeFromBuffer(head))?.mime
  } catch {
    // What looks like a format and then is not well formed is unknown, not an error.
    return undefined
  }
}
