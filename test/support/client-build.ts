// The package @bellhop/client as it is published. Built once in a run: who builds it anew takes it from those that have it open.

import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { oncePerRun } from './database.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
/** Its folder. */
export const CLIENT = path.join(ROOT, 'client')

/** @returns the `createClient` of it, whose types are held by the projects into which the tests install it */
export async function buildClient(): Promise<(options: object) => any> {
  await oncePerRun('client', () =>
    promisify(execFile)(process.execPath, ['--import', 'tsx', path.join(ROOT, 'bin/client.ts')], {
      cwd: ROOT,
    }),
  )
  return (await import(path.join(CLIENT, 'dist/index.js'))).createClient
}
