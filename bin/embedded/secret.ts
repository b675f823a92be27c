// A secret that is made once and lies in a file that only its owner may read.

import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'

/** In DATA_DIR: what `npm start` signs tokens and links with, unless JWT_SECRET says another. */
export const SECRET_FILE = 'secret'
const BYTES = 48

export function makeSecret(): string {
  return randomBytes(BYTES).toString('base64url')
}

/** @param file in a folder of mode 0700 */
export async function keepSecret(file: string): Promise<string> {
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim()
  if (kept) return kept
  const fresh = makeSecret()
  // Under another name until it is whole, so that nobody is let in with half of it.
  await writeFile(`${file}.new`, fresh, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return fresh
}
