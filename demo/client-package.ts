// The package @bellhop/client as a program uses it, made for this run out of its sources and the operations that there are.

import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { WebSocket } from 'ws'
import { operationsOf } from '../api/http/operations.ts'
import { declaredRoutes } from '../api/routes/all.ts'

const ROOT = path.resolve(import.meta.dirname, '..')

export interface LiveOf<Item> {
  get(): readonly Item[]
  /** @returns what ends it */
  subscribe(hear: () => void): () => void
  close(): void
}

/** As much of it as is played with; its own types are held by the projects into which the tests install it. */
export interface PackageClient {
  signIn(credentials: { emailOrPhone: string; password: string }): Promise<unknown>
  api: Readonly<Record<string, (input?: object) => Promise<unknown>>>
  live: Readonly<Record<'messages', (id: string) => LiveOf<MessageSeen>>> &
    Readonly<Record<'desk' | 'tickets', (query?: object) => LiveOf<{ id: string; status: string }>>>
  send: { message(roomId: string, content: string): unknown }
  close(): void
}

export interface MessageSeen {
  id: string
  content: string | null
  senderId: string | null
}

/** @returns the `createClient` of it */
export async function buildClientPackage(): Promise<(options: object) => PackageClient> {
  const { build } = await import('esbuild')
  const outfile = path.join(ROOT, 'node_modules/.cache/bellhop', `demo-client-${process.pid}.mjs`)
  mkdirSync(path.dirname(outfile), { recursive: true })
  const operations = `export const OPERATIONS = ${JSON.stringify(operationsOf(declaredRoutes()))}`
  await build({
    entryPoints: [path.join(ROOT, 'client/src/index.ts')],
    bundle: true,
    format: 'esm',
    outfile,
    logLevel: 'silent',
    plugins: [
      {
        name: 'contract',
        setup(making) {
          making.onResolve({ filter: /\/contract\.ts$/ }, () => ({ path: 'contract', namespace: 'contract' }))
          making.onLoad({ filter: /.*/, namespace: 'contract' }, () => ({ contents: operations }))
        },
      },
    ],
  })
  const { createClient } = await import(pathToFileURL(outfile).href)
  return (options) => createClient({ WebSocket, ...options })
}
