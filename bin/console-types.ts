// Compiles the console and the client package against the contract as it is now; writes nothing but that.

import path from 'node:path'
import { writeContract } from './write-contract.ts'
import { runToEnd } from './embedded/processes.ts'

const ROOT = path.resolve(import.meta.dirname, '..')

await writeContract()
const compiler = path.join(ROOT, 'node_modules/typescript-native/bin/tsc')
const { code, stdout } = await runToEnd(compiler, ['-p', path.join(ROOT, 'web'), '--pretty', 'false'], {
  cwd: ROOT,
})
process.stdout.write(stdout)
process.exitCode = code ?? 1
