// What the client package knows of the API, its events and commands, in types.

import openapiTS, { astToString } from 'openapi-typescript'
import { operationsOf } from '../api/http/operations.ts'
import type { Route } from '../api/http/route.ts'
import { documentsOf } from '../api/pages/documentation.ts'
import { declaredRoutes } from '../api/routes/all.ts'

interface Schemas {
  schemas: Record<string, object>
}
interface OpenApi {
  components: Schemas
}
interface AsyncApi {
  components: Schemas & {
    messages: Record<string, { payload: { properties: Record<string, object> }; 'x-reply'?: object }>
  }
}

/** The documents as plain JSON. */
function readDocuments(routes: readonly Route[]): { api: OpenApi; events: AsyncApi } {
  return JSON.parse(JSON.stringify(documentsOf(routes)))
}

/** Types by openapi-typescript, from one document that holds the events and commands as well. */
export async function makeContractTypes(): Promise<string> {
  const routes = declaredRoutes()
  const { api, events } = readDocuments(routes)
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
  const operations = Object.entries(operationsOf(routes)).map(([name, at]) => line(name, `'${at}',`))
  const commands = said.map(([name, { payload }]) =>
    line(
      name.slice(8),
      `{ data: ${payload.properties['data'] ? typeOf(name) : 'never'}; reply: ${typeOf(`reply.${name}`)} }`,
    ),
  )
  return [
    types,
    `export const OPERATIONS: Readonly<Record<string, string>> = {\n${operations.join('\n')}\n}`,
    `export interface CommandMap {\n${commands.join('\n')}\n}`,
    `declare module './socket/wire.ts' {\n  interface EventMap {\n${heard.map(([name]) => line(name, typeOf(`event.${name}`))).join('\n')}\n  }\n}`,
  ].join('\n\n')
}
