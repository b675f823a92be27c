import { createHash, randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { verifyChain, type ChainVerdict } from '../../shared/audit/verify.ts'
import type { Change } from '../../shared/kit/store/change.ts'
import { openDatabase, type Db } from '../../shared/kit/store/db.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import { sealAll } from '../../workers/audit-sealer.ts'
import { gate } from '../support/gate.ts'
import { actorOf } from '../support/story.ts'
import { until } from '../support/until.ts'
import { aWorld, type World } from '../support/world.ts'

describe('the chain of the audit', () => {
  let w: World
  let admin: Actor
  beforeEach(async () => {
    w = await aWorld({ with: [] })
    admin = await actorOf(w, 'admin')
  })
  afterEach(() => w.end())

  const write = (description: string, orgId = admin.orgId): Promise<void> =>
    w.change((change) =>
      insertRow(change, {
        orgId,
        actorId: admin.id,
        entityId: randomUUID(),
        description,
        metadata: JSON.stringify({ b: [1, { z: 'ể', a: null }], a: 0.5 }),
      }),
    )
  /** As an earlier release wrote them, with a finished sentence. */
  const insertRow = async (
    change: Change,
    row: { orgId: string; description: string; actorId?: string; entityId?: string; metadata?: string },
  ): Promise<void> =>
    void (await change.db('audit_log').insert({
      ...row,
      at: change.now,
      action: 'tested',
      entity: 'test',
      requestId: change.origin.requestId,
    }))
  const sealed = async (): Promise<ChainVerdict> => {
    await sealAll(w.runtime)
    return verifyChain(w.runtime.db, admin.orgId)
  }
  const rows = (): Promise<{ id: number; n: number; description: string }[]> =>
    w
      .owner('audit_seals as s')
      .join('audit_log as a', 'a.id', 's.auditId')
      .where('s.orgId', admin.orgId)
      .orderBy('s.n')
      .select('a.id', 's.n', 'a.description')

  /** Past rights and triggers, as only a superuser can. */
  const tamper = (work: (db: Db) => Promise<unknown>): Promise<unknown> =>
    w.owner.transaction(async (trx) => {
      await trx.raw('set local session_replication_role = replica')
      await work(trx)
    })

  for (const table of ['audit_log', 'audit_seals']) {
    it(`the processes can read and write ${table}, but not change, remove or empty it`, async () => {
      await write('Một')
      await sealAll(w.runtime)
      expect((await w.runtime.db(table)).length).to.be.above(0)
      const refusals = {
        update: () => w.runtime.db(table).update({ orgId: admin.orgId }),
        delete: () => w.runtime.db(table).delete(),
        truncate: () => w.runtime.db.raw(`truncate ${table}`),
      }
      for (const [what, work] of Object.entries(refusals))
        expect(
          await work().then(
            () => 'done',
            (error: Error) => error.message,
          ),
          what,
        ).to.match(/permission denied for table/)
      await w.runtime.db.raw('reset role')
      expect((await w.runtime.db.raw('select current_user as me')).rows).to.deep.equal([
        { me: 'bellhop_application' },
      ])
    })

    it(`nor does the owner of ${table} by mistake`, async () => {
      await write('Một')
      await sealAll(w.runtime)
      const attempts = [
        () => w.owner(table).update({ orgId: admin.orgId }),
        () => w.owner(table).delete(),
        () => w.owner.raw(`truncate ${table}`),
      ]
      for (const work of attempts)
        expect(
          await work().then(
            () => 'done',
            (error: Error) => error.message,
          ),
        ).to.match(/The audit stands as it was written/)
    })
  }

  it("an account of the processes' own has no way to more than that role", async () => {
    const name = `processes_${randomUUID().slice(0, 8)}`
    await w.owner.raw(`create role ${name} login password 'x' in role bellhop_application`)
    const url = new URL(w.runtime.config.DATABASE_URL)
    ;[url.username, url.password] = [name, 'x']
    const db = openDatabase({ DATABASE_URL: url.href, DATABASE_POOL: 2 })
    const tries = [
      'set role none',
      'reset role',
      'set session_replication_role = replica',
      'alter table audit_log disable trigger all',
      'update audit_log set ip = null',
      'truncate audit_seals',
      'drop function erase_from_audit',
    ]
    const answers = await Promise.all(
      tries.map((sql) =>
        db.raw(sql).then(
          () => 'done',
          (error: Error) => error.message,
        ),
      ),
    )
    await db.destroy()
    await w.owner.raw(`drop role ${name}`)
    expect(answers.slice(0, 2)).to.deep.equal(['done', 'done'])
    for (const [at, answer] of answers.slice(2).entries())
      expect(answer, tries[at + 2]).to.match(/permission denied|must be owner/)
  })

  it('holds every row there was, from the first on, each in the chain of its organisation', async () => {
    const { orgId } = await actorOf(w, 'foreigner')
    for (const each of [admin.orgId, orgId, admin.orgId, orgId]) await write('Một', each)
    const { rows: count, flaw, waiting } = await sealed()
    expect({ count, flaw, waiting }).to.deep.equal({
      count: (await w.owner('audit_log').where({ orgId: admin.orgId })).length,
      flaw: undefined,
      waiting: 0,
    })
    expect((await rows()).map(({ n }) => n)).to.deep.equal(Array.from({ length: count }, (_, at) => at + 1))
    expect((await verifyChain(w.runtime.db, orgId)).flaw).to.equal(undefined)
  })

  it('is what docs/AUDIT.md says, computed by hand', async () => {
    await write('Xe đến')
    const { head } = await sealed()
    const {
      rows: [last],
    } = await w.owner.raw(
      `
      select a.*, s.n, coalesce(encode(p.hash, 'hex'), repeat('0', 64)) as previous from audit_seals s join audit_log a on a.id = s.audit_id
      left join audit_seals p on p.org_id = s.org_id and p.n = s.n - 1 where s.org_id = ? order by s.n desc limit 1`,
      [admin.orgId],
    )
    const sha = (text: string): string => createHash('sha256').update(text).digest('hex')
    const commitment = sha(`["${last.salt}","Xe đến",{"a":0.5,"b":[1,{"a":null,"z":"ể"}]},"test",null]`)
    expect(head?.hash).to.equal(
      sha(
        `["${last.previous}","${admin.orgId}",${last.n},${last.id},"${last.at.toISOString()}","${admin.id}",null,"tested","test","${last.entityId}","${commitment}"]`,
      ),
    )
  })

  it('takes a row whose transaction took long at its end, and none twice', async () => {
    const hold = gate()
    const late = w.change(async (change) => {
      await insertRow(change, { orgId: admin.orgId, description: 'Muộn' })
      await hold.opened
    })
    await write('Sớm')
    for (let times = 0; times < 3; times++) await sealed()
    expect((await rows()).at(-1)?.description).to.equal('Sớm')
    hold.open()
    await late
    const { flaw, rows: count } = await sealed()
    expect([flaw, count]).to.deep.equal([
      undefined,
      (await w.owner('audit_log').where({ orgId: admin.orgId })).length,
    ])
    expect((await rows()).at(-1)?.description).to.equal('Muộn')
  })

  /** Transactions of other databases on the server count: there are other tests. */
  const untilNothingIsOpen = (): Promise<void> =>
    until('the sealer looks back no further than the last row', async () => {
      expect((await sealed()).flaw).to.equal(undefined)
      const [{ sealedUpTo }] = await w.owner('audit_sealing')
      return sealedUpTo === (await rows()).at(-1)?.id
    })

  it('looks back no further than it must', async () => {
    await write('Một')
    await untilNothingIsOpen()
  })

  it('goes on after a backup was restored on a server whose transactions count from less', async () => {
    await w.owner.raw(
      `update audit_sealing set next_up_to = 0, next_transaction = (pg_current_xact_id()::text::bigint + 1000000)::text::xid8`,
    )
    await write('Một')
    await untilNothingIsOpen()
  })

  it('is made by one sealer at a time, however many there are', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => write(String(n))))
    await Promise.all(Array.from({ length: 4 }, () => sealAll(w.runtime)))
    const { flaw, waiting } = await sealed()
    expect([flaw, waiting]).to.deep.equal([undefined, 0])
  })

  it('seals more than one batch in a go', async () => {
    await w.owner.raw(
      `insert into audit_log (at, org_id, action, entity, description, request_id)
        select now(), ?, 'tested', 'test', n::text, 'x' from generate_series(1, 2400) n`,
      [admin.orgId],
    )
    const { flaw, rows: count, waiting } = await sealed()
    expect([flaw, count >= 2400, waiting]).to.deep.equal([undefined, true, 0])
  })

  describe('tampered with by the superuser', () => {
    let target: { id: number; n: number }
    beforeEach(async () => {
      for (const each of ['Một', 'Hai', 'Ba', 'Bốn']) await write(each)
      await sealAll(w.runtime)
      const found = (await rows()).at(-3)
      if (!found) throw new Error('Nothing is sealed.')
      target = found
    })

    const flaw = async () => (await verifyChain(w.runtime.db, admin.orgId)).flaw

    const CHANGES: Readonly<Record<string, object>> = {
      'its words': { description: 'Không có gì' },
      'its metadata': { metadata: '{}' },
      'its address': { ip: '10.0.0.1' },
      'its request': { requestId: 'x' },
      'its salt': { salt: randomUUID() },
      'who did it': { actorId: randomUUID() },
      'in whose place': { onBehalfOfId: randomUUID() },
      'what was done': { action: 'login' },
      'to what': { entity: 'user' },
      'to which': { entityId: randomUUID() },
      when: { at: new Date(0) },
    }
    for (const [what, patch] of Object.entries(CHANGES)) {
      it(`shows where a row was changed: ${what}`, async () => {
        await tamper((db) => db('audit_log').where({ id: target.id }).update(patch))
        expect(await flaw()).to.include({ n: target.n, id: target.id })
      })
    }

    it('shows where a row was moved to another organisation', async () => {
      await tamper(async (db) =>
        db('audit_log')
          .where({ id: target.id })
          .update({ orgId: (await actorOf(w, 'foreigner')).orgId }),
      )
      expect(await flaw()).to.include({ n: target.n, id: target.id, what: 'its row is missing' })
    })

    it('shows where a row was removed, with its seal or without', async () => {
      await tamper((db) => db('audit_log').where({ id: target.id }).delete())
      expect(await flaw()).to.include({ n: target.n, id: target.id, what: 'its row is missing' })
      await tamper((db) => db('audit_seals').where({ auditId: target.id }).delete())
      expect(await flaw()).to.include({ n: target.n, what: 'its seal is missing' })
    })

    it('shows where one was removed and the others closed up', async () => {
      await tamper(async (db) => {
        await db('audit_log').where({ id: target.id }).delete()
        await db('audit_seals').where({ auditId: target.id }).delete()
        for (const { n } of (await rows()).filter((each) => each.n > target.n))
          await db('audit_seals')
            .where({ orgId: admin.orgId, n })
            .update({ n: n - 1 })
      })
      expect(await flaw()).to.include({ n: target.n })
    })

    it('shows a row that was put in between', async () => {
      for (let times = 0; times < 2; times++) await sealAll(w.runtime)
      await tamper((db) =>
        db.raw(
          `insert into audit_log (id, at, org_id, action, entity, description, request_id) values (-1,
            now(), ?, 'login', 'session', 'Đã vào', 'x')`,
          [admin.orgId],
        ),
      )
      await sealAll(w.runtime)
      expect(await flaw()).to.deep.equal({ n: null, id: -1, what: 'it came in past the sealer' })
    })

    it('shows where two were swapped', async () => {
      await tamper((db) =>
        db.raw(
          `update audit_log a set description = b.description, salt = b.salt, metadata = b.metadata
            from audit_log b where (a.id, b.id) in ((:one, :other), (:other, :one))`,
          { one: target.id, other: target.id + 1 },
        ),
      )
      expect(await flaw()).to.include({ n: target.n, id: target.id })
    })

    it('shows where seals were swapped', async () => {
      await tamper(async (db) => {
        await db('audit_seals').where({ orgId: admin.orgId, n: target.n }).update({ n: -1 })
        await db('audit_seals')
          .where({ orgId: admin.orgId, n: target.n + 1 })
          .update({ n: target.n })
        await db('audit_seals')
          .where({ orgId: admin.orgId, n: -1 })
          .update({ n: target.n + 1 })
      })
      expect(await flaw()).to.include({ n: target.n })
    })

    it('shows where the words of one were taken away as if it had been erased', async () => {
      await tamper((db) =>
        db('audit_log')
          .where({ id: target.id })
          .update({ description: '', metadata: '{}', ip: null, requestId: '', salt: null }),
      )
      expect(await flaw()).to.include({ n: target.n, id: target.id })
      await tamper((db) => db('audit_log').where({ id: target.id }).update({ erasedBy: target.id }))
      expect((await flaw())?.what).to.equal('rows are erased, and no row says so')
    })

    it('shows that its end was cut off to whoever kept its head', async () => {
      const { head } = await verifyChain(w.runtime.db, admin.orgId)
      await tamper(async (db) => {
        await db('audit_seals').where({ orgId: admin.orgId, n: head?.n }).delete()
        await db('audit_log')
          .where({ id: (await rows()).at(-1)?.id ?? 0 })
          .delete()
      })
      const { flaw: found } = await verifyChain(w.runtime.db, admin.orgId, head)
      expect(found).to.include({ n: head?.n, what: 'it was there, and is no more' })
    })

    it('shows that all of it was sealed anew to whoever kept a head', async () => {
      const { head } = await verifyChain(w.runtime.db, admin.orgId)
      await tamper(async (db) => {
        await db('audit_log').where({ id: target.id }).update({ description: 'Khác' })
        await db('audit_seals').where({ orgId: admin.orgId }).delete()
        await db('audit_sealing').update({ sealedUpTo: 0, nextUpTo: null, nextTransaction: null })
      })
      await sealAll(w.runtime)
      expect(await flaw()).to.equal(undefined)
      expect((await verifyChain(w.runtime.db, admin.orgId, head)).flaw).to.include({
        n: head?.n,
        what: 'it has another hash than the one that was kept',
      })
    })
  })
})
