// Builds the package @bellhop/client: the contract from the documents of the API, one module, and its declarations.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import { writeContract } from './write-contract.ts'
import { runToEnd } from './embedded/processes.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const CLIENT = path.join(ROOT, 'client')
const DIST = path.join(CLIENT, 'dist')

/** @throws Error with what the compiler says */
async function writeDeclarations(): Promise<void> {
  const compiler = path.join(ROOT, 'node_modules/typescript-native/bin/tsc')
  const { code, stdout } = await runToEnd(compiler, ['-p', CLIENT], { cwd: ROOT })
  if (code !== 0) throw new Error(`The client does not compile:\n${stdout}`)
  for (const file of readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.d.ts'),
  )) {
    const at = path.join(DIST, file)
    writeFileSync(
      at,
      readFileSync(at, 'utf8').replaceAll(/((?:from|module|import\() ?['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'),
    )
  }
}

rmSync(DIST, { recursive: true, force: true })
mkdirSync(DIST)
await writeContract()
await Promise.all([
  writeDeclarations(),
  build({
    entryPoints: [path.join(CLIENT, 'src/index.ts')],
    outfile: path.join(DIST, 'index.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    minifySyntax: true,
    minifyWhitespace: true,
  }),
])
