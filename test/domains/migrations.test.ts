import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect } from 'chai'
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
})
