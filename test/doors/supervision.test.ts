// `npm start` keeps its processes running, and does not try for ever what cannot start.

import { expect } from 'chai'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Redis } from 'ioredis'
import { freePort, holdPort } from '../../bin/embedded/ports.ts'
import { commandOf, runToEnd } from '../../bin/embedded/processes.ts'
import { untilReady } from '../../bin/readiness.ts'
import { startRedis } from '../../bin/embedded/redis.ts'
import { listenOn } from '../../shared/kit/process/listen.ts'
import { outageOf } from '../../shared/kit/store/outage.ts'
import { supervise, type Supervised } from '../../bin/supervise.ts'
import { cloneDatabase, dropDatabase, urlOf } from '../support/database.ts'
import { until } from '../support/until.ts'

describe('a process of npm start', () => {
  let dir: string
  let supervised: Supervised
  let said: string[]
  let givenUp: string[]
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'bellhop-supervise-'))
    ;[said, givenUp] = [[], []]
  })
  afterEach(async () => {
    await supervised.stop()
    await rm(dir, { recursive: true, force: true })
  })

  /** Notes each of its starts, is ready at the first if it shall, and ends. */
  async function begin(isReadyOnce: boolean, isWatching = false): Promise<void> {
    const [file, notes] = [path.join(dir, 'program.mjs'), path.join(dir, 'starts')]
    await writeFile(notes, '')
    await writeFile(
      file,
      `import { appendFileSync, readFileSync } from 'node:fs'
      appendFileSync(${JSON.stringify(notes)}, '.')
      const isFirst = readFileSync(${JSON.stringify(notes)}, 'utf8').length === 1
      if (isFirst && ${isReadyOnce}) process.send({ ready: true }, () => process.exit(3))
      else process.exit(3)`,
    )
    const program = { name: 'realtime', words: [file], env: process.env }
    const giveUp = (sentence: string): void => void givenUp.push(sentence)
    supervised = supervise(program, (sentence) => said.push(sentence), isWatching ? undefined : giveUp)
  }
  const starts = async (): Promise<number> => (await readFile(path.join(dir, 'starts'), 'utf8')).length

  it('that ends three times while it starts is given up, in a sentence that says which and how', async () => {
    await begin(false)
    await until('it is given up', async () => givenUp.length > 0)
    expect(givenUp).to.deep.equal([
      'realtime ended 3 times while it started (exit code 3); the lines above say why. Bellhop gives up.',
    ])
    expect(said).to.have.length(2)
    expect(await starts()).to.equal(3)
  })

  it('that was ready once is started again, however often it ends', async () => {
    await begin(true)
    await until('it was started a fourth time', async () => (await starts()) === 4)
    expect(givenUp).to.deep.equal([])
  })

  it('that is being worked on is started again, too', async () => {
    await begin(false, true)
    await until('it was started a fourth time', async () => (await starts()) === 4)
  })
})

const WISH = { name: 'REALTIME_PORT', asked: undefined, fallback: 3001, host: '127.0.0.1' } as const

