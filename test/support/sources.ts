// The files of the tree as text, for tests about how they are written.

import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '../..')
export const PRODUCT = ['api', 'workers', 'realtime', 'shared']
/** What runs in browsers. */
export const WEB = ['web']
export const TREE = [...PRODUCT, ...WEB, 'bin', 'demo', 'bench', 'test', 'knexfile.ts']

export interface Source {
  name: string
  text: string
  /** Files of the tree, and packages. */
  imports: string[]
}

export function readSources(folders: readonly string[]): Source[] {
  return folders.flatMap(filesIn).map(readSource)
}

function filesIn(folder: string): string[] {
  if (folder.endsWith('.ts')) return [folder]
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.posix.join(folder, name))
}

function readSource(name: string): Source {
  const text = readFileSync(path.join(ROOT, name), 'utf8')
  const named = [
    ...text.matchAll(
      /^(?:import|export)\s[^'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? '')
  return {
    name,
    text,
    imports: named.map((each) =>
      each.startsWith('.') ? path.posix.join(path.posix.dirname(name), each) : each,
    ),
  }
}
