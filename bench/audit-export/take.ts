// One way of taking it out, in a process of its own; what it measured is its only line of output.

import { createWriteStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { openDatabase } from '../../shared/kit/store/db.ts'
import { writeExport } from '../../shared/exports/write.ts'
import type { Taken } from './report.ts'
import { writeAtOnce } from './at-once.ts'

const [, , way, format = 'csv', orgId = ''] = process.argv
const db = openDatabase({ DATABASE_URL: process.env['DATABASE_URL'] ?? '', DATABASE_POOL: 2 })
const file = path.join(tmpdir(), `bellhop-bench-${process.pid}`)
let rows = 0

const since = performance.now()
if (way === 'streamed') {
  const about = {
    organisation: 'Bellhop Bench',
    locale: 'vi',
    timezone: 'Asia/Ho_Chi_Minh',
    at: new Date(),
    scope: 'all',
    filter: {},
  } as const
  const chunks = writeExport(db, orgId, format as Taken['format'], about, async (seen) => {
    rows = seen
  })
  await pipeline(Readable.from(chunks, { objectMode: false }), createWriteStream(file))
} else rows = await writeAtOnce(db, orgId, format as Taken['format'], file)
const seconds = (performance.now() - since) / 1000

const handle = await open(file)
const { size } = await handle.stat()
await handle.close()
await rm(file)
await db.destroy()
// The most it ever held, as the kernel saw it, in KiB.
process.stdout.write(
  JSON.stringify({
    rowsPerSecond: rows / seconds,
    peakBytes: process.resourceUsage().maxRSS * 1024,
    fileBytes: size,
  }),
)
