import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { giveUpExport } from '../../shared/exports/actions/make.ts'
import { makeExportJob } from '../../shared/exports/jobs.ts'
import { verifyFile, type FileVerdict } from '../../shared/exports/verify.ts'
import { writeExport } from '../../shared/exports/write.ts'
import { sealAll } from '../../workers/audit-sealer.ts'
import { enqueueDue } from '../../workers/schedule.ts'
import { mustBeProblem } from '../support/problems.ts'
import { auditOf, carryOut } from '../support/story.ts'
import { until } from '../support/until.ts'
import { bytesOnDisk } from '../support/upload.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('taking the audit out', () => {
  let w: World
  let people: Record<'admin' | 'employee' | 'foreignAdmin', Person>
  let roomId: string
  before(async () => {
    w = await aWorld()
    people = {
      admin: await w.as('admin'),
      employee: await w.as('employee'),
      foreignAdmin: await w.as('foreignAdmin'),
    }
    roomId = (
      await people.employee.post('/chat/conversations/with-user', { userId: await w.idOf('manager') })
    ).body.id
    const { body: said } = await people.employee.post(`/chat/rooms/${roomId}/messages`, {
      content: 'Một lời mật',
    })
    await people.employee.delete(`/chat/messages/${said.id}`)
    await w.settle()
    await sealAll(w.runtime)
    await w.advance('1 minutes')
  })
  after(() => w.end())

  const verified = (text: string): Promise<FileVerdict> =>
    verifyFile(async function* () {
      for (let at = 0; at < text.length; at += 1000) yield text.slice(at, at + 1000)
    })
  const take = async (query = ''): Promise<string> => {
    const reply = await fetch(`${w.url}/audit/export?${query}`, {
      headers: { authorization: `Bearer ${people.admin.accessToken}` },
    })
    expect(reply.status).to.equal(200)
    return reply.text()
  }

  describe('as a stream', () => {
    it('is a pdf unless something else is asked for, to be saved', async () => {
      const { status, headers, body } = await people.admin.get('/audit/export')
      expect([status, headers.get('content-type'), headers.get('content-disposition')]).to.deep.equal([
        200,
        'application/pdf',
        'attachment; filename=audit-demo-2031-03-03.pdf',
      ])
      expect(body).to.match(/^%PDF-/)
    })

    it('holds every row of the organisation up to then, and none of another', async () => {
      const rows = JSON.parse(await take('format=json'))
      const expected = await w.runtime
        .db('audit_log')
        .where({ orgId: people.admin.user.orgId })
        .where('at', '<', w.clock.now())
        .orderBy(['at', 'id'])
        .pluck('id')
      expect(rows.map(({ id }: { id: number }) => id)).to.deep.equal(expected)
      expect(rows.find(({ action }: { action: string }) => action === 'message_sent').actor).to.equal(
        'Nguyễn Thị Mai',
      )
    })

    it('takes the filters of reading', async () => {
      const of = async (query: string): Promise<string[]> =>
        JSON.parse(await take(`format=json&${query}`)).map(({ action }: { action: string }) => action)
      expect(await of('action=message_sent')).to.deep.equal(['message_sent'])
      expect(await of(`roomId=${roomId}`)).to.deep.equal(['room_created', 'message_sent', 'message_deleted'])
      expect(await of('from=2090-01-01T00:00:00Z')).to.deep.equal([])
    })

    it('of chat rooms holds what happened there, and never what was said', async () => {
      const { body, status } = await people.admin.get('/chat/audit/export?format=json')
      expect(status).to.equal(200)
      expect(body.map(({ action }: { action: string }) => action)).to.deep.equal([
        'room_created',
        'message_sent',
        'message_deleted',
      ])
      for (const format of ['csv', 'json']) expect(await take(`format=${format}`)).not.to.include('lời mật')
    })

    it('is itself audited', async () => {
      await people.admin.get('/audit/export?format=csv&action=login', { 'x-request-id': 'export-audited' })
      const [row] = await auditOf(w, { requestId: 'export-audited' })
      expect(row).to.deep.include({ action: 'export', actorId: people.admin.user.id })
      expect(row?.['metadata']).to.deep.include({ format: 'csv', scope: 'all' })
    })

    it('is for ADMINs, and names every problem', async () => {
      mustBeProblem(await people.employee.get('/audit/export'), 403)
      mustBeProblem(await people.admin.get('/audit/export?format=docx&actorId=x'), 400)
    })

    it('reads no further than it is read, and stops when nobody reads', async () => {
      await w.owner.raw(
        `insert into audit_log (at, org_id, action, entity, description, request_id)
          select '2020-01-01', ?, 'tested', 'test', n::text, 'x' from generate_series(1, 5000) n`,
        [people.foreignAdmin.user.orgId],
      )
      const pages: number[] = []
      const about = {
        organisation: 'x',
        locale: 'en',
        timezone: 'UTC',
        at: w.clock.now(),
        scope: 'all',
        filter: {},
      } as const
      const chunks = writeExport(
        w.runtime.db,
        people.foreignAdmin.user.orgId,
        'csv',
        about,
        async (rows) => void pages.push(rows),
      )
      await chunks.next()
      expect(pages).to.deep.equal([])
      for (let times = 0; times < 2; times++) await chunks.next()
      expect(pages).to.deep.equal([500])
      await chunks.return(undefined)
      expect([await chunks.next(), pages]).to.deep.equal([{ done: true, value: undefined }, [500]])
    })
  })

  describe('when the database fails', () => {
    /** What an operator's mistake looks like from here. */
    const without = async (work: () => Promise<void>): Promise<void> => {
      await w.owner.raw('alter table audit_seals rename to hidden_seals')
      try {
        await work()
      } finally {
        await w.owner.raw('alter table hidden_seals rename to audit_seals')
      }
    }
    const begin = (): Promise<Response> =>
      fetch(`${w.url}/audit/export?format=csv&action=wide`, {
        headers: { authorization: `Bearer ${people.foreignAdmin.accessToken}` },
      })

    it('before the first byte, it says so', () =>
      without(async () => {
        const reply = await begin()
        expect([reply.status, reply.headers.get('content-type')]).to.deep.equal([
          500,
          'application/problem+json; charset=utf-8',
        ])
      }))

    it('in the midst of it, the connection breaks: a part is not taken for the whole', async () => {
      await w.owner.raw(
        `insert into audit_log (at, org_id, action, entity, description, request_id, metadata)
          select '2020-01-02', ?, 'wide', 'test', '', 'x', jsonb_build_object('wide', repeat('x', 20000)) from generate_series(1, 3000) n`,
        [people.foreignAdmin.user.orgId],
      )
      const reply = await begin()
      const reader = reply.body?.getReader()
      await reader?.read()
      await without(async () => {
        const rest = async (): Promise<string> => {
          for (;;) if ((await reader?.read())?.done) return 'whole'
        }
        expect(await rest().catch(() => 'broken')).to.equal('broken')
      })
    })
  })

  describe('can be verified by whoever has the file', () => {
    for (const format of ['csv', 'json']) {
      it(`${format}: whole, sound, and with its place when a letter was changed`, async () => {
        const file = await take(`format=${format}&to=${w.clock.now().toISOString()}`)
        const { flaw, isExcerpt, rows } = await verified(file)
        expect([flaw, isExcerpt, rows > 10]).to.deep.equal([undefined, false, true])
        const row = (await auditOf(w, { action: 'message_sent' }))[0]
        const changed = await verified(file.replace('message_sent', 'message_read'))
        expect(changed.flaw).to.include({ id: row?.['id'], what: 'it is not what was sealed' })
      })

      it(`${format}: says that rows are missing between others`, async () => {
        const excerpt = await verified(await take(`format=${format}&entity=message`))
        expect([excerpt.flaw, excerpt.isExcerpt]).to.deep.equal([undefined, true])
      })
    }

    it('shows a row that was changed and sealed anew, by the row after it', async () => {
      const rows = JSON.parse(await take('format=json'))
      const two = rows[2]
      const forged = rows.map((row: { n: number }) =>
        row.n === two.n ? { ...row, hash: 'f'.repeat(64) } : row,
      )
      expect(
        (await verified(`[\n${forged.map((row: object) => JSON.stringify(row)).join(',\n')}\n]`)).flaw,
      ).to.include({ n: two.n })
    })

    it('says so when the file is none', async () => {
      expect(
        await verified('[\n{"a":1}\n]').then(
          () => 'read',
          ({ status }) => status,
        ),
      ).to.equal(400)
    })
  })

  describe('in the background', () => {
    const order = async (
      body: object = { format: 'csv' },
    ): Promise<{ id: string; location: string; reply: any }> => {
      const reply = await people.admin.post('/audit/exports', body)
      expect(reply.status, JSON.stringify(reply.body)).to.equal(202)
      return { id: reply.body.id, location: reply.headers.get('location') ?? '', reply: reply.body }
    }

    it('is ordered, followed, and fetched by its link without a token', async () => {
      const socket = await people.admin.socket()
      const { location, reply } = await order()
      expect(reply).to.include({
        status: 'PENDING',
        percent: 0,
        url: null,
        expiresAt: null,
        scope: 'all',
        format: 'csv',
      })
      await w.settle()
      const { body: done } = await w.anybody.get(location, {
        authorization: `Bearer ${people.admin.accessToken}`,
      })
      expect(done).to.include({ status: 'DONE', percent: 100 })
      const told = await socket.next(
        (frame) => frame.ev === 'export.progress' && frame['data'].status === 'DONE',
      )
      expect(told['data']).to.deep.equal(done)
      const file = await w.anybody.get(done.url)
      expect([
        file.status,
        file.headers.get('content-type'),
        file.headers.get('content-length'),
        file.headers.get('content-disposition'),
      ]).to.deep.equal([
        200,
        'text/csv; charset=utf-8',
        String(done.size),
        'attachment; filename=audit-demo-2031-03-03.csv',
      ])
      expect((await verified(file.body)).flaw).to.equal(undefined)
    })

    it('tells its percent, at the job too', async () => {
      await w.owner.raw(
        `insert into audit_log (at, org_id, action, entity, description, request_id)
          select '2020-01-01', ?, 'slow', 'test', n::text, 'x' from generate_series(1, 1500) n`,
        [people.admin.user.orgId],
      )
      const socket = await people.admin.socket()
      const { id } = await order({ format: 'json', action: 'slow' })
      await socket.next(
        (frame) =>
          frame.ev === 'export.progress' && frame['data'].id === id && frame['data'].status === 'DONE',
      )
      expect(socket.events('export.progress').map(({ data }) => [data.status, data.percent])).to.deep.equal([
        ['RUNNING', 33],
        ['RUNNING', 66],
        ['RUNNING', 99],
        ['DONE', 100],
      ])
      await w.settle()
      const job = (await w.runtime.queues.get('exports').getCompleted()).find(({ data }) =>
        JSON.stringify(data).includes(id),
      )
      expect(job?.progress).to.equal(99)
    })

    it('leaves one result when a worker died over it, and when its job rings again', async () => {
      const { id } = await order({ format: 'json' })
      await w.settle()
      const before = await bytesOnDisk(w.runtime)
      await w.runtime.db('exports').where({ id }).update({ status: 'PENDING', expiresAt: null, percent: 40 })
      await carryOut(w, 'exports.make', { exportId: id })
      const { body: done } = await people.admin.get(`/audit/exports/${id}`)
      await carryOut(w, 'exports.make', { exportId: id })
      expect((await people.admin.get(`/audit/exports/${id}`)).body).to.deep.equal(done)
      expect(await bytesOnDisk(w.runtime)).to.deep.equal(before)
      await carryOut(w, 'exports.make', { exportId: randomUUID() })
    })

    it('of one organisation is written after the other, the oldest first, and of others meanwhile', async () => {
      const first = await order()
      await w.settle()
      await w.runtime
        .db('exports')
        .where({ id: first.id })
        .update({
          status: 'RUNNING',
          claimedUntil: new Date(w.clock.now().getTime() + 3_600_000),
          createdAt: new Date(0),
        })
      const [second, third] = [await order(), await order()]
      const foreign = (await people.foreignAdmin.post('/audit/exports', { format: 'csv', action: 'login' }))
        .body
      await until(
        'the other organisation has its own',
        async () => (await people.foreignAdmin.get(`/audit/exports/${foreign.id}`)).body.status === 'DONE',
      )
      const waiting = async (): Promise<unknown[]> =>
        await w.runtime.db('jobs').where({ name: 'exports.make' }).where('due_at', '>', w.clock.now())
      await until('both wait', async () => (await waiting()).length === 2)
      for (const { id } of [second, third])
        expect((await people.admin.get(`/audit/exports/${id}`)).body.status).to.equal('PENDING')
      await w.runtime.db('exports').where({ id: first.id }).update({ status: 'DONE', claimedUntil: null })
      await w.advance('1 minute')
      for (const { id } of [second, third])
        expect((await people.admin.get(`/audit/exports/${id}`)).body.status).to.equal('DONE')
    })

    it('twenty at once of one organisation are written one at a time, and hold up nothing of another', async () => {
      await w.settle()
      const ours = await Promise.all(Array.from({ length: 20 }, () => order()))
      const foreign = (await people.foreignAdmin.post('/audit/exports', { format: 'csv', action: 'login' }))
        .body
      const statusesOf = async (): Promise<string[]> =>
        w.runtime
          .db('exports')
          .whereIn(
            'id',
            ours.map(({ id }) => id),
          )
          .pluck('status')
      const count = (statuses: string[], status: string): number =>
        statuses.filter((each) => each === status).length
      await w.settle()
      expect((await people.foreignAdmin.get(`/audit/exports/${foreign.id}`)).body.status).to.equal('DONE')
      expect(count(await statusesOf(), 'PENDING')).to.be.greaterThan(0)
      expect(await w.runtime.db('jobs').where({ orgId: people.foreignAdmin.user.orgId })).to.deep.equal([])
      for (let turn = 0; turn < 20 && count(await statusesOf(), 'DONE') < 20; turn++) {
        expect(count(await statusesOf(), 'RUNNING')).to.be.at.most(1)
        await w.advance('5 seconds')
      }
      expect(count(await statusesOf(), 'DONE')).to.equal(20)
    })

    it('that may name somebody who is erased goes, says why, and is made anew by hand', async () => {
      const { id } = await order({ format: 'json' })
      await w.settle()
      const { url } = (await people.admin.get(`/audit/exports/${id}`)).body
      await people.admin.post(`/users/${await w.idOf('driver')}/erase`)
      await w.settle()
      mustBeProblem(await w.anybody.get(url), 404)
      expect((await people.admin.get(`/audit/exports/${id}`)).body).to.deep.include({
        status: 'FAILED',
        url: null,
        reason: 'Somebody whom it may name was erased since: tried again, it is made without them',
      })
      expect((await people.admin.post(`/audit/exports/${id}/retry`)).status).to.equal(202)
      await w.settle()
      expect((await people.admin.get(`/audit/exports/${id}`)).body).to.deep.include({
        status: 'DONE',
        reason: null,
      })
    })

    it('that failed is swept after a day, with the job that nobody tries again', async () => {
      const { id } = await order()
      await w.settle()
      await w.runtime.db('exports').where({ id }).update({ status: 'RUNNING', expiresAt: null })
      await w.change((change) =>
        giveUpExport(change, { exportId: id }, 'Files cannot be stored or read right now'),
      )
      await w.advance('25 hours')
      await enqueueDue(w.runtime)
      await w.settle()
      expect(await w.runtime.db('exports').where({ id })).to.deep.equal([])
    })

    it('that fails for good says why, tells its asker, and is begun again by hand', async () => {
      const { id } = await order()
      const location = `/audit/exports/${id}`
      await w.settle()
      await w.runtime.db('exports').where({ id }).update({ status: 'RUNNING', expiresAt: null })
      const socket = await people.admin.socket()
      await w.change((change) =>
        giveUpExport(change, { exportId: id }, 'Files cannot be stored or read right now'),
      )
      await w.settle()
      const told = await socket.next((frame) => frame.ev === 'export.progress' && frame['data'].id === id)
      expect(told['data']).to.include({
        status: 'FAILED',
        reason: 'Files cannot be stored or read right now',
      })
      const { body: failed } = await people.admin.get(location)
      expect(failed).to.include({
        status: 'FAILED',
        reason: 'Files cannot be stored or read right now',
        url: null,
      })
      mustBeProblem(await people.foreignAdmin.post(`${location}/retry`), 404)
      const again = await people.admin.post(`${location}/retry`)
      expect([again.status, again.body.status, again.body.reason]).to.deep.equal([202, 'PENDING', null])
      await w.settle()
      expect((await people.admin.get(location)).body).to.include({ status: 'DONE', percent: 100 })
      mustBeProblem(await people.admin.post(`${location}/retry`), 409)
    })

    it('is FAILED when its job has no attempts left, because nothing can be stored', async () => {
      const { id } = await order()
      const location = `/audit/exports/${id}`
      await w.settle()
      const { storageKey } = await w.runtime.db('exports').where({ id }).first('storageKey')
      await w.runtime
        .db('exports')
        .where({ id })
        .update({ status: 'PENDING', expiresAt: null, storageKey: `${storageKey}/../x` })
      await w.change(async (change) => change.enqueue(makeExportJob, { exportId: id }))
      const [{ id: jobId }] = await w.runtime.db('jobs').where({ name: makeExportJob.name })
      await w.runtime.db('exports').where({ id }).update({ jobId })
      await until(
        'its first attempt is over',
        async () => ((await w.runtime.queues.get('exports').getJob(jobId))?.attemptsMade ?? 0) >= 1,
      )
      for (let attempt = 2; attempt <= 6; attempt++) {
        await until(
          'it waits',
          async () => (await w.runtime.queues.get('exports').getJobState(jobId)) === 'delayed',
        )
        await (await w.runtime.queues.get('exports').getJob(jobId))?.promote()
        await until(
          'that attempt is over',
          async () => ((await w.runtime.queues.get('exports').getJob(jobId))?.attemptsMade ?? 0) >= attempt,
        )
      }
      await until('it has failed', async () => (await people.admin.get(location)).body.status === 'FAILED')
      await w.runtime.db('exports').where({ id }).update({ storageKey })
      await people.admin.post(`${location}/retry`)
      await w.settle()
      expect((await people.admin.get(location)).body.status).to.equal('DONE')
    })

    it('is not there for a wrong link, nor for another organisation', async () => {
      const { id, location } = await order()
      await w.settle()
      const { body: done } = await people.admin.get(`/audit/exports/${id}`)
      for (const path of [
        done.url.replace(/.$/, (last: string) => (last === 'A' ? 'B' : 'A')),
        done.url.replace(id, randomUUID()),
        `${location}/file?token=x`,
      ])
        mustBeProblem(await w.anybody.get(path), 404)
      mustBeProblem(await w.anybody.get(`${location}/file`), 400)
      mustBeProblem(await people.foreignAdmin.get(`/audit/exports/${id}`), 404)
      mustBeProblem(await people.employee.get(`/audit/exports/${id}`), 403)
      mustBeProblem(await people.admin.post('/audit/exports', { format: 'docx' }), 400)
    })

    it('expires after a day, and is swept', async () => {
      const { id } = await order()
      await w.settle()
      const { body: done } = await people.admin.get(`/audit/exports/${id}`)
      const { storageKey } = await w.runtime.db('exports').where({ id }).first('storageKey')
      await w.advance('23 hours')
      expect((await w.anybody.get(done.url)).status).to.equal(200)
      await w.advance('1 hours')
      mustBeProblem(await w.anybody.get(done.url), 404)
      await enqueueDue(w.runtime)
      await w.settle()
      expect(await w.runtime.db('exports')).to.deep.equal([])
      expect((await bytesOnDisk(w.runtime)).filter((name) => name.includes(storageKey))).to.deep.equal([])
      await carryOut(w, 'maintenance.sweepExports', {})
    })
  })
})
