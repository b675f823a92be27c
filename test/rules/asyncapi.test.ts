import specs from '@asyncapi/specs'
import { Ajv } from 'ajv'
import { expect } from 'chai'
import { NamedShapes } from '../../api/http/named-shapes.ts'
import { declaredEvents, declaredFacts } from '../../shared/kit/declare/event.ts'
import { asyncApi } from '../../shared/protocol/asyncapi.ts'
import { ROUTES } from '../support/contract.ts'
import { COMMAND_REPLIES, COMMAND_SHAPES, SERVER_FRAMES } from '../../shared/protocol/frames.ts'

const api = JSON.parse(JSON.stringify(asyncApi(declaredEvents(), new NamedShapes())))

describe('the AsyncAPI document', () => {
  // Who imports all routes has all events declared.
  before(() => expect(ROUTES).not.to.equal([]))

  it('is AsyncAPI 3, by the schema of its makers', () => {
    const isValid = new Ajv({ strict: false, validateFormats: false }).compile(
      specs.schemasWithoutId['3.0.0'],
    )
    isValid(api)
    expect(isValid.errors).to.equal(null)
  })

  it('holds every event, every frame of the server, and every command with what its reply carries', () => {
    const messages = Object.keys(api.components.messages)
    expect(messages).to.include.members(declaredEvents().map(({ name }) => name))
    expect(messages).to.include.members(Object.keys(SERVER_FRAMES))
    expect(messages).to.include.members(Object.keys(COMMAND_SHAPES).map((c) => `command.${c}`))
    expect(Object.keys(COMMAND_REPLIES).toSorted()).to.deep.equal(Object.keys(COMMAND_SHAPES).toSorted())
  })

  it('says of which events webhooks may hear', () => {
    const facts = declaredEvents().filter(({ name }) => api.components.messages[name]['x-fact'])
    expect(facts.map(({ name }) => name)).to.deep.equal(declaredFacts())
    expect(facts).not.to.be.empty
  })

  it('knows that typing and presence have no number in the log', () => {
    for (const name of ['typing', 'presence.changed'])
      expect(api.components.messages[name].payload.required).not.to.include('id')
    expect(api.components.messages['booking.changed'].payload.required).to.include('id')
  })
})
