import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { someProcesses, type Processes } from '../support/processes.ts'
import { until } from '../support/until.ts'

/** Clock ticks, of which Linux counts a hundred a second: field 14 and 15 of proc(5), behind a name that may hold anything. */
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

describe('an API that was killed', () => {
  let bellhop: Processes
  before(async function () {
    this.timeout(120_000)
    if (process.platform !== 'linux') return this.skip()
    bellhop = await someProcesses()
  })
  after(() => bellhop?.end())

  // A quiet machine needs a little more than one second; one that others use as well counts up to twice as many.
  it('is ready again after three seconds of work at most, for it is compiled already', async () => {
    await bellhop.kill('api')
    await bellhop.start('api')
    await until('it is ready', async () => (await fetch(`${bellhop.url}/readyz`)).status === 200)
    const seconds = cpuSecondsOf(bellhop.pidOf('api'))
    expect(seconds).to.be.below(3)
  })
}).timeout(180_000)
