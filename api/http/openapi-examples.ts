// What each operation was asked and answered once, recorded while the tests ran it (`npm run examples`). They have an
// address of their own, which the document says once: inside of it they would be a twelfth of what every generator reads (decision 61).

import { readFileSync } from 'node:fs'

/** Operation → one body that was sent and one answer that was given. */
type Examples = Readonly<Record<string, { body?: unknown; reply?: unknown }>>

/** Where they are served, each under the name of its operation. */
export const EXAMPLES_PATH = '/docs/examples.json'

export const EXAMPLES_FILE = new URL('./openapi-examples.json', import.meta.url)

export function readOpenApiExamples(): Examples {
  return JSON.parse(readFileSync(EXAMPLES_FILE, 'utf8'))
}
