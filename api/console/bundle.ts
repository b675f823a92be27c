// Makes the console's files out of web/ and client/src: bundled, named by what is in them, and kept by a hash of all sources, so
// that they can never be out of date. Nothing of it lies in git.

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BuildOptions, Metafile, Plugin } from 'esbuild'
import { consolePage } from './page.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CACHE = path.join(ROOT, 'node_modules/.cache/bellhop')
const SOURCES = ['web', 'client/src', 'api/console']
/** Types only, but for the names of the operations, which come from the routes themselves. */
const CONTRACT = path.join('client', 'src', 'contract.ts')
const KEPT = 3
const MAIN = 'web/main.ts'
const STYLES = 'web/styles/console.css'

/** @returns the folder with page.html and what it asks for, made if need be; two that make it at once do no harm */
export async function bundleConsole(operations: Readonly<Record<string, string>>): Promise<string> {
  const folder = path.join(CACHE, `console-${hashOf(operations)}`)
  if (existsSync(folder)) return folder
  // Loaded by the one who builds; whoever finds it built does without.
  const { build, stop } = await import('esbuild')
  const unfinished = `${folder}.${process.pid}`
  const { metafile } = await build(optionsOf(unfinished, operations))
  await stop()
  writeFileSync(path.join(unfinished, 'page.html'), consolePage(assetsOf(metafile, unfinished)))
  try {
    renameSync(unfinished, folder)
  } catch {
    rmSync(unfinished, { recursive: true })
  }
  forgetOld()
  return folder
}

function hashOf(operations: object): string {
  const hash = createHash('sha256').update(JSON.stringify(operations))
  for (const file of [...SOURCES.flatMap(filesIn), 'package-lock.json'])
    hash.update(file).update(readFileSync(path.join(ROOT, file)))
  return hash.digest('hex').slice(0, 20)
}

function filesIn(folder: string): string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => path.relative(ROOT, path.join(each.parentPath, each.name)))
    .filter((file) => file !== CONTRACT)
    .toSorted()
}

const optionsOf = (
  outdir: string,
  operations: object,
): BuildOptions & { metafile: true; absWorkingDir: string } => ({
  absWorkingDir: ROOT,
  entryPoints: [MAIN, STYLES],
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  outdir,
  plugins: [contractOf(operations)],
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  metafile: true,
  logLevel: 'silent',
})

const contractOf = (operations: object): Plugin => ({
  name: 'contract',
  setup(build) {
    build.onResolve({ filter: /\/contract\.ts$/ }, () => ({ path: 'contract', namespace: 'contract' }))
    build.onLoad({ filter: /.*/, namespace: 'contract' }, () => ({
      contents: `export const OPERATIONS = ${JSON.stringify(operations)}`,
    }))
  },
})

/** What the page asks for at once: the script, all that it imports, and the styles. */
function assetsOf(
  { outputs }: Metafile,
  folder: string,
): { script: string; preloads: string[]; styles: string } {
  const nameOf = (output: string): string => path.relative(folder, path.join(ROOT, output))
  const madeOf = (source: string): string =>
    Object.keys(outputs).find((output) => outputs[output]?.entryPoint === source) ?? ''
  const imported = (outputs[madeOf(MAIN)]?.imports ?? []).filter(({ kind }) => kind === 'import-statement')
  return {
    script: nameOf(madeOf(MAIN)),
    preloads: imported.map(({ path }) => nameOf(path)),
    styles: nameOf(madeOf(STYLES)),
  }
}

/** Processes of the release before may still serve theirs. */
function forgetOld(): void {
  const ageOf = (name: string): number => -statSync(path.join(CACHE, name)).mtimeMs
  const all = readdirSync(CACHE)
    .filter((name) => /^console-[\da-f]{20}$/.test(name))
    .toSorted((one, other) => ageOf(one) - ageOf(other))
  for (const name of all.slice(KEPT)) rmSync(path.join(CACHE, name), { recursive: true, force: true })
}
