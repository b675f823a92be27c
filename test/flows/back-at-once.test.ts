import { readdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { someProcesses, type Processes } from '../support/processes.ts'
import { until } from '../support/until.ts'

const CACHE = path.resolve(import.meta.dirname, '../../node_modules/.cache/bellhop')

/** Each version of the code that was compiled, with the instant at which it was. */
function compiled(): string[] {
  return readdirSync(CACHE)
    .filter((name) => /^[\da-f]{20}$/.test(name))
    .map((name) => `${name} ${statSync(path.join(CACHE, name, 'api/main.mjs')).mtimeMs}`)
    .toSorted()
}

describe('an API that was killed', () => {
  let bellhop: Processes
  before(async function () {
    bellhop = await someProcesses()
  })
  after(() => bellhop?.end())

  // Translating it at each start took six seconds of a processor; how long it takes now is shown by hand, as any machine differs.
  it('is ready again from what was compiled before', async () => {
    const before = compiled()
    expect(before).to.not.have.length(0)
    await bellhop.kill('api')
    await bellhop.start('api')
    await until('it is ready', async () => (await fetch(`${bellhop.url}/readyz`)).status === 200)
    expect(compiled()).to.deep.equal(before)
  })
})
