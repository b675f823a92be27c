// Builds the package @bellhop/client: the contract from the documents of the API, one module, and its declarations.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { build } from 'esbuild'
import openapiTS, { astToString } from 'openapi-typescript'
import { documentsOf } from '../api/pages/documentation.ts'
import { allRoutes } from '../api/routes/all.ts'
import { runToEnd } from './embedded/processes.ts'

const ROOT = path.resolve(import.meta.dirname, '..')
const CLIENT = path.join(ROOT, 'client')
const DIST = path.join(CLIENT, 'dist')

interface Schemas {
  schemas: Record<string, object>
}
interface OpenApi {
  paths: Record<string, Record<string, { operationId: string }>>
  components: Schemas
}
interface AsyncApi {
  components: Schemas & {
    messages: Record<string, { payload: { properties: Record<string, object> }; 'x-reply'?: object }>
  }
}

/** The documents as plain JSON. */
function readDocuments(): { api: OpenApi; events: AsyncApi } {
  const routes = allRoutes({
    countRequest: async () => undefined,
    countForwarded: async () => undefined,
    beginSignIn: async () => ({ follow: (signIn) => signIn() }),
  })
  return JSON.parse(JSON.stringify(documentsOf(routes)))
}

/** Types by openapi-typescript, from one document that holds the events and commands as well. */
async function writeContract(): Promise<void> {
  const { api, events } = readDocuments()
  const { messages } = events.components
  const isCommand = (name: string): boolean => name.startsWith('command.')
  const heard = Object.entries(messages).filter(([, { payload }]) => payload.properties['ev'])
  const said = Object.entries(messages).filter(([name]) => isCommand(name))
  const schemas: Record<string, object> = { ...events.components.schemas, ...api.components.schemas }
  for (const [name, { payload }] of heard) schemas[`event.${name}`] = payload.properties['data'] ?? {}
  for (const [name, { payload, 'x-reply': reply }] of said) {
    if (payload.properties['data']) schemas[name] = payload.properties['data']
    schemas[`reply.${name}`] = reply ?? {}
  }
  const types = astToString(
    await openapiTS(JSON.stringify({ ...api, components: { ...api.components, schemas } }), {
      // What has a default may be left out.
      defaultNonNullable: false,
    }),
  )
  const line = (name: string, type: string): string => `  ${JSON.stringify(name)}: ${type}`
  const typeOf = (name: string): string => `components['schemas'][${JSON.stringify(name)}]`
  const operations = Object.entries(api.paths).flatMap(([at, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => line(operationId, `'${method} ${at}',`)),
  )
  const commands = said.map(([name, { payload }]) =>
    line(
      name.slice(8),
      `{ data: ${payload.properties['data'] ? typeOf(name) : 'never'}; reply: ${typeOf(`reply.${name}`)} }`,
    ),
  )
  writeFileSync(
    path.join(CLIENT, 'src/contract.ts'),
    [
      types,
      `export const OPERATIONS: Readonly<Record<string, string>> = {\n${operations.join('\n')}\n}`,
      `export interface CommandMap {\n${commands.join('\n')}\n}`,
      `declare module './socket/wire.ts' {\n  interface EventMap {\n${heard.map(([name]) => line(name, typeOf(`event.${name}`))).join('\n')}\n  }\n}`,
    ].join('\n\n'),
  )
}

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
