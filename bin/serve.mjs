// Runs a process from compiled code: `node bin/serve.mjs api/main.ts`. `node bin/serve.mjs --compile` only compiles.
// Translating TypeScript at every start cost seconds, and finding a thousand files of packages a third of what was left; a
// process that was killed shall be back sooner. What was compiled is kept under node_modules/.cache by a hash of all sources,
// so that it can never be out of date.

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import * as nodeModule from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const ROOT = path.resolve(import.meta.dirname, '..')
const ENTRIES = ['api/main.ts', 'workers/main.ts', 'realtime/main.ts', 'bin/bellhop.ts', 'bin/migrate.ts']
const CONSOLE = 'api/console/prepare.ts'
const SOURCES = ['api', 'bin', 'realtime', 'shared', 'workers', 'web']
const KEPT = 3
const CACHE = path.join(ROOT, 'node_modules/.cache/bellhop')

function filesIn(folder) {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile() && each.name.endsWith('.ts'))
    .map((each) => path.join(each.parentPath, each.name))
    .toSorted()
}

/** Of everything that decides what is compiled; the lock names the packages, this file the way. */
function hashOfSources() {
  const hash = createHash('sha256')
  for (const file of [
    ...SOURCES.flatMap(filesIn),
    path.join(ROOT, 'package-lock.json'),
    import.meta.filename,
  ])
    hash.update(file).update(readFileSync(file))
  return hash.digest('hex').slice(0, 20)
}

/** Packages of many small files, of which loading them is mostly reading. They bring what they need themselves. */
const COME_IN =
  /^(@sinclair\/typebox|ajv|ajv-formats|bullmq|csv-parse|file-type|ioredis|jose|jsonwebtoken|knex|libphonenumber-js|pg|prom-client|rate-limiter-flexible|socket\.io|undici|web-push|ws)(\/|$)/
/** What a package could use and does without: machine code. */
const MACHINE_CODE = ['msgpackr-extract', 'pg-native']
/** Where something in a package threw is told by its name alone: their maps would be ten megabytes to read. */
const NO_MAP = `\n//# sourceMappingURL=data:application/json;base64,${btoa('{"version":3,"sources":["package"],"mappings":"A"}')}`

/** Whether it becomes a part of what is compiled. Drivers of other databases are not there at all. */
function comesIn(asked, importer) {
  if (!importer.includes('node_modules')) return COME_IN.test(asked)
  if (MACHINE_CODE.includes(asked)) return false
  try {
    nodeModule.createRequire(importer).resolve(asked)
    return true
  } catch {
    return false
  }
}

/** Files are looked for beside the source, not beside what was compiled. */
const asInSource = {
  name: 'as in the source',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ kind, importer, path: asked }) =>
      kind === 'entry-point' || comesIn(asked, importer) ? undefined : { path: asked, external: true },
    )
    build.onLoad({ filter: /\.ts$/ }, ({ path: file }) => ({
      loader: 'ts',
      contents: readFileSync(file, 'utf8').replaceAll(
        /\bimport\.meta\.(url|filename|dirname)\b/g,
        (_, what) =>
          JSON.stringify(
            { url: pathToFileURL(file).href, filename: file, dirname: path.dirname(file) }[what],
          ),
      ),
    }))
    build.onLoad({ filter: /node_modules.*\.[mc]?js$/ }, ({ path: file }) => ({
      loader: 'js',
      contents: readFileSync(file, 'utf8') + NO_MAP,
    }))
  },
}

/** What code made for `require` finds around it. */
const AROUND = `import { createRequire as makeRequire } from 'node:module'
const [require, __filename, __dirname] = [makeRequire(import.meta.url), import.meta.filename, import.meta.dirname]`

/** @returns the folder of what was compiled, made if need be; two that make it at once do no harm */
async function compile() {
  const folder = path.join(CACHE, hashOfSources())
  if (existsSync(folder)) return folder
  const { build } = await import('esbuild')
  const unfinished = `${folder}.${process.pid}`
  await build({
    entryPoints: [...ENTRIES, CONSOLE].map((entry) => path.join(ROOT, entry)),
    outdir: unfinished,
    outbase: ROOT,
    outExtension: { '.js': '.mjs' },
    plugins: [asInSource],
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: AROUND },
    minifyWhitespace: true,
    sourcemap: 'inline',
    sourcesContent: false,
    logLevel: 'error',
  })
  try {
    renameSync(unfinished, folder)
  } catch {
    rmSync(unfinished, { recursive: true })
  }
  forgetOld()
  return folder
}

/** Processes of the release before may still load a part of theirs. */
function forgetOld() {
  const ageOf = (name) => -statSync(path.join(CACHE, name)).mtimeMs
  const all = readdirSync(CACHE)
    .filter((name) => /^[\da-f]{20}$/.test(name))
    .toSorted((a, b) => ageOf(a) - ageOf(b))
  for (const name of all.slice(KEPT)) rmSync(path.join(CACHE, name), { recursive: true, force: true })
}

/** What browsers get is built once as well; if that cannot be done now, the API does it when it starts. */
async function prepare() {
  const folder = await compile()
  await import(pathToFileURL(compiled(folder, CONSOLE)).href)
}

const compiled = (folder, entry) => path.join(folder, entry.replace(/\.ts$/, '.mjs'))

async function run(entry) {
  // From Node 22 on: what V8 made of packages and of ours is kept, too.
  nodeModule.enableCompileCache?.(path.join(CACHE, 'v8'))
  process.setSourceMapsEnabled(true)
  const folder = await compile().catch((error) =>
    console.error(`Not compiled, hence slower to start: ${error.message}`),
  )
  if (!folder) (await import('tsx/esm/api')).register()
  // As if it were the program itself.
  process.argv.splice(1, 2, path.join(ROOT, entry))
  await import(pathToFileURL(folder ? compiled(folder, entry) : path.join(ROOT, entry)).href)
}

const [word] = process.argv.slice(2)
if (word === '--compile') await prepare()
else if (ENTRIES.includes(word)) await run(word)
else {
  console.error(`Usage: node bin/serve.mjs ${ENTRIES.join('|')}|--compile`)
  process.exit(1)
}
