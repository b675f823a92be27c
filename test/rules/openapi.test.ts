import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import { expect } from 'chai'
import openapiTS, { astToString } from 'openapi-typescript'
import { readOpenApiExamples } from '../../api/http/openapi-examples.ts'
import { hasFields, operationNameOf } from '../../api/http/openapi-kinds.ts'
import { isDocumented, openApiDocument } from '../../api/http/openapi.ts'
import { runToEnd } from '../../bin/embedded/processes.ts'
import { parametersOf, type ApiDocument } from '../support/api-document.ts'
import { ROUTES } from '../support/contract.ts'

const NODE_MODULES = path.resolve(import.meta.dirname, '../../node_modules')
const text = JSON.stringify(openApiDocument(ROUTES))
const api = JSON.parse(text)
const routes = ROUTES.filter(isDocumented)

describe('the OpenAPI document', () => {
  it('is under 250 KB', () => expect(Buffer.byteLength(text)).to.be.below(250_000))

  it('names the things of the business, and writes each once', () => {
    expect(api.components.schemas).to.include.keys('Booking', 'Approval', 'Message', 'Ticket', 'Notification')
    const answers = Object.values<any>(api.components.responses).map(
      ({ content }) => content['application/json'],
    )
    expect(answers.map((each) => each?.schema.$ref)).to.include('#/components/schemas/Booking')
  })

  it('writes once what several shapes say alike, under the name of the first place', () => {
    const { Issuer, NewIssuer } = api.components.schemas
    const fields = [Issuer, NewIssuer].map(({ properties }) => properties.issuer.$ref)
    expect(new Set(fields)).to.deep.equal(new Set(['#/components/schemas/IssuerIssuer']))
    expect(api.components.schemas.IssuerIssuer.type).to.equal('string')
  })

  it('writes the fields that several shapes have in common once, as a shape of its own', () => {
    const { Message, WorkplaceMessage, Delivery, FactDelivery, Figures, ApprovalFigures } =
      api.components.schemas
    const firstOf = ({ allOf }: any) => allOf[0].$ref.split('/').at(-1)
    expect([Message, WorkplaceMessage, Delivery, FactDelivery, ApprovalFigures].map(firstOf)).to.deep.equal([
      'MessageWithoutFiles',
      'MessageWithoutFiles',
      'DeliveryAttempts',
      'DeliveryAttempts',
      'DecisionFigures',
    ])
    expect(firstOf(Figures.properties.drivers.items)).to.equal('WorkFigures')
    const { schema } = api.paths['/chat/messages'].post.requestBody.content['application/json']
    expect(firstOf(schema)).to.equal('NewMessageIn')
  })

  it('describes what a name does not say, and once what the same names mean everywhere', () => {
    const { Booking, Organisation } = api.components.schemas
    const { updatedAt, createdAt, assignedDriverId } = Booking.properties
    expect(
      [updatedAt, assignedDriverId, Organisation.properties.name].map((each) => each.description),
    ).to.deep.equal([undefined, undefined, undefined])
    expect(createdAt.description).to.equal('When it was asked for.')
    expect(api.info.description).to.include('`updatedAt` when it last changed')
  })

  it('says of each code once with which status it comes', () => {
    const { code } = api.components.schemas.Problem.properties
    expect(code.description).to.match(
      /400 malformed, broken_off; 401 .*; 404 not_found; 405 method_not_allowed; .*409 conflict/,
    )
  })

  it('lets whatever has a default be left out', () => {
    const document: ApiDocument = api
    const parameters = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).flatMap((method) => parametersOf(document, path, method)),
    )
    const withDefault = parameters.filter((each) => each.schema.default !== undefined)
    expect(withDefault.length).to.be.above(50)
    expect(withDefault.filter((each) => each.required)).to.deep.equal([])
  })

  it('has an example for each operation, which its own check takes', () => {
    const examples = readOpenApiExamples()
    for (const route of routes.filter(({ kind }) => kind !== 'download' && kind !== 'stream')) {
      const name = operationNameOf(route)
      const example = examples[name]
      if (!example) throw new Error(`${name} has no example: npm run examples records it`)
      route.check.reply(example.reply, `${name}: reply`)
      const { body } = route.schemas
      if (example.body !== undefined && body && hasFields(body))
        route.check.body?.(example.body, `${name}: body`)
    }
    expect(
      Object.keys(examples).filter((name) => !routes.some((each) => operationNameOf(each) === name)),
    ).to.deep.equal([])
  })

  it('tells of what is no route: the stream of events, the nodes, decisions by mail, health and metrics', () =>
    expect(api.paths).to.include.keys(
      '/events/stream',
      '/realtime/stats',
      '/decisions',
      '/livez',
      '/readyz',
      '/version',
      '/metrics',
    ))

  it('names the codes with which each operation refuses, and tells the second name of tickets in a sentence', () => {
    const { $ref } = api.paths['/approvals/{id}/approve'].post.responses['4XX']
    const [, codes] =
      api.components.responses[$ref.split('/').at(-1)].content['application/problem+json'].schema.allOf
    expect(codes.properties.code.enum).to.include.members(['already_decided', 'forbidden', 'malformed'])
    expect(Object.keys(api.paths).filter((each) => /^\/support(\/|$)/.test(each))).to.deep.equal([])
    expect(api.tags.find(({ name }: any) => name === 'supports').description).to.include('/support')
  })

  it('gives the linter of Redocly nothing to say', async () => {
    // Our router takes the first that fits, which is the one with the word.
    const rules = { 'no-ambiguous-paths': 'off' } as const
    const config = await createConfig({ extends: ['recommended'], rules })
    const found = await lintFromString({ source: text, config })
    expect(found.map(({ ruleId, message }) => `${ruleId}: ${message}`)).to.deep.equal([])
  })

  it('generates a client that compiles as strictly as TypeScript can', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'bellhop-generated-'))
    try {
      symlinkSync(NODE_MODULES, path.join(folder, 'node_modules'))
      writeFileSync(path.join(folder, 'schema.ts'), astToString(await openapiTS(text)))
      writeFileSync(path.join(folder, 'client.ts'), CLIENT)
      writeFileSync(path.join(folder, 'package.json'), '{"type":"module"}')
      const options = '--strict --noEmit --exactOptionalPropertyTypes --noUncheckedIndexedAccess'
      const { code, stdout } = await runToEnd(
        path.join(NODE_MODULES, 'typescript-native/bin/tsc'),
        [...`${options} --module nodenext --target es2023 --lib es2023,dom`.split(' '), 'client.ts'],
        { cwd: folder },
      )
      expect(stdout).to.equal('')
      expect(code).to.equal(0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

const CLIENT = `
import createClient from 'openapi-fetch'
import type { components, paths } from './schema.js'

const client = createClient<paths>({ baseUrl: 'https://bellhop.example/api/v1' })
const { data, error } = await client.POST('/bookings', {
  body: { scheduledDate: '2031-03-10', scheduledTime: '08:30', passengerCount: 2, bookingType: 'SINGLE_TRIP', isBusinessTrip: true },
})
if (error) {
  const known: components['schemas']['Problem']['code'] = error.code
  console.log(known, error.errors?.[0]?.path)
} else {
  const booking: components['schemas']['Booking'] = data
  const endsAt: string | null = booking.endsAt
  console.log(endsAt)
}
const list = await client.GET('/bookings', { params: { query: { status: 'PENDING' } } })
const first: components['schemas']['Booking'] | undefined = list.data?.[0]
// @ts-expect-error: a status that there is not
await client.GET('/bookings', { params: { query: { status: 'LOST' } } })
// @ts-expect-error: a field that there is not
first?.colour
`
