import { expect } from 'chai'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { commandSettings, runCommand } from '../support/command.ts'
import { aMailPeer, type MailPeer } from '../support/mail-peer.ts'
import { mustBeProblem, problemsIn } from '../support/problems.ts'
import { ask } from '../support/story.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const csv = (...lines: string[]): Blob => new Blob([lines.join('\n')], { type: 'text/csv; charset=utf-8' })

describe('an import of people', function () {
  let w: World
  let mail: MailPeer
  let admin: Person
  beforeEach(async () => {
    mail = await aMailPeer()
    w = await aWorld({
      with: ['api', 'workers'],
      env: {
        SMTP_URL: mail.url,
        MAIL_FROM: 'Bellhop <b@bellhop.test>',
        PUBLIC_URL: 'https://bellhop.example',
      },
    })
    admin = await w.as('admin')
  })
  afterEach(async () => {
    await w.end()
    await mail.close()
  })
  const found = async (externalId: string) => (await admin.get(`/users?externalId=${externalId}`)).body[0]

  it('is shown before it is done, does all of it, and changes nothing when it comes once more', async () => {
    const file = () =>
      csv(
        'external_id,email,full_name,role,phone,manager,department',
        '100,giam.doc@demo.test,Trần Giám Đốc,EMPLOYEE,0908 111 222,,Ban giám đốc',
        '101,an@demo.test,Nguyễn An,EMPLOYEE,,102,Kho',
        '102,binh@demo.test,Lê Bình,EMPLOYEE,,giam.doc@demo.test,Kho',
        '103,employee@demo.test,Nguyễn Thị Mai,EMPLOYEE,,102,',
      )
    const preview = await admin.post('/users/import?dryRun=true', file())
    expect([preview.status, preview.body]).to.deep.equal([
      200,
      { created: 3, changed: 1, unchanged: 0, invited: 0, isPreview: true, problems: [] },
    ])
    expect(await found('100')).to.equal(undefined)
    const done = await admin.post('/users/import', file())
    expect(done.body).to.deep.equal({ ...preview.body, isPreview: false })
    const [director, an, binh] = [await found('100'), await found('101'), await found('102')]
    expect([director.phone, director.managerId, binh.managerId, an.managerId]).to.deep.equal([
      '+84908111222',
      null,
      director.id,
      binh.id,
    ])
    expect((await found('103')).managerId).to.equal(binh.id)
    const again = await admin.post('/users/import', file())
    expect(again.body).to.include({ created: 0, changed: 0, unchanged: 4 })
    const trail = await w.runtime
      .db('audit_log')
      .where({ actorId: admin.user.id, entityId: an.id })
      .pluck('action')
    expect(trail).to.deep.equal(['user_created'])
  })

  it('with one wrong line does nothing, and tells each with its line', async () => {
    const file = () => csv('email,fullName,phone', 'a@demo.test,A,', 'b@demo.test,B,no-number', 'x,C,')
    expect(problemsIn(await admin.post('/users/import', file()))).to.deep.equal([
      '/lines/3/phone is no telephone number; write it with its country code',
      '/lines/4/email must be an e-mail address',
    ])
    expect(await w.runtime.db('users').where({ email: 'a@demo.test' })).to.deep.equal([])
    const { body } = await admin.post('/users/import?dryRun=true', file())
    expect(
      body.problems.map(({ line, field }: { line: number; field: string }) => [line, field]),
    ).to.deep.equal([
      [3, 'phone'],
      [4, 'email'],
    ])
  })
  it('invites those who are new, where that is asked for, and nobody else', async () => {
    const { body } = await admin.post(
      '/users/import?invite=true',
      csv('email,fullName', 'moi@demo.test,Người Mới', 'driver@demo.test,Hồ Văn Tài'),
    )
    expect(body).to.include({ created: 1, invited: 1 })
    await w.settle()
    expect(mail.mails.map(({ to }) => to)).to.deep.equal([['moi@demo.test']])
    const token = /link=(\S+)/.exec(mail.mails[0]?.text ?? '')?.[1]
    expect((await w.anybody.post('/auth/reset', { token, password: 'long-enough' })).status).to.equal(200)
    const signedIn = await w.anybody.post('/auth/login', { email: 'moi@demo.test', password: 'long-enough' })
    expect(signedIn.body.user).to.include({ role: 'EMPLOYEE', fullName: 'Người Mới' })
  })

  it('of somebody who leaves takes from them what waits, in the same change', async () => {
    const { id } = await ask(w, 'employee')
    await w.settle()
    const director = await w.as('director')
    expect(
      (await admin.post('/users/import', csv('email,isActive', 'manager@demo.test,no'))).body.changed,
    ).to.equal(1)
    await w.settle()
    const waiting = (await director.get('/approvals/pending')).body
    expect(waiting.map(({ bookingId }: { bookingId: string }) => bookingId)).to.include(id)
  })

  it('takes CSV and JSON lines, nothing else, and no file of another organisation’s people', async () => {
    mustBeProblem(await admin.post('/users/import', { people: [] }), 415)
    const lines = new Blob(['{"email":"admin@other.test","fullName":"Nobody of theirs"}\n'], {
      type: 'application/x-ndjson',
    })
    expect((await admin.post('/users/import', lines)).body).to.include({ created: 1 })
    const theirs = await w.runtime.db('users').where({ email: 'admin@other.test' })
    expect(theirs.map(({ fullName }) => fullName).toSorted()).to.deep.equal([
      'Nobody of theirs',
      'Other Admin',
    ])
  })

  it('is made by the command as well, which ends with 1 while something is wrong', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'bellhop-import-'))
    await writeFile(path.join(dir, 'people.csv'), 'email;fullName;manager\nmot@demo.test;Một;hai@demo.test\n')
    const words = ['people', 'import', 'people.csv', '--org', 'demo']
    const settings = { ...commandSettings(w), INIT_CWD: dir }
    const preview = await runCommand(settings, [...words, '--dry-run'])
    expect([preview.code, preview.output]).to.deep.equal([
      1,
      'line 2, manager: is nobody of the organisation or of this file\nNothing was done. It would be: 1 new, 0 changed, 0 as before, 0 invited.\n',
    ])
    const refused = await runCommand(settings, words)
    expect([refused.code, refused.complaint]).to.deep.equal([
      1,
      '/lines/2/manager is nobody of the organisation or of this file\n',
    ])
    await writeFile(
      path.join(dir, 'people.csv'),
      'email;fullName;manager\nmot@demo.test;Một;manager@demo.test\n',
    )
    const done = await runCommand(settings, [...words, '--json'])
    expect([done.code, JSON.parse(done.output)]).to.deep.equal([
      0,
      { ok: true, created: 1, changed: 0, unchanged: 0, invited: 0, isPreview: false, problems: [] },
    ])
    await rm(dir, { recursive: true })
  })
})
