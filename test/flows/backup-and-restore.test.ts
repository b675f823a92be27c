// A backup of what people did, an empty machine, and work that goes on there. By the command, as an operator uses it.

import { chown, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { readManifest, sealBackup } from '../../bin/backup/manifest.ts'
import { openAsOwner, rowsOf, type Db } from '../../shared/kit/store/db.ts'
import { verifyChain } from '../../shared/audit/verify.ts'
import { sealAll } from '../../workers/audit-sealer.ts'
import { commandSettings, runCommand } from '../support/command.ts'
import { dropDatabase, emptyDatabase, urlOf } from '../support/database.ts'
import { TRIP } from '../support/people.ts'
import { askAndRoute } from '../support/story.ts'
import { until } from '../support/until.ts'
import { formWith, PNG } from '../support/upload.ts'
import { aWorld, type World } from '../support/world.ts'

/** Every row of every table, as one digest for each. */
async function contentOf(db: Db): Promise<Record<string, string>> {
  const tables = await rowsOf<{ name: string }>(
    db,
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
     and relname not like 'migrations%' order by relname`,
  )
  const digests: [string, string][] = []
  for (const { name } of tables) {
    const [found] = await rowsOf<{ digest: string }>(
      db,
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as digest from "${name}" t`,
    )
    digests.push([name, found?.digest ?? ''])
  }
  return Object.fromEntries(digests)
}

