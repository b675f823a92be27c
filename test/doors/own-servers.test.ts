import { expect } from 'chai'
import { Redis } from 'ioredis'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onFreePort } from '../../bin/embedded/ports.ts'
import { startPostgres, type EmbeddedServer } from '../../bin/embedded/postgres.ts'
import { commandOf } from '../../bin/embedded/processes.ts'
import { startRedis } from '../../bin/embedded/redis.ts'
import { openAsOwner, openDatabase, rowsOf, type Db } from '../../shared/kit/store/db.ts'

/** Refusals as words, answers as they are. */
const answerOf = (asked: Promise<unknown>): Promise<unknown> => asked.catch((error: Error) => error.message)

describe('the servers that come along let in whom they know', () => {
  let dir = ''
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'bellhop-own-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  describe('Redis', () => {
    const start = (): Promise<EmbeddedServer> =>
      onFreePort((port) =>
        startRedis({
          dir,
          port,
          log: () => undefined,
          program: JSON.parse(process.env['TEST_REDIS_SERVER'] ?? 'null'),
        }),
      )
    let server: EmbeddedServer
    const clients: Redis[] = []
    const as = (address: string): Redis => {
      const client = new Redis(address, { lazyConnect: true, retryStrategy: null })
      client.on('error', () => undefined)
      clients.push(client)
      return client
    }
    beforeEach(async () => {
      server = await start()
    })
    afterEach(async () => {
      for (const client of clients.splice(0)) client.disconnect()
      await server.stop()
    })

    it('refuses whoever has no password or a wrong one', async () => {
      const wrong = new URL(server.url)
      wrong.password = 'guessed'
      const { host } = wrong
      expect(await answerOf(as(`redis://${host}`).call('GET', 'x'))).to.contain('NOAUTH')
      expect(await answerOf(as(wrong.href).call('AUTH', 'bellhop', 'guessed'))).to.contain('WRONGPASS')
    })

    it('closes to the application what empties, changes, watches or ends the server, and leaves it what it needs', async () => {
      const application = as(server.url)
      for (const words of [
        ['FLUSHALL'],
        ['CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru'],
        ['KEYS', '*'],
        ['MONITOR'],
        ['SHUTDOWN', 'NOSAVE'],
        ['REPLICAOF', '127.0.0.1', '1'],
        ['ACL', 'LIST'],
        ['MODULE', 'LIST'],
        ['CLIENT', 'LIST'],
      ]) {
        const [command = '', ...more] = words
        expect(await answerOf(application.call(command, ...more)), command).to.contain('NOPERM')
      }
      expect(await application.info('memory')).to.contain('maxmemory_policy:noeviction')
      expect(await application.eval(`return redis.call('SET', KEYS[1], 'told')`, 1, 'x')).to.equal('OK')
    })

    it('keeps its passwords in files that only their owner reads, and what it knows over a restart', async () => {
      const { password } = new URL(server.url)
      const before = as(server.url)
      await before.set('x', 'kept')
      await before.multi().set('y', 'kept').set('z', 'kept').exec()
      expect(await commandOf(server.pid)).not.to.contain(password)
      for (const name of ['password', 'administrator', 'users.acl'])
        expect((await stat(path.join(dir, name))).mode & 0o777, name).to.equal(0o600)
      await server.stop()
      server = await start()
      expect(new URL(server.url).password).to.equal(password)
      expect(await as(server.url).mget('x', 'y', 'z')).to.deep.equal(['kept', 'kept', 'kept'])
    })
  })

  describe('PostgreSQL', () => {
    const start = (): Promise<EmbeddedServer> =>
      onFreePort((port) => startPostgres({ dir, port, log: () => undefined, durable: false }))
    const using = async <T>(db: Db, work: (db: Db) => Promise<T>): Promise<T> =>
      work(db).finally(() => db.destroy())
    const OWN = `select usename as name, usesuper as super, usecreatedb as makes from pg_user where usename = session_user`

    it('takes migrations and processes from an account that is nothing but the owner of its database', async () => {
      const server = await start()
      await using(openAsOwner(server.url), async (db) => {
        await db.migrate.latest()
        expect(await rowsOf(db, OWN)).to.deep.equal([{ name: 'bellhop_owner', super: false, makes: false }])
        expect(await answerOf(db.raw(`copy organisations to '${dir}/stolen'`))).to.contain(
          'permission denied',
        )
        expect(await answerOf(db.raw(`select pg_read_file('/etc/passwd')`))).to.contain('permission denied')
      })
      await using(openDatabase({ DATABASE_URL: server.url, DATABASE_POOL: 1 }), async (db) => {
        expect(await db('organisations')).to.deep.equal([])
        expect(await answerOf(db('audit_log').delete())).to.contain('permission denied')
      })
      await server.stop()
    })

    it('hands over what a folder of a release before holds in the name of the superuser', async () => {
      let server = await start()
      await using(openAsOwner(server.administrator), async (db) => {
        await db.raw('alter database bellhop owner to bellhop')
        await db.raw('drop owned by bellhop_owner')
        await db.raw('drop role bellhop_owner')
        await db.raw('drop role bellhop_application')
        await db.migrate.latest()
        await db('organisations').insert({
          id: '00000000-0000-4000-8000-000000000001',
          name: 'Kept',
          slug: 'kept',
          createdAt: new Date(),
        })
      })
      await server.stop()
      await rm(path.join(dir, 'owner'))
      server = await start()
      await using(openAsOwner(server.url), async (db) => {
        const left = await rowsOf(
          db,
          // What an extension brought is the extension's.
          `
          with own as (select classid, objid from pg_depend where deptype = 'e')
          select relname from pg_class where relnamespace = 'public'::regnamespace and relowner <> 'bellhop_owner'::regrole
            and not exists (select from own where classid = 'pg_class'::regclass and objid = pg_class.oid)
          union all select proname from pg_proc where pronamespace = 'public'::regnamespace and proowner <> 'bellhop_owner'::regrole
            and not exists (select from own where classid = 'pg_proc'::regclass and objid = pg_proc.oid)
          union all select typname from pg_type where typnamespace = 'public'::regnamespace and typowner <> 'bellhop_owner'::regrole
            and not exists (select from own where classid = 'pg_type'::regclass and objid = pg_type.oid)`,
        )
        expect(left).to.deep.equal([])
        await db.migrate.latest()
        await db.raw('alter table organisations add note text')
        await db.raw('create table later (id bigint generated always as identity)')
      })
      await using(openDatabase({ DATABASE_URL: server.url, DATABASE_POOL: 1 }), async (db) => {
        expect(await db('organisations').pluck('name')).to.deep.equal(['Kept'])
        expect(await db('later')).to.deep.equal([])
        expect(await answerOf(db('audit_log').delete())).to.contain('permission denied')
      })
      expect((await readFile(path.join(dir, 'owner'), 'utf8')).length).to.be.greaterThan(40)
      await server.stop()
    })
  })
})
