// A deploy over a migration: the processes of the previous release work on while the database changes under them, then both
// releases work side by side, and at last only the new one. Whatever either accepted is done once.

import { expect } from 'chai'
import { openLedger, type Ledger } from '../support/ledger.ts'
import { previousRelease, type Release } from '../support/previous-release.ts'
import { migrate, someProcesses, type Processes } from '../support/processes.ts'

describe('two releases side by side', function () {
  this.timeout(600_000)
  let release: Release | undefined
  let bellhop: Processes | undefined
  let ledger: Ledger | undefined
  afterEach(async () => {
    ledger?.close()
    await bellhop?.end()
    await release?.remove()
  })

  it('work on over a migration, on one database and one Redis', async function () {
    release = await previousRelease()
    if (!release) {
      console.log('      skipped: this clone does not hold the commit before the newest migration')
      this.skip()
    }
    bellhop = await someProcesses({}, { root: release.root })
    const origins = [bellhop.url]
    let turn = 0
    ledger = await openLedger(bellhop, () => origins[turn++ % origins.length] ?? '')
    await ledger.more(5)

    const own = { root: process.cwd() }
    await migrate(bellhop.env, own.root)
    await ledger.more(5)
    await bellhop.launch('workers', own)
    await bellhop.launch('realtime', own)
    const api = await bellhop.launch('api', own)
    origins.push(api.origin)
    await ledger.more(10)

    await bellhop.dismiss('workers')
    origins.shift()
    await bellhop.dismiss('api')
    await bellhop.start('api', own)
    await bellhop.dismiss('realtime')
    await bellhop.start('realtime', own)
    await ledger.more(10)
    await ledger.stop()
    expect(await ledger.balance()).to.deep.equal([])
    // What the older one answers while its tables change is what it was able to say.
    const ofTheNewer = ledger.refusals.filter((each) => each.endsWith(` at ${api.origin}`))
    expect(ofTheNewer.filter((each) => each.startsWith('500'))).to.deep.equal([])
  })
})
