// The OpenAPI document as it is answered, with its shared parts where they are used.

export interface Parameter {
  name: string
  in: string
  required?: boolean
  schema: { default?: unknown }
}

type Declared = Parameter | { $ref: string }

export interface ApiDocument {
  paths: Record<string, Record<string, { parameters?: Declared[] }>>
  components: { parameters: Record<string, Parameter> }
}

export function parametersOf({ paths, components }: ApiDocument, path: string, method = 'get'): Parameter[] {
  return (paths[path]?.[method]?.parameters ?? []).flatMap((each) =>
    '$ref' in each ? (components.parameters[each.$ref.split('/').at(-1) ?? ''] ?? []) : each,
  )
}
