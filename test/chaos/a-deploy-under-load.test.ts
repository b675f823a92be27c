// Every process is replaced while people work, as a rolling deploy does it: the new one is there before the old one is asked
// to go. Nothing is refused for longer than a client asks again, nothing is lost, and nothing happens twice.

import { expect } from 'chai'
import { openLedger, type Ledger } from '../support/ledger.ts'
import { someProcesses, type Processes } from '../support/processes.ts'

describe('a rolling deploy under load', function () {
  this.timeout(300_000)
  let bellhop: Processes
  let ledger: Ledger
  afterEach(async () => {
    ledger?.close()
    await bellhop.end()
  })

  it('loses nothing, does nothing twice, and ends each process in time', async () => {
    bellhop = await someProcesses()
    await bellhop.start('another')
    let origin = bellhop.url
    ledger = await openLedger(bellhop, () => origin)
    await ledger.more(10)

    await bellhop.launch('workers')
    const ends = [await bellhop.dismiss('workers')]
    await ledger.more(10)
    const api = await bellhop.launch('api', { env: { REALTIME_URL: bellhop.nodes.another } })
    origin = api.origin
    // Its sockets were forwarded by it; they come back through the same address, where a new one answers.
    ends.push(await bellhop.dismiss('api'))
    await bellhop.start('api')
    await ledger.more(10)
    ends.push(await bellhop.dismiss('realtime'))
    await bellhop.start('realtime')
    await ledger.more(10)

    await ledger.stop()
    expect(await ledger.balance()).to.deep.equal([])
    expect(ends.map(({ code }) => code)).to.deep.equal([0, 0, 0])
    expect(ledger.refusals.filter((each) => each.startsWith('500'))).to.deep.equal([])
  })
})
