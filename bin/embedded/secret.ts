// A secret that is made once and lies in a file that only its owner may read.

import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'

const BYTES = 48

/** @param file in a folder of mode 0700 */
export async function keepSecret(file: string): Promise<string> {
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim()
  if (kept) return kept
  const fresh = randomBytes(BYTES).toString('base64url')
  // Under another name until it is whole, so that nobody is let in with half of it.
  await writeFile(`${file}.new`, fresh, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return fresh
}
