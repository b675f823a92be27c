import { spawn } from 'node:child_process'
import path from 'node:path'
import { expect } from 'chai'
import type { EventMap } from '../../client/src/socket/connect.ts'
import { declaredEvents } from '../../shared/kit/declare/event.ts'
import { readSources } from '../support/sources.ts'
import { aWorld } from '../support/world.ts'

describe('the client, as it is taken into another project', () => {
  it('knows every event that is declared', () => {
    const known: Record<keyof EventMap, true> = {
      'approval.commented': true,
      'approval.decided': true,
      'approval.expired': true,
      'approval.reminded': true,
      'approval.step_decided': true,
      'approval.requested': true,
      'audit.recorded': true,
      'export.progress': true,
      'booking.changed': true,
      'booking.created': true,
      'calendar.changed': true,
      'faq.changed': true,
      'organisation.changed': true,
      'people.changed': true,
      'notification.changed': true,
      'notification.created': true,
      'presence.changed': true,
      'message.changed': true,
      'inbox.attention': true,
      'inbox.conversation_changed': true,
      'inbox.conversation_opened': true,
      'message.created': true,
      'message.deleted': true,
      'messages.delivered': true,
      'messages.read': true,
      'resource.changed': true,
      'room.changed': true,
      'room.created': true,
      'room.member_added': true,
      'room.member_removed': true,
      'ticket.created': true,
      'ticket.deleted': true,
      'ticket.resolved': true,
      'ticket.updated': true,
      typing: true,
    }
    const heardByNodesOnly = ['session.ended']
    expect(Object.keys(known)).to.have.members(
      declaredEvents()
        .map(({ name }) => name)
        .filter((name) => !heardByNodesOnly.includes(name)),
    )
  })

  it('takes nothing of the server along, not even its types', () => {
    const files = readSources(['client/src']).filter(({ name }) => name !== 'client/src/contract.ts')
    const imports = files.flatMap(({ imports }) => imports)
    expect(imports.length).to.be.greaterThan(20)
    expect(imports.filter((from) => !from.startsWith('client/src/'))).to.deep.equal([])
  })

  it('has an example that runs', async () => {
    const w = await aWorld()
    const child = spawn(process.execPath, ['--import', 'tsx', path.resolve('demo/socket-client.ts'), w.url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += String(chunk)
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    await w.end()
    expect(output).to.match(
      /^\S+-20350115-\d+ was asked for at 2031-03-03T02:00:00.000Z and is PENDING_APPROVAL\n$/,
    )
    expect(code).to.equal(0)
  })
})