describe('npm start', () => {
  let dir: string
  let somebodyElse: Server
  let address: string
  before(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'bellhop-ready-'))
    somebodyElse = createServer((_, res) => void res.end())
    const port = await listenOn(somebodyElse, 'REALTIME_PORT', '127.0.0.1', 0)
    address = `http://127.0.0.1:${port}`
  })
  after(async () => {
    somebodyElse.close()
    await rm(dir, { recursive: true, force: true })
  })

  async function superviseProgram(code: string, giveUp: (sentence: string) => void): Promise<Supervised> {
    const file = path.join(dir, 'program.mjs')
    await writeFile(file, code)
    return supervise({ name: 'realtime', words: [file], env: process.env }, () => undefined, giveUp)
  }

  it("is not ready because another Bellhop's realtime answers where its own could not listen", async () => {
    let isGivenUp = false
    const own = await superviseProgram('process.exit(1)', () => (isGivenUp = true))
    await untilReady(
      [own],
      [address],
      () => undefined,
      () => isGivenUp,
    )
    expect(isGivenUp).to.equal(true)
    await own.stop()
  })

  it('is ready when each of its own processes says that it is, and answers', async () => {
    const code = 'process.send({ ready: true }); setInterval(() => 0, 1e6)'
    const own = await superviseProgram(code, () => undefined)
    const never = (): boolean => false
    await untilReady([own], [address], () => undefined, never)
    expect(own.isReady()).to.equal(true)
    await own.stop()
    expect(own.isReady()).to.equal(false)
  })

  it('holds the ports it chose until its processes take them, so that a second one chooses others', async () => {
    const said: string[] = []
    const wish = { ...WISH, fallback: await freePort() }
    const [first, second] = await Promise.all(
      [wish, wish].map((each) => holdPort(each, (sentence) => said.push(sentence))),
    )
    if (!first || !second) throw new Error('There are two.')
    expect([first.port, second.port].filter((port) => port === wish.fallback)).to.have.length(1)
    const other = Math.max(first.port, second.port)
    expect(said).to.deep.equal([`REALTIME_PORT ${wish.fallback} is taken; using ${other}.`])
    await first.release()
    const third = await holdPort({ ...wish, asked: String(first.port) }, () => undefined)
    expect(third.port).to.equal(first.port)
    await Promise.all([second.release(), third.release()])
  })

  it('keeps a port that it chose while its processes start on it, until it ends, however it ends', async () => {
    const port = await freePort()
    const holder = fork(path.join(import.meta.dirname, '../support/port-holder.ts'), [String(port)], {
      execArgv: ['--import', 'tsx'],
    })
    await once(holder, 'message')
    const server = createServer()
    await listenOn(server, 'REALTIME_PORT', '127.0.0.1', port)
    server.close()
    const wish = { ...WISH, fallback: port }
    const other = await holdPort(wish, () => undefined)
    expect(other.port).not.to.equal(port)
    const asked = { ...wish, asked: String(port) }
    expect(await holdPort(asked, () => undefined).catch((error: Error) => error.message)).to.include(
      'that port is taken',
    )

    const exit = once(holder, 'exit')
    holder.kill('SIGKILL')
    await exit
    const again = await holdPort(asked, () => undefined)
    expect(again.port).to.equal(port)
    await Promise.all([other.release(), again.release()])
  })

  it('ends with a sentence where HOST is no address of this machine', async () => {
    for (const host of ['203.0.113.7', 'nowhere.invalid']) {
      const { code, stderr } = await runToEnd(process.execPath, ['--import', 'tsx', 'bin/start.ts'], {
        cwd: path.resolve(import.meta.dirname, '../..'),
        env: { PATH: process.env['PATH'] ?? '', DATA_DIR: dir, HOST: host, PORT: '0' },
      })
      expect(stderr).to.match(
        /^Nothing can listen on .*: E\w+\. HOST must be an address of this machine, and PORT/,
      )
      expect(stderr).to.include(host)
      expect(code).to.equal(1)
    }
  })

  it('lets a process end whose HOST is no address of this machine, as no server is away', async () => {
    for (const host of ['203.0.113.7', 'nowhere.invalid']) {
      const refusal = await listenOn(createServer(), 'PORT', host, 0).catch((error: Error) => error)
      expect(String(refusal)).to.include('HOST must be an address of this machine')
      expect(outageOf(refusal)).to.equal(undefined)
    }
  })

  it('says which port is taken that was asked for, and what to set', async () => {
    const { port } = new URL(address)
    const wish = { ...WISH, asked: port }
    const refusal = await holdPort(wish, () => undefined).catch((error: Error) => error.message)
    expect(refusal).to.equal(
      `REALTIME_PORT is set to ${port}, and that port is taken: set REALTIME_PORT to another one, or to 0.`,
    )
  })
})

describe('npm start that is killed', () => {
  it('takes its server and its processes along, and the next one finds what the server knew', async () => {
    const dir = await mkdtemp(path.join(tmpdir(), 'bellhop-killed-'))
    const database = await cloneDatabase()
    const program = JSON.parse(process.env['TEST_REDIS_SERVER'] ?? 'null')
    const env = {
      PATH: process.env['PATH'] ?? '',
      NODE_ENV: 'test',
      LOG_LEVEL: 'fatal',
      DATABASE_URL: urlOf(database),
      JWT_SECRET: 'a-secret-that-only-tests-know-long-enough',
    }
    const asked = JSON.stringify({ dir, port: await freePort(), program, env })
    const runner = fork(path.join(import.meta.dirname, '../support/own-runner.ts'), [asked], {
      execArgv: ['--import', 'tsx'],
    })
    const [{ pids, url }] = await once(runner, 'message')
    const redis = new Redis(url)
    await redis.set('kept', 'word')
    redis.disconnect()

    const exit = once(runner, 'exit')
    runner.kill('SIGKILL')
    await exit
    await until('nothing of it runs', async () =>
      (await Promise.all(pids.map(commandOf))).every((command) => command === ''),
    )
    const server = await startRedis({ dir, port: await freePort(), program, log: () => undefined })
    const again = new Redis(server.url)
    expect(await again.get('kept')).to.equal('word')
    again.disconnect()
    await server.stop()
    await dropDatabase(database)
    await rm(dir, { recursive: true, force: true })
  })
})
