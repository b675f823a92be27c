import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import {
  attachFiles,
  eraseRemoved,
  insertFile,
  removeFilesOfMessage,
  storeUpload,
} from '../../shared/files/actions.ts'
import { getFile, listAttachmentsOf } from '../../shared/files/queries.ts'
import type { Attachment } from '../../shared/files/schema.ts'
import { openStorage } from '../../shared/files/storage/open.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import { gate, untilItWaits } from '../support/gate.ts'
import type { Name } from '../support/people.ts'
import { actorOf, auditOf, carryOut } from '../support/story.ts'
import { bytesOnDisk } from '../support/upload.ts'
import { aWorld, type World } from '../support/world.ts'
import { enqueueDue } from '../../workers/schedule.ts'

const aMessage = () => ({ roomId: randomUUID(), messageId: randomUUID() })

describe('files and messages', () => {
  let w: World
  let employee: Actor
  beforeEach(async () => {
    w = await aWorld({ with: ['workers'] })
    employee = await actorOf(w, 'employee')
  })
  afterEach(() => w.end())

  async function aFile(name = 'a.txt', by: Actor = employee): Promise<Attachment> {
    const stored = await storeUpload({ config: w.runtime.config, now: w.clock.now() }, by, {
      name,
      source: (async function* () {
        yield Buffer.from(name)
      })(),
    })
    return w.change((change) => insertFile(change, by, stored))
  }
  const attach = (ids: readonly string[], message = aMessage(), by: Actor = employee) =>
    w.change((change) => attachFiles(change, by, ids, message))
  const reasonOf = (work: Promise<unknown>): Promise<[number, string]> =>
    work.then(
      () => [0, ''],
      (error) => [error.status, error.message],
    )
  const rowOf = (id: string) => w.runtime.db('files').where({ id }).first()

  it('a message takes its files in the order in which it names them, each once', async () => {
    const [one, two, three] = [await aFile('1'), await aFile('2'), await aFile('3')]
    const message = aMessage()
    expect(await attach([three.id, one.id, three.id, two.id], message)).to.deep.equal([three, one, two])
    expect(
      await listAttachmentsOf(w.runtime, employee.orgId, [message.messageId, randomUUID()]),
    ).to.deep.equal(new Map([[message.messageId, [three, one, two]]]))
    expect(await auditOf(w, { action: 'file_shared', entityId: one.id })).to.have.length(1)
  })

  it('a message that brings none takes none', async () => expect(await attach([])).to.deep.equal([]))

  it('a message takes ten files, and not eleven', async () => {
    const ids: string[] = []
    for (let n = 0; n < 11; n++) ids.push((await aFile()).id)
    expect(await reasonOf(attach(ids))).to.deep.equal([
      422,
      'At most 10 attachments are taken at once, not 11',
    ])
    expect(await attach(ids.slice(1))).to.have.length(10)
  })

  it(
    "a message takes nothing when one of its files is unknown, foreign, somebody else's, removed or taken; " +
      'the refusal names each',
    async () => {
      const of = async (name: Name): Promise<string> => (await aFile('a', await actorOf(w, name))).id
      const [mine, taken, removed] = [await aFile(), await aFile(), await aFile()]
      await attach([taken.id])
      await w.runtime.db('files').where({ id: removed.id }).update({ removedAt: w.clock.now() })
      const wrong = [randomUUID(), await of('manager'), await of('foreigner'), taken.id, removed.id]
      expect(await reasonOf(attach([mine.id, ...wrong]))).to.deep.equal([
        422,
        `Not a file of yours that waits to be taken: ${wrong.join(', ')}`,
      ])
      expect((await rowOf(mine.id)).messageId).to.equal(null)
    },
  )

  it('of two messages that take one file at once, one gets it', async () => {
    const { id } = await aFile()
    const [taken, hold] = [gate(), gate()]
    const first = w.change(async (change) => {
      await attachFiles(change, employee, [id], aMessage())
      taken.open()
      await hold.opened
    })
    await taken.opened
    const second = reasonOf(attach([id]))
    await untilItWaits(w, second)
    hold.open()
    await first
    expect((await second)[0]).to.equal(422)
  })

  it('the files of a removed message are gone for everybody at once, and their bytes by a job', async () => {
    const [kept, gone] = [await aFile('kept'), await aFile('gone')]
    const message = aMessage()
    await attach([gone.id], message)
    await attach([kept.id])
    await w.change((change) => removeFilesOfMessage(change, message.messageId, employee.id))
    expect(await reasonOf(getFile(w.runtime, employee.orgId, gone.id))).to.deep.equal([404, 'File not found'])
    await w.settle()
    expect((await w.runtime.db('files')).map(({ id }) => id)).to.deep.equal([kept.id])
    expect(await bytesOnDisk(w.runtime)).to.have.length(1)
    expect((await auditOf(w, { action: 'file_removed', entityId: gone.id }))[0]).to.include({
      actorId: employee.id,
    })
  })

  it('a removed message without files causes nothing', async () => {
    await w.change((change) => removeFilesOfMessage(change, randomUUID()))
    expect(await w.runtime.db('jobs').where({ name: 'maintenance.eraseFiles' })).to.deep.equal([])
  })

  describe('a file that no message takes', () => {
    it('stays for 24 hours, and not a sweep longer', async () => {
      const { id } = await aFile()
      w.clock.moveTo(new Date(w.clock.now().getTime() + 86_399_999))
      await carryOut(w, 'maintenance.sweepFiles', {})
      expect(await rowOf(id)).to.include({ removedAt: null })
      w.clock.moveTo(new Date(w.clock.now().getTime() + 1))
      await carryOut(w, 'maintenance.sweepFiles', {})
      expect([await rowOf(id), await bytesOnDisk(w.runtime)]).to.deep.equal([undefined, []])
    })

    it('is swept by the schedule, and one that a message took is not', async () => {
      const [orphan, taken] = [await aFile(), await aFile()]
      await attach([taken.id])
      await w.advance('1 day')
      await enqueueDue(w.runtime)
      await w.settle()
      expect([
        await rowOf(orphan.id),
        (await rowOf(taken.id))?.id,
        (await bytesOnDisk(w.runtime)).length,
      ]).to.deep.equal([undefined, taken.id, 1])
    })

    it('is swept once, however often the sweep runs', async () => {
      await aFile()
      await w.advance('1 day')
      for (let times = 0; times < 3; times++) await carryOut(w, 'maintenance.sweepFiles', {})
      expect(await auditOf(w, { action: 'file_removed' })).to.have.length(1)
      expect([await w.runtime.db('files'), await bytesOnDisk(w.runtime)]).to.deep.equal([[], []])
    })

    it('is not swept while a message is taking it', async () => {
      const { id } = await aFile()
      await w.advance('1 day')
      await w.change(async (change) => {
        await attachFiles(change, employee, [id], aMessage())
        await carryOut(w, 'maintenance.sweepFiles', {})
      })
      expect(await rowOf(id)).to.include({ removedAt: null })
      expect(await bytesOnDisk(w.runtime)).to.have.length(1)
    })

    it('goes with all others, though they are more than one sweep takes', async () => {
      for (let n = 0; n < 101; n++) await aFile()
      await w.advance('1 day')
      await carryOut(w, 'maintenance.sweepFiles', {})
      expect([await w.runtime.db('files'), await bytesOnDisk(w.runtime)]).to.deep.equal([[], []])
    })
  })

  it('bytes whose removal was given up are removed by the next sweep', async () => {
    await aFile()
    await w.runtime.db('files').update({ removedAt: w.clock.now() })
    await carryOut(w, 'maintenance.sweepFiles', {})
    expect([await w.runtime.db('files'), await bytesOnDisk(w.runtime)]).to.deep.equal([[], []])
  })

  it('bytes that are gone already keep nobody from forgetting their row', async () => {
    const { id } = await aFile()
    const { storageKey } = await rowOf(id)
    await openStorage(w.runtime.config).remove(storageKey)
    await w.runtime.db('files').update({ removedAt: w.clock.now() })
    for (let times = 0; times < 2; times++) await w.change(eraseRemoved)
    expect(await w.runtime.db('files')).to.deep.equal([])
  })

  it('what a killed process left half written is swept after a day, and what is being written is not', async () => {
    const hold = gate()
    const storage = openStorage(w.runtime.config)
    async function* slowly(): AsyncGenerator<Buffer> {
      yield Buffer.from('begun')
      await hold.opened
      yield Buffer.from('ended')
    }
    const dying = storage.put('dd/1', slowly(), w.clock.now())
    await w.advance('1 day')
    const living = storage.put('dd/2', slowly(), w.clock.now())
    w.clock.moveTo(new Date(w.clock.now().getTime() + 1))
    await carryOut(w, 'maintenance.sweepFiles', {})
    hold.open()
    expect(await reasonOf(dying))
      .to.have.length(2)
      .and.not.include(0)
    expect(await living).to.include({ size: 10 })
    expect(await bytesOnDisk(w.runtime)).to.deep.equal(['kept/dd/2'])
  })
})

describe('a folder of files', () => {
  it('is never left, whatever a key says', async () => {
    const w = await aWorld({ with: [] })
    for (const key of ['../../secret', '/etc/passwd', 'a/../../b', '']) {
      expect(
        await openStorage(w.runtime.config)
          .get(key)
          .then(
            () => 'read',
            () => 'refused',
          ),
        key,
      ).to.equal('refused')
    }
    await w.end()
  })
})
