// What lies in deploy/ is run by machines that are not here: what it names must exist.

import { expect } from 'chai'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { SETTINGS } from '../../shared/kit/process/settings.ts'

const FILES = [
  'Dockerfile',
  ...readdirSync('deploy', { recursive: true, encoding: 'utf8' }).map((name) => path.join('deploy', name)),
].filter((name) => statSync(name).isFile())
const TEXTS = new Map(FILES.map((name) => [name, readFileSync(name, 'utf8')]))
const withoutComments = (text: string): string => text.replaceAll(/^\s*#.*$/gm, '')

/** Of other programs, and of the Dockerfile itself. */
const FOREIGN = /^(POSTGRES_(USER|DB|PASSWORD)|REDIS_PASSWORD|REDISCLI_AUTH|NODE_IMAGE|UMask)$/

function matches(pattern: RegExp): string[] {
  return [...TEXTS].flatMap(([name, text]) =>
    [...withoutComments(text).matchAll(pattern)].map((match) => `${name}: ${match[1]}`),
  )
}
const second = (line: string): string => line.split(': ')[1] ?? ''

describe('the files of a deployment', () => {
  it('set settings that there are', () => {
    const set = matches(/(?:^\s+|[= {])([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:: |=)/gm)
    expect(set).to.have.length.above(10)
    expect(set.filter((line) => !(second(line) in SETTINGS) && !FOREIGN.test(second(line)))).to.deep.equal([])
  })

  it('start processes that there are', () => {
    const started = matches(/((?:bin|api|workers|realtime|deploy)\/[\w/-]+\.(?:mjs|ts))/g)
    expect(started).to.have.length.above(10)
    expect(started.filter((line) => !existsSync(second(line)))).to.deep.equal([])
  })

  it('give a process longer to end than it gives itself, and more files than it takes sockets', () => {
    const longer = matches(/(?:stop_grace_period|TimeoutStopSec|terminationGracePeriodSeconds)[:=] ?(\d+)/g)
    const files = matches(/(?:nofile|LimitNOFILE)[:=] ?(\d+)/g)
    expect([longer.length, files.length]).to.deep.equal([6, 2])
    const deadline = SETTINGS.SHUTDOWN_DEADLINE.parse(SETTINGS.SHUTDOWN_DEADLINE.fallback ?? '') / 1000
    const sockets = SETTINGS.MAX_SOCKETS.parse(SETTINGS.MAX_SOCKETS.fallback ?? '')
    expect(longer.filter((line) => Number(second(line)) <= deadline)).to.deep.equal([])
    expect(files.filter((line) => Number(second(line)) <= sockets)).to.deep.equal([])
  })
})
