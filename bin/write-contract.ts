// Writes the contract of the client package, if anything that decides it has changed: to load all routes and to make types of
// them takes as long as every other check.

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '..')
const CONTRACT = path.join(ROOT, 'client/src/contract.ts')
/** What the contract was made from, and the contract. */
const MADE = path.join(ROOT, 'node_modules/.cache/contract.sha256')
/** Declarations of routes, events and commands, and all that they import; the lock names the packages. */
const SOURCES = ['api', 'realtime', 'shared', 'workers']
const FILES = ['bin/client-contract.ts', 'package-lock.json']

export async function writeContract(): Promise<void> {
  const sources = hashOfSources()
  if (existsSync(CONTRACT) && readIfThere(MADE) === recordOf(sources)) return
  const { makeContractTypes } = await import('./client-contract.ts')
  const text = await makeContractTypes()
  // One that did not change stays, with its date.
  if (readIfThere(CONTRACT) !== text) replace(CONTRACT, text)
  mkdirSync(path.dirname(MADE), { recursive: true })
  replace(MADE, recordOf(sources))
}

const recordOf = (sources: string): string => `${sources} ${sha256(readIfThere(CONTRACT) ?? '')}\n`

function hashOfSources(): string {
  const hash = createHash('sha256')
  const inFolders = SOURCES.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((each) => each.isFile())
      .map((each) => path.join(each.parentPath, each.name))
      .toSorted(),
  )
  for (const file of [...inFolders, ...FILES.map((name) => path.join(ROOT, name))])
    hash.update(path.relative(ROOT, file)).update(sha256(readFileSync(file)))
  return hash.digest('hex')
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** Nobody who reads it meanwhile finds half of it. */
function replace(file: string, text: string): void {
  writeFileSync(`${file}.${process.pid}`, text)
  renameSync(`${file}.${process.pid}`, file)
}
