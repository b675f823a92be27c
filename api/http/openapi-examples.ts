// What each operation was asked and answered once, recorded while the tests ran it (`npm run examples`).

import { readFileSync } from 'node:fs'

/** Operation → one body that was sent and one answer that was given. */
export type Examples = Readonly<Record<string, { body?: unknown; reply?: unknown }>>

export const EXAMPLES_FILE = new URL('./openapi-examples.json', import.meta.url)

export function readOpenApiExamples(): Examples {
  return JSON.parse(readFileSync(EXAMPLES_FILE, 'utf8'))
}
