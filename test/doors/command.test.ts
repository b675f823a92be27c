// The command of whoever operates an installation: real processes, on real servers.

import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { Secret, TOTP } from 'otpauth'
import { startPostgres } from '../../bin/embedded/postgres.ts'
import { onFreePort } from '../../bin/embedded/ports.ts'
import { noteServers } from '../../bin/commands/servers.ts'
import { readAccountLink } from '../../shared/users/actions/account.ts'
import { DEMO_PASSWORD } from '../../shared/demonstration/seed.ts'
import { caller } from '../support/client.ts'
import { commandSettings, runCommand } from '../support/command.ts'
import { dropDatabase, emptyDatabase, urlOf } from '../support/database.ts'
import { aWorld, type World } from '../support/world.ts'

const NOWHERE = { DATABASE_URL: '', REDIS_URL: '', REDIS_CLUSTER: '', DATA_DIR: '/nonexistent' }

const organisation = (name: string, slug: string, timezone: string): string[] => [
  'organisation',
  'create',
  '--name',
  name,
  '--slug',
  slug,
  '--timezone',
  timezone,
]

describe('the command bellhop', () => {
  it('says what it can, and of each command what it takes', async () => {
    const help = await runCommand(NOWHERE, ['--help'])
    expect(help.code).to.equal(0)
    for (const name of ['organisation create', 'admin create', 'person erase', 'audit verify', 'migrate'])
      expect(help.output).to.include(name)
    const one = await runCommand(NOWHERE, ['organisation', 'create', '--help'])
    expect([one.code, one.output]).to.satisfy(
      ([code, output]: [number, string]) => code === 0 && /--slug/.test(output),
    )
  })

  it('makes secrets and keys without any server, one as good as the settings want it', async () => {
    const { code, output } = await runCommand(NOWHERE, ['generate-secret', '--json'])
    expect(code).to.equal(0)
    expect(JSON.parse(output).secret).to.have.length.above(32)
    const keys = await runCommand(NOWHERE, ['generate-vapid-keys'])
    expect(keys.output).to.match(
      /^# With VAPID_SUBJECT=.*\nVAPID_PUBLIC_KEY=[\w-]{87}\nVAPID_PRIVATE_KEY=[\w-]{43}\n$/,
    )
  })

  for (const [what, words, says] of [
    ['a command that there is not', ['organisation', 'destroy'], 'no command organisation destroy'],
    ['an option that it does not have', ['migrate', '--hard'], '--hard'],
    ['nothing that it needs', ['organisation', 'create', '--name', 'Acme'], '--slug is missing'],
    ['more than it takes', ['migrate', 'now'], 'now is too much'],
  ] as const) {
    it(`ends with 2 when it is given ${what}, and says so`, async () => {
      const { code, output, complaint } = await runCommand(NOWHERE, words)
      expect([code, output]).to.deep.equal([2, ''])
      expect(complaint).to.include(says)
    })
  }

  it('ends with 3 when there is nothing to work on, in words and as JSON', async () => {
    const { code, complaint } = await runCommand(NOWHERE, ['audit', 'verify'])
    expect(code).to.equal(3)
    expect(complaint).to.include('There is no Bellhop in /nonexistent')
    const asJson = await runCommand(NOWHERE, ['audit', 'verify', '--json'])
    expect([asJson.code, JSON.parse(asJson.output).ok]).to.deep.equal([3, false])
  })

  describe('on servers that the settings name', () => {
    let w: World
    before(async () => {
      w = await aWorld({ with: ['api'] })
    })
    after(() => w.end())

    it('makes an organisation and its ADMIN, who signs in', async () => {
      const made = await runCommand(commandSettings(w), [
        ...organisation('Khách sạn Hoa Sen', 'hoa-sen', 'Asia/Bangkok'),
        '--json',
      ])
      expect(made.code, made.complaint).to.equal(0)
      expect(JSON.parse(made.output)).to.deep.include({ ok: true, slug: 'hoa-sen', locale: 'vi' })
      const admin = [
        'admin',
        'create',
        '--org',
        'hoa-sen',
        '--email',
        'Ai@hoa-sen.test',
        '--name',
        'Nguyễn Ái',
      ]
      const added = await runCommand(commandSettings(w), [...admin, '--password-stdin'], 'mật khẩu dài\n')
      expect(added.code, added.complaint).to.equal(0)
      const signedIn = await w.anybody.post('/auth/login', {
        email: 'ai@hoa-sen.test',
        password: 'mật khẩu dài',
      })
      expect(signedIn.body.user).to.include({ role: 'ADMIN', fullName: 'Nguyễn Ái' })
      const trail = await w.runtime
        .db('audit_log')
        .where({ orgId: JSON.parse(made.output).id })
        .whereNot({ action: 'login' })
        .orderBy('id')
      expect(trail.map(({ action, actorId, requestId }) => [action, actorId, requestId])).to.deep.equal([
        ['organisation_created', null, 'bellhop-organisation-create'],
        ['user_created', null, 'bellhop-admin-create'],
      ])
    })

    it('looks at what Bellhop stands on: all well, and each fault with what to do', async () => {
      const dir = await mkdtemp(path.join(tmpdir(), 'bellhop-doctor-'))
      const files = path.join(dir, 'of', 'bellhop', 'files')
      const settings = { ...commandSettings(w), FILES_DIR: files, DATA_DIR: dir, SMTP_URL: '', MAIL_FROM: '' }
      const well = await runCommand(settings, ['doctor', '--json'])
      expect(well.code, well.output).to.equal(0)
      const verdicts = Object.fromEntries(
        JSON.parse(well.output).findings.map(({ name, verdict }: Record<string, string>) => [name, verdict]),
      )
      expect(verdicts).to.include({ PostgreSQL: 'ok', files: 'ok', disk: 'ok', sockets: 'ok' })
      expect(verdicts).to.include({ mail: 'off', push: 'off' })
      expect(await readdir(dir), 'nothing of its look is left').to.deep.equal([])
      const [one, other] = await Promise.all(
        ['a', 'b'].map(async () =>
          JSON.parse((await runCommand(NOWHERE, ['generate-vapid-keys', '--json'])).output),
        ),
      )
      const ill = await runCommand(
        {
          ...settings,
          DATABASE_URL: 'postgres://nobody:wrong@127.0.0.1:1/bellhop',
          SMTP_URL: 'smtp://127.0.0.1:1',
          MAIL_FROM: 'b@bellhop.test',
          VAPID_SUBJECT: 'mailto:ops@bellhop.test',
          VAPID_PUBLIC_KEY: one.publicKey,
          VAPID_PRIVATE_KEY: other.privateKey,
          SMTP_ADDRESS: 'x',
        },
        ['doctor'],
      )
      expect(ill.code).to.equal(1)
      expect(ill.output)
        .to.match(/✗ PostgreSQL: .*ECONNREFUSED/)
        .and.match(/✗ mail: .*ECONNREFUSED/)
        .and.include('✗ push: the two VAPID keys do not belong together')
        .and.include('! settings: nobody reads SMTP_ADDRESS')
        .and.include('→ check DATABASE_URL')
      await rm(dir, { recursive: true })
    })

    it('finds all well before the first migration, and says that it is missing', async () => {
      const database = await emptyDatabase()
      const { code, output } = await runCommand({ ...commandSettings(w), DATABASE_URL: urlOf(database) }, [
        'doctor',
      ])
      expect(output).to.include(
        '! PostgreSQL: it lets us in, and nothing was migrated yet\n  → npx bellhop migrate',
      )
      expect(code, output).to.equal(0)
      await dropDatabase(database)
    })

    it('makes a key for a program, which opens what keys open and is nobody’s of the organisation', async () => {
      const made = await runCommand(commandSettings(w), [
        'key',
        'create',
        '--org',
        'demo',
        '--name',
        'Kho',
        '--json',
      ])
      expect(made.code, made.complaint).to.equal(0)
      const { id, key } = JSON.parse(made.output)
      const event = { id: 'e-1', type: 'client.created', payload: { client: { name: 'An' } } }
      expect((await w.anybody.post('/events', event, { 'x-api-key': key })).status).to.be.below(300)
      const listed = (await (await w.as('admin')).get('/api-keys')).body
      expect(listed.find((each: { id: string }) => each.id === id)).to.include({
        name: 'Kho',
        createdById: null,
      })
    })

    it('gives an ADMIN without a password a link by which they choose it, and none that opens nothing', async () => {
      const words = [
        'admin',
        'create',
        '--org',
        'demo',
        '--email',
        'by-link@demo.test',
        '--name',
        'Lê Chi',
        '--json',
      ]
      const unsigned = await runCommand(
        { ...commandSettings(w), JWT_SECRET: '', DATA_DIR: NOWHERE.DATA_DIR },
        words,
      )
      expect([unsigned.code, JSON.parse(unsigned.output).problem.detail]).to.satisfy(
        ([code, detail]: [number, string]) => code === 3 && detail.startsWith('JWT_SECRET is missing'),
      )
      const made = await runCommand(commandSettings(w), words)
      expect(made.code, made.complaint).to.equal(0)
      const token = String(JSON.parse(made.output).invitation.link).split('link=')[1]
      // The command has the real clock, the world one that stands in the future.
      const { db, config } = w.runtime
      const { kind, reader } = await readAccountLink({ db, config, now: new Date() }, token ?? '')
      expect([kind, reader.email]).to.deep.equal(['invitation', 'by-link@demo.test'])
    })

    it('lets an ADMIN in again who lost password and second factor, and nobody whom an ADMIN can help', async () => {
      const { user, accessToken } = await w.as('admin')
      const me = caller(w.url, accessToken)
      const { body } = await me.post('/auth/totp', { password: DEMO_PASSWORD })
      const code = new TOTP({ secret: Secret.fromBase32(body.secret) }).generate({
        timestamp: w.clock.now().getTime(),
      })
      expect((await me.post('/auth/totp/confirm', { code })).status).to.equal(200)
      const done = await runCommand(commandSettings(w), ['admin', 'reset', user.email, '--json'])
      expect(done.code, done.complaint).to.equal(0)
      expect((await me.get('/auth/totp')).body.isOn).to.equal(false)
      const { db, config } = w.runtime
      const token = String(JSON.parse(done.output).link).split('link=')[1] ?? ''
      const { kind, reader } = await readAccountLink({ db, config, now: new Date() }, token)
      expect([kind, reader.email]).to.deep.equal(['reset', user.email])
      const employee = (await w.as('employee')).user.email
      const other = await runCommand(commandSettings(w), ['admin', 'reset', employee])
      expect([other.code, other.complaint]).to.satisfy(
        ([code, said]: [number, string]) => code === 1 && said.startsWith('This is no ADMIN'),
      )
    })

    it('ends with 1 when what was asked for is refused, and lists every problem', async () => {
      const taken = await runCommand(commandSettings(w), [
        'organisation',
        'create',
        '--name',
        'X',
        '--slug',
        'demo',
      ])
      expect([taken.code, taken.complaint]).to.deep.equal([1, 'There is an organisation demo already\n'])
      const wrong = await runCommand(commandSettings(w), organisation(' ', 'Not So', 'Moon'))
      expect(wrong.code).to.equal(2)
      const wrongs = await runCommand(commandSettings(w), organisation('X', 'Not So', 'Moon'))
      expect(wrongs.code).to.equal(1)
      expect(wrongs.complaint)
        .to.match(/\/slug /)
        .and.match(/\/timezone must be an IANA time zone/)
    })

    it('erases nobody whom several organisations know, until one is named', async () => {
      const other = await w.runtime.db('organisations').where({ slug: 'other' }).first('id')
      await w.runtime
        .db('users')
        .where({ email: 'employee@other.test' })
        .update({ email: 'driver@demo.test' })
      const { code, complaint } = await runCommand(commandSettings(w), [
        'person',
        'erase',
        'driver@demo.test',
      ])
      expect(code).to.equal(2)
      expect(complaint).to.include('--org demo or other')
      const named = await runCommand(commandSettings(w), [
        'person',
        'erase',
        'driver@demo.test',
        '--org',
        'other',
      ])
      expect(named.code, named.complaint).to.equal(0)
      const left = await w.runtime.db('users').where({ email: 'driver@demo.test' })
      expect(left).to.have.length(1)
      expect(left[0].orgId).not.to.equal(other.id)
    })

    it('verifies the audit, and a file that does not say what was sealed', async () => {
      const sound = await runCommand(commandSettings(w), ['audit', 'verify', '--json'])
      expect([
        sound.code,
        JSON.parse(sound.output).chains.map(({ slug }: { slug: string }) => slug),
      ]).to.satisfy(([code, slugs]: [number, string[]]) => code === 0 && slugs.includes('demo'))
      const dir = await mkdtemp(path.join(tmpdir(), 'bellhop-command-'))
      await writeFile(path.join(dir, 'audit.json'), '[\n{"n": 1, "id": 1, "hash": "0"}\n]')
      const broken = await runCommand({ ...NOWHERE, INIT_CWD: dir }, ['audit', 'verify', 'audit.json'])
      expect([broken.code, broken.output]).to.deep.equal([1, ''])
      expect(broken.complaint).to.match(/row\/at is missing/)
      await rm(dir, { recursive: true })
    })
  })

  it('finds the servers of a folder, started by it or by npm start, and stops only its own', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'bellhop-command-'))
    const settings = { ...NOWHERE, DATA_DIR: dir, JWT_SECRET: '' }
    const server = await onFreePort((port) =>
      startPostgres({ dir: path.join(dir, 'postgres'), port, log: () => undefined, durable: false }),
    )
    await server.stop()
    const migrated = await runCommand(settings, ['migrate', '--json'])
    expect(migrated.code, migrated.complaint).to.equal(0)
    expect(JSON.parse(migrated.output)).to.include({ ok: true, demonstration: false })
    expect((await runCommand(settings, ['audit', 'verify'])).code).to.equal(0)
    const again = await onFreePort((port) =>
      startPostgres({ dir: path.join(dir, 'postgres'), port, log: () => undefined, durable: false }),
    )
    const holder = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1e6)', 'bin/start.ts'])
    await writeFile(path.join(dir, 'lock'), String(holder.pid))
    const starting = await runCommand(settings, ['migrate'])
    expect([starting.code, starting.complaint]).to.satisfy(
      ([code, said]: [number, string]) => code === 3 && /just starting/.test(said),
    )
    const forget = await noteServers(dir, { DATABASE_URL: again.url })
    const beside = await runCommand(settings, ['migrate'])
    expect([beside.code, beside.output]).to.deep.equal([0, 'The database is up to date.\n'])
    await forget()
    holder.kill()
    await again.stop()
    await rm(dir, { recursive: true, force: true, maxRetries: 5 })
  })
})
