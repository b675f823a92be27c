import { expect } from 'chai'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import type { Name } from '../support/people.ts'
import { someProcesses, type Processes } from '../support/processes.ts'
import { beginUpload, END, partHead } from '../support/upload.ts'

const PEOPLE: readonly Name[] = [
  'employee',
  'sic',
  'manager',
  'director',
  'driver',
  'staff',
  'admin',
  'supervisor',
  'owner',
  'customer',
]
const MEBIBYTE = 1024 * 1024
const SIZE = MEBIBYTE
const CHUNK = Buffer.alloc(64 * 1024, 'x')

describe('a thousand uploads at once', () => {
  let p: Processes
  before(async function () {
    p = await someProcesses({ MAX_UPLOADS: '32' })
  })
  after(() => p.end())

  const memory = async (): Promise<number> => {
    const metrics = await (await fetch(`${p.url}/metrics`)).text()
    return Number(/^bellhop_process_resident_memory_bytes (\S+)$/m.exec(metrics)?.[1]) / MEBIBYTE
  }

  async function upload(token: string): Promise<{ status: number; retryAfter: string | undefined }> {
    const slow = beginUpload(p.url, token)
    // Whoever is refused may find the connection closed under the rest of it.
    const sending = (async () => {
      await slow.send(partHead())
      for (let sent = 0; sent < SIZE; sent += CHUNK.length) await slow.send(CHUNK)
      await slow.send(END)
      slow.end()
    })()
    sending.catch(() => undefined)
    const { status, retryAfter } = await slow.answer
    if (status !== 201) slow.breakOff()
    return { status, retryAfter }
  }

  it('are taken whole or refused with a time to come back; none is half kept, and memory stays flat', async () => {
    const members = await Promise.all(PEOPLE.map((name) => p.as(name)))
    const before = await memory()
    let highest = before
    const watch = setInterval(
      () =>
        void memory().then(
          (now) => {
            highest = Math.max(highest, now)
          },
          () => undefined,
        ),
      100,
    )
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, n) => upload(members[n % members.length]?.accessToken ?? '')),
    )
    clearInterval(watch)
    highest = Math.max(highest, await memory())
    const count = (status: number): number => answers.filter((each) => each.status === status).length
    process.stdout.write(
      `      ${count(201)} of 1 MiB taken, ${count(503)} told 503 and ${count(429)} told 429; the API's ` +
        `memory: ${before.toFixed(0)} MiB before, ${highest.toFixed(0)} at most\n`,
    )

    expect(count(201) + count(503) + count(429)).to.equal(1000)
    expect(count(201)).to.be.greaterThan(0)
    expect(count(503) + count(429)).to.be.greaterThan(0)
    expect(answers.filter(({ status, retryAfter }) => status !== 201 && retryAfter !== '1')).to.deep.equal([])
    // All at once in memory would be 1000 MiB more.
    expect(highest - before).to.be.lessThan(500)
    const rows = await p.db('files').select('storageKey', 'size')
    expect([rows.length, new Set(rows.map(({ size }) => size))]).to.deep.equal([count(201), new Set([SIZE])])
    expect((await filesIn(p.env['FILES_DIR'] ?? '')).toSorted()).to.deep.equal(
      rows.map(({ storageKey }) => `kept/${storageKey}`).toSorted(),
    )
  })
})

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
}
