// Makes the files of the console and of the widgets out of web/ and client/src: bundled, named by what is in them, and kept by a
// hash of all sources, so that they can never be out of date. Nothing of it lies in git.

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BuildOptions, Metafile, Plugin } from 'esbuild'
import { WORDS_IN_VIETNAMESE } from '../../web/texts/refusals.ts'
import { consolePage, type Assets } from './page.ts'
import { widgetsPage } from './widgets-page.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CACHE = path.join(ROOT, 'node_modules/.cache/bellhop')
const SOURCES = ['web', 'client/src', 'api/console']
/** Types only, but for the names of the operations, which come from the routes themselves. */
const CONTRACT = path.join('client', 'src', 'contract.ts')
const KEPT = 3
const MAIN = 'web/main.ts'
const STYLES = 'web/styles/console.css'
const SHOWCASE = 'web/showcase/main.ts'
const SHOWCASE_STYLES = 'web/styles/showcase.css'
const WIDGETS = 'web/widgets/main.ts'
const WIDGET_SOURCES = ['web/widgets', 'web/shared', 'client/src']
/** Under this name it never changes; beside it lies the same under the name of what is in it. */
export const WIDGETS_SCRIPT = 'bellhop.js'
/** What the widgets ask for where they speak Vietnamese. */
export const WIDGETS_WORDS = 'refusals.vi.json'

/** @returns the folder with page.html and what it asks for, made if need be; two that make it at once do no harm */
export async function bundleConsole(operations: Readonly<Record<string, string>>): Promise<string> {
  const folder = path.join(CACHE, `console-${hashOf(operations)}`)
  if (existsSync(folder)) return folder
  // Loaded by the one who builds; whoever finds it built does without.
  const { build, stop } = await import('esbuild')
  const unfinished = `${folder}.${process.pid}`
  const { metafile } = await build(optionsOf(unfinished, operations))
  const widgets = await build(widgetsOptionsOf(path.join(unfinished, 'widgets'), operations, build))
  await stop()
  const [script = ''] = Object.keys(widgets.metafile.outputs)
  writeFileSync(path.join(unfinished, 'widgets', WIDGETS_WORDS), JSON.stringify(WORDS_IN_VIETNAMESE))
  writeFileSync(path.join(unfinished, 'page.html'), consolePage(assetsOf(metafile, unfinished, MAIN, STYLES)))
  writeFileSync(
    path.join(unfinished, 'widgets.html'),
    widgetsPage(
      assetsOf(metafile, unfinished, SHOWCASE, SHOWCASE_STYLES),
      shareWidgets(path.join(ROOT, script)),
    ),
  )
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
  entryPoints: [MAIN, STYLES, SHOWCASE, SHOWCASE_STYLES],
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

/** One file, lest its hash in an embedding page speak for a part of it only. */
const widgetsOptionsOf = (
  outdir: string,
  operations: Readonly<Record<string, string>>,
  build: Build,
): BuildOptions & { metafile: true; absWorkingDir: string } => ({
  ...optionsOf(outdir, operations),
  entryPoints: [{ in: WIDGETS, out: 'bellhop' }],
  splitting: false,
  plugins: [contractOf(calledBy(WIDGET_SOURCES, operations)), stylesAsText(build), withoutIndentation],
  // They leave nothing in the storage of somebody’s page.
  define: { 'globalThis.indexedDB': 'undefined' },
  // By these names only the parts of Lit know each other, all of which are in the file.
  mangleProps: /^_\$/,
})

/** Of templates as well, where it is a tenth of them; nothing in them stands at the margin for a reason. */
const withoutIndentation: Plugin = {
  name: 'without indentation',
  setup({ onLoad }) {
    onLoad({ filter: /\bweb\b.*\.ts$/ }, ({ path: file }) => ({
      contents: readFileSync(file, 'utf8').replaceAll(/\n +/g, '\n'),
      loader: 'ts',
    }))
  },
}

/** Of all operations those whose names stand in these sources: the others are bytes on somebody's page. */
function calledBy(
  folders: readonly string[],
  operations: Readonly<Record<string, string>>,
): Record<string, string> {
  const texts = folders.flatMap(filesIn).map((file) => readFileSync(path.join(ROOT, file), 'utf8'))
  const words = new Set(texts.flatMap((text) => text.match(/\w+/g) ?? []))
  return Object.fromEntries(Object.entries(operations).filter(([name]) => words.has(name)))
}

type Build = (options: BuildOptions & { write: false }) => Promise<{ outputFiles: { text: string }[] }>

/** A shadow root takes its styles from a text. */
const stylesAsText = (build: Build): Plugin => ({
  name: 'styles as text',
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path: file }) => {
      const { outputFiles } = await build({ entryPoints: [file], bundle: true, minify: true, write: false })
      return { contents: `export default ${JSON.stringify(outputFiles[0]?.text.trim())}` }
    })
  },
})

/** @returns the name of what is in it, and by which hash an embedding page may insist on it */
function shareWidgets(file: string): { script: string; integrity: string } {
  const content = readFileSync(file)
  writeFileSync(path.join(path.dirname(file), WIDGETS_SCRIPT), content)
  return {
    script: path.basename(file),
    integrity: `sha384-${createHash('sha384').update(content).digest('base64')}`,
  }
}

const contractOf = (operations: object): Plugin => ({
  name: 'contract',
  setup(build) {
    build.onResolve({ filter: /\/contract\.ts$/ }, () => ({ path: 'contract', namespace: 'contract' }))
    build.onLoad({ filter: /.*/, namespace: 'contract' }, () => ({
      contents: `export const OPERATIONS = ${JSON.stringify(operations)}`,
    }))
  },
})

/** What a page asks for at once: the script, all that it imports, and the styles. */
function assetsOf({ outputs }: Metafile, folder: string, script: string, styles: string): Assets {
  const nameOf = (output: string): string => path.relative(folder, path.join(ROOT, output))
  const madeOf = (source: string): string =>
    Object.keys(outputs).find((output) => outputs[output]?.entryPoint === source) ?? ''
  const imported = (outputs[madeOf(script)]?.imports ?? []).filter(({ kind }) => kind === 'import-statement')
  return {
    script: nameOf(madeOf(script)),
    preloads: imported.map(({ path }) => nameOf(path)),
    styles: nameOf(madeOf(styles)),
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
