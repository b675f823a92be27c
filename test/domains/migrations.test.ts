import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect } from 'chai'
import { migrateDatabase } from '../../bin/migrate.ts'
import { schemaOf } from '../../bin/schema.ts'
import { aWorld, type World } from '../support/world.ts'

describe('the migrations', () => {
  let w: World
  before(async () => {
    w = await aWorld({ with: [] })
  })
  after(() => w.end())

  it('lead to the schema that readers are shown (shared/migrations/schema.sql)', async () => {
    const shown = await readFile(
      path.resolve(import.meta.dirname, '../../shared/migrations/schema.sql'),
      'utf8',
    )
    expect(await schemaOf(w.runtime.db)).to.equal(shown)
  })

  it('leave a database alone that a newer release has migrated, so that this one starts on it again', async () => {
    const { db, config } = w.runtime
    const [{ max: batch } = { max: 0 }] = await db('migrations').max('batch')
    await db('migrations').insert({
      name: '9999_of_a_newer_release.ts',
      batch: batch + 1,
      migrationTime: new Date(),
    })
    expect((await migrateDatabase(config)).applied).to.equal(0)
  })
})
