// What lies in deploy/ is run by machines that are not here: what it names must exist.

import { expect } from 'chai'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { spawnSync } from 'node:child_process'
import { openMetrics } from '../../shared/kit/process/metrics.ts'
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

  it('watch what is measured', async () => {
    const measured = new Set((await openMetrics().registry.getMetricsAsJSON()).map(({ name }) => name))
    const watched = matches(/\b(bellhop_[a-z0-9_]+)/g)
    expect(watched).to.have.length.above(50)
    const known = (name: string): boolean =>
      measured.has(name) || measured.has(name.replace(/_(bucket|count|sum)$/, ''))
    expect(watched.filter((line) => !known(second(line)))).to.deep.equal([])
  })

  it('alert to what the handbook explains, and each alert has a case', () => {
    const alerts = [...(TEXTS.get('deploy/prometheus/rules.yaml') ?? '').matchAll(/alert: (\w+)/g)].map(
      (match) => match[1] ?? '',
    )
    expect(alerts).to.have.length.above(10)
    const [handbook, cases] = [
      readFileSync('docs/OPERATIONS.md', 'utf8'),
      TEXTS.get('deploy/prometheus/rules.test.yaml') ?? '',
    ]
    expect(alerts.filter((name) => !handbook.includes(`| \`${name}\` |`))).to.deep.equal([])
    expect(alerts.filter((name) => !cases.includes(`alertname: ${name}\n`))).to.deep.equal([])
  })

  it('alert when they shall and not before, as promtool says where it is installed', function () {
    const cwd = 'deploy/prometheus'
    const checked = spawnSync('promtool', ['check', 'rules', 'rules.yaml'], { cwd, encoding: 'utf8' })
    if (checked.error) {
      console.log('      left out: promtool is not installed (Debian: prometheus)')
      return this.skip()
    }
    expect(checked.status, checked.stderr).to.equal(0)
    const tested = spawnSync('promtool', ['test', 'rules', 'rules.test.yaml'], { cwd, encoding: 'utf8' })
    expect(tested.status, tested.stdout + tested.stderr).to.equal(0)
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
