// `npm run dev`: says when a source file was changed.

import { watch } from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '..')
const SOURCES = ['api', 'workers', 'realtime', 'shared', 'web', 'client/src']
/** An editor writes several files, and each of them more than once. Milliseconds. */
const CALM = 200

/** @param act runs once for changes that come together, and again for those that come while it runs @returns how to stop */
export function watchSources(act: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined
  let running = Promise.resolve()
  const changed = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      running = running.then(act)
    }, CALM)
  }
  const watchers = SOURCES.map((folder) => watch(path.join(ROOT, folder), { recursive: true }, changed))
  return () => {
    clearTimeout(timer)
    for (const each of watchers) each.close()
  }
}
