// A process that chose a port as `npm start` does, and is about to start the process that listens there.

import { holdPort } from '../../bin/embedded/ports.ts'

const [, , asked] = process.argv
const held = await holdPort(
  { name: 'REALTIME_PORT', asked, fallback: 3001, host: '127.0.0.1' },
  () => undefined,
)
await held.handOver()
process.send?.('handed over')
// It stays until it is killed, or whoever started it is gone.
process.on('disconnect', () => process.exit())