describe('a backup', function () {
  let w: World
  let home: string
  let kept: string
  let fileId: string
  let bookingId: string
  let written: Record<string, string>

  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'bellhop-backup-'))
    kept = path.join(home, 'backup')
    w = await aWorld({ with: ['api', 'workers'], env: { FILES_DIR: path.join(home, 'files') } })
    ;({ id: bookingId } = (await askAndRoute(w)).booking)
    const [employee, manager] = [await w.as('employee'), await w.as('manager')]
    fileId = (await employee.post('/chat/attachments', formWith(PNG, 'ảnh.png'))).body.id
    const { body: room } = await employee.post('/chat/conversations/with-user', { userId: manager.user.id })
    const roomId = room.id ?? room._id
    const sent = await employee.post(`/chat/rooms/${roomId}/messages`, {
      content: 'Dòng\\một\nhai\tba ế 🛎',
      messageType: 'image',
      attachments: [fileId],
    })
    expect(sent.status, JSON.stringify(sent.body)).to.equal(201)
    const { body: ticket } = await (await w.as('customer')).post('/support', { description: 'Pin hỏng' })
    await (await w.as('admin')).patch(`/support/${ticket.id}`, { status: 'closed' })
    await w.settle()
    await sealed(w)
    await until('all is told', async () => (await w.owner('outbox')).length === 0)
    written = await contentOf(w.owner)
    const made = await runCommand(settingsOf(w), ['backup', kept, '--json'])
    expect(made.code, made.complaint + made.output).to.equal(0)
    expect(JSON.parse(made.output)).to.deep.include({ ok: true, files: 1, problems: [] })
  })
  after(async () => {
    await w.end()
    await rm(home, { recursive: true, force: true })
  })

  const settingsOf = (world: World) => ({
    ...commandSettings(world),
    FILES_DIR: world.runtime.config.FILES_DIR ?? '',
  })

  /** Sealing goes on from where it was: in another server transactions have other numbers. */
  async function sealed({ runtime }: World): Promise<void> {
    const { id } = await runtime.db('organisations').where({ slug: 'demo' }).first('id')
    await until('all of the audit is sealed', async () => {
      await sealAll(runtime)
      return (await verifyChain(runtime.db, id)).waiting === 0
    })
  }

  /** An empty machine: its database, and where its files will lie. */
  async function elsewhere(): Promise<{ database: string; settings: Record<string, string>; files: string }> {
    const [database, files] = [await emptyDatabase(), await mkdtemp(path.join(home, 'files-'))]
    return {
      database,
      files,
      settings: { ...settingsOf(w), DATABASE_URL: urlOf(database), FILES_DIR: files },
    }
  }

  /** Of which one bit of one file is another. */
  async function withFlippedBit(name: string): Promise<string> {
    const dir = await copyOfBackup()
    const bytes = await readFile(path.join(dir, name))
    const at = Math.floor(bytes.length / 2)
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
    await writeFile(path.join(dir, name), bytes)
    return dir
  }

  async function copyOfBackup(): Promise<string> {
    const dir = await mkdtemp(path.join(home, 'copy-'))
    await cp(kept, dir, { recursive: true })
    return dir
  }

  it('is brought into an empty database and storage, row by row, and people go on there', async () => {
    const { database, settings, files } = await elsewhere()
    const restored = await runCommand(settings, ['restore', kept, '--verify'])
    expect(restored.code, restored.complaint + restored.output).to.equal(0)
    expect(restored.output)
      .to.match(/The backup is of \S+, \d+ min old, of Bellhop \d/)
      .and.include('The audit of demo')
    const owner = openAsOwner(urlOf(database))
    expect(await contentOf(owner)).to.deep.equal(written)
    await owner.destroy()
    const there = await aWorld({
      with: ['api', 'workers'],
      detour: async () => urlOf(database),
      env: { FILES_DIR: files, JWT_SECRET: w.runtime.config.JWT_SECRET.join(',') },
    })
    try {
      there.clock.moveTo(w.clock.now())
      const [employee, manager] = [await there.as('employee'), await there.as('manager')]
      const { body: pending } = await manager.get('/approvals/pending')
      expect(pending.map((each: { bookingId: string }) => each.bookingId)).to.include(bookingId)
      expect((await manager.post(`/approvals/${pending[0].id}/approve`)).status).to.equal(201)
      const asked = await employee.post('/bookings', { ...TRIP })
      expect(asked.status, JSON.stringify(asked.body)).to.equal(201)
      await there.settle()
      expect((await manager.get('/approvals/pending')).body).to.have.length(1)
      const image = await fetch(`${there.url}/files/${fileId}`, {
        headers: { authorization: `Bearer ${manager.accessToken}` },
      })
      expect(Buffer.from(await image.arrayBuffer()).equals(PNG)).to.equal(true)
      await sealed(there)
      const proven = await runCommand(settings, ['audit', 'verify', 'demo', '--json'])
      expect(proven.code, proven.output).to.equal(0)
    } finally {
      await there.end()
      await dropDatabase(database)
    }
  })

  it('that root brings back into the folder of somebody else is theirs, whose processes read it', async function () {
    if (process.getuid?.() !== 0) this.skip()
    const { database, settings, files } = await elsewhere()
    await chown(files, 65_534, 65_534)
    const FILES_DIR = path.join(files, 'of-bellhop', 'files')
    const restored = await runCommand({ ...settings, FILES_DIR }, ['restore', kept])
    expect(restored.code, restored.complaint + restored.output).to.equal(0)
    const all = await readdir(files, { recursive: true })
    expect(all.length).to.be.above(4)
    const owners = await Promise.all(all.map(async (each) => (await stat(path.join(files, each))).uid))
    expect(new Set(owners)).to.deep.equal(new Set([65_534]))
    await dropDatabase(database)
  })

  for (const name of ['tables/users.copy.gz', 'manifest.json', 'SHA256SUMS'])
    it(`of which one bit is another in ${name} is refused before anything is written`, async () => {
      const { database, settings } = await elsewhere()
      const { code, output, complaint } = await runCommand(settings, ['restore', await withFlippedBit(name)])
      expect(code, complaint).to.equal(1)
      expect(output)
        .to.include('Nothing was restored.')
        .and.match(/SHA-256 is another|is missing|is not of this/)
      const fresh = await aTableIn(database)
      expect(fresh).to.equal(null)
      await dropDatabase(database)
    })

  async function aTableIn(database: string): Promise<string | null> {
    const db = openAsOwner(urlOf(database))
    const [row] = await rowsOf<{ found: string | null }>(db, `select to_regclass('users')::text as found`)
    await db.destroy()
    return row?.found ?? null
  }

  it('whose file of a person is another, or that was never finished, is refused as well', async () => {
    const { files } = await readManifest(kept)
    const changed = await withFlippedBit(`files/${files[0]?.key}`)
    const { code, output } = await runCommand(settingsOf(w), ['restore', changed, '--dry-run'])
    expect([code, output.includes(`files/${files[0]?.key} is not what was written`)]).to.deep.equal([1, true])
    const unfinished = await copyOfBackup()
    await rm(path.join(unfinished, 'SHA256SUMS'))
    const broken = await runCommand(settingsOf(w), ['restore', unfinished])
    expect([broken.code, broken.output.includes('is no whole backup')]).to.deep.equal([1, true])
  })

  it('of a newer Bellhop is refused in words, by what this one does not know', async () => {
    const dir = await copyOfBackup()
    const manifest = await readManifest(dir)
    await rm(path.join(dir, 'SHA256SUMS'))
    await sealBackup(dir, { ...manifest, migrations: [...manifest.migrations, '9999_of_tomorrow.ts'] })
    const { database, settings } = await elsewhere()
    const { code, complaint } = await runCommand(settings, ['restore', dir])
    expect(code).to.equal(3)
    expect(complaint).to.include('The backup is of a newer Bellhop, which has 9999_of_tomorrow.ts')
    expect(await aTableIn(database)).to.equal(null)
    await dropDatabase(database)
  })

  it('goes into no database in which somebody is, and into no folder in which something lies', async () => {
    const used = await runCommand(settingsOf(w), ['restore', kept])
    expect([used.code, used.complaint.includes('into an empty one')]).to.deep.equal([3, true])
    expect((await runCommand(settingsOf(w), ['backup', kept])).code).to.equal(2)
  })

  it('is brought to a machine that has no servers yet: they are made in its folder', async () => {
    const DATA_DIR = path.join(home, 'data')
    const settings = {
      DATABASE_URL: '',
      REDIS_URL: '',
      REDIS_CLUSTER: '',
      JWT_SECRET: '',
      DATA_DIR,
      FILES_DIR: '',
    }
    const restored = await runCommand(settings, ['restore', kept, '--verify', '--json'])
    expect(restored.code, restored.complaint + restored.output).to.equal(0)
    const again = path.join(home, 'again')
    const copied = await runCommand(settings, ['backup', again, '--json'])
    expect(copied.code, copied.complaint + copied.output).to.equal(0)
    const [one, two] = [await readManifest(kept), await readManifest(again)]
    expect([two.tables, two.files, two.heads]).to.deep.equal([one.tables, one.files, one.heads])
  })
})
