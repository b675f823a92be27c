import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import type { EventMap } from '../../realtime/client/connect.ts'
import { declaredEvents } from '../../shared/kit/declare/event.ts'
import { aWorld } from '../support/world.ts'

const CLIENT = path.resolve(import.meta.dirname, '../../realtime/client')

describe('the client, as it is taken into another project', () => {
  it('knows every event that is declared', () => {
    const known: Record<keyof EventMap, true> = {
      'approval.decided': true,
      'approval.expired': true,
      'approval.reminded': true,
      'approval.requested': true,
      'audit.recorded': true,
      'export.progress': true,
      'booking.changed': true,
      'booking.created': true,
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

  it('takes nothing of the server along', () => {
    const files = readdirSync(CLIENT)
      .filter((name) => name !== 'example.ts')
      .map((name) => readFileSync(path.join(CLIENT, name), 'utf8'))
    const imports = files.flatMap((text) =>
      [...text.matchAll(/^(?:import|export) (?!type )[^'\n]*from '([^']+)'/gm)].map((match) => match[1]),
    )
    expect(imports.length).to.be.greaterThan(10)
    expect(imports.filter((from) => !from?.startsWith('./'))).to.deep.equal([])
  })

  it('has an example that runs', async () => {
    const w = await aWorld()
    const child = spawn(process.execPath, ['--import', 'tsx', path.join(CLIENT, 'example.ts'), w.url], {
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
