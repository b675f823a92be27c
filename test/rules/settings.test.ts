import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import {
  ConfigError,
  listUnknownSettings,
  readConfig,
  type Environment,
} from '../../shared/kit/process/config.ts'
import { parseDuration } from '../../shared/kit/process/config-parsers.ts'
import { SETTINGS } from '../../shared/kit/process/settings.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const SECRET = 'a-secret-of-thirty-two-characters'
const ENOUGH = {
  DATABASE_URL: 'postgres://localhost/bellhop',
  REDIS_URL: 'redis://localhost',
  JWT_SECRET: SECRET,
}

function problemsOf(env: Environment): readonly string[] {
  try {
    readConfig(env)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

describe('settings', () => {
  it('need three values and have a default for the rest', () => {
    expect(readConfig(ENOUGH)).to.deep.include({
      NODE_ENV: 'development',
      PORT: 3000,
      APPROVAL_TTL: 86_400_000,
      APPROVAL_FIRST_REMINDER: 3_600_000,
      APPROVAL_REMINDER_EVERY: 14_400_000,
      APPROVAL_MAX_REMINDERS: 5,
      ACCESS_TOKEN_TTL: 900_000,
      REFRESH_TOKEN_TTL: 604_800_000,
      CORS_ORIGINS: [],
      JWT_SECRET: [SECRET],
      SEED_DEMO: false,
    })
    expect(readConfig(ENOUGH).METRICS_TOKEN).to.equal(undefined)
  })

  it('tell every problem at once, each with what the setting is for', () => {
    const problems = problemsOf({
      PORT: 'eighty',
      APPROVAL_TTL: '1 day',
      NODE_ENV: 'staging',
      JWT_SECRET: 'short',
      REDIS_URL: 'http://localhost',
      BULLMQ_PREFIX: 'a b',
      SEED_DEMO: 'yes',
    })
    expect(problems.map((each) => each.split(' ')[0])).to.deep.equal([
      'NODE_ENV',
      'PORT',
      'DATABASE_URL',
      'REDIS_URL',
      'BULLMQ_PREFIX',
      'JWT_SECRET',
      'APPROVAL_TTL',
      'SEED_DEMO',
    ])
    for (const each of problems) expect(each).to.match(/^[A-Z_]+ (must|is missing)\b.*\. .+\.$/)
  })

  it('treat an empty value as none', () => {
    const config = readConfig({ ...ENOUGH, PORT: '', METRICS_TOKEN: '  ' })
    expect([config.PORT, config.METRICS_TOKEN]).to.deep.equal([3000, undefined])
    expect(problemsOf({ ...ENOUGH, DATABASE_URL: ' ' })).to.have.length(1)
  })

  const wrong: readonly [string, string][] = [
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80.5'],
    ['TRUST_PROXY', 'true'],
    ['DATABASE_POOL', '1'],
    ['DATABASE_URL', 'mysql://localhost/x'],
    ['DATABASE_URL', 'localhost'],
    ['STREAM_PARTITIONS', '0'],
    ['STREAM_MAX_LENGTH', '99'],
    ['LOG_LEVEL', 'loud'],
    ['BULLMQ_PREFIX', '{x}'],
    ['JWT_SECRET', `${SECRET},short`],
    ['JWT_SECRET', ','],
    ['JWT_SECRET', 'x'.repeat(64)],
    ['JWT_SECRET', 'abc'.repeat(20)],
    ['REALTIME_URL', 'ftp://x'],
    ['REDIS_CLUSTER', 'one'],
    ['REDIS_CLUSTER', 'one:7000,two'],
    ['REDIS_CLUSTER', 'http://one:7000'],
    ['REDIS_CLUSTER', 'redis://one:7000/1'],
    ['APPROVAL_MAX_REMINDERS', '-1'],
    ['MAX_FILE_SIZE', '0'],
    ['MAX_FILE_SIZE', '10MB'],
    ['MAX_UPLOADS', '0'],
    ['WORKER_CONCURRENCY', '0'],
    ['PUBLIC_URL', 'bellhop.example'],
    ['DELIVERY_ATTEMPTS', '0'],
    ['DELIVERY_TIMEOUT', '10'],
    ['NOTIFICATION_RETENTION', 'ever'],
  ]
  for (const [name, value] of wrong) {
    it(`refuse ${name}=${value}`, () => expect(problemsOf({ ...ENOUGH, [name]: value })).to.have.length(1))
  }

  it('take a cluster instead of a single Redis', () => {
    const { DATABASE_URL, JWT_SECRET } = ENOUGH
    expect(
      readConfig({ DATABASE_URL, JWT_SECRET, REDIS_CLUSTER: 'one:7000, rediss://me:secret@two:7001' })
        .REDIS_CLUSTER,
    ).to.deep.equal(['redis://one:7000', 'rediss://me:secret@two:7001'])
    expect(problemsOf({ DATABASE_URL, JWT_SECRET })).to.have.length(1)
  })

  it('take an object storage with all of its five settings or none', () => {
    const s3 = {
      FILES_S3_ENDPOINT: 'https://s3.example',
      FILES_S3_BUCKET: 'files',
      FILES_S3_REGION: 'eu-1',
      FILES_S3_ACCESS_KEY: 'key',
      FILES_S3_SECRET_KEY: 'secret',
    }
    expect(readConfig({ ...ENOUGH, ...s3 })).to.deep.include(s3)
    expect(
      problemsOf({ ...ENOUGH, ...s3, FILES_S3_REGION: ' ', FILES_S3_SECRET_KEY: undefined }).map(
        (each) => each.split(' ')[0],
      ),
    ).to.deep.equal(['FILES_S3_REGION', 'FILES_S3_SECRET_KEY'])
    expect(problemsOf({ ...ENOUGH, ...s3, FILES_S3_ENDPOINT: 's3.example' })).to.have.length(1)
  })

  it('take a mail server with its sender, and keys for push with their contact', () => {
    const given = {
      SMTP_URL: 'smtps://me:secret@mail.example:465',
      MAIL_FROM: 'Bellhop <no-reply@bellhop.example>',
      VAPID_SUBJECT: 'mailto:ops@bellhop.example',
      VAPID_PUBLIC_KEY: 'a',
      VAPID_PRIVATE_KEY: 'b',
    }
    expect(readConfig({ ...ENOUGH, ...given })).to.deep.include(given)
    expect(
      problemsOf({ ...ENOUGH, ...given, MAIL_FROM: '', VAPID_PRIVATE_KEY: undefined }).map(
        (each) => each.split(' ')[0],
      ),
    ).to.deep.equal(['MAIL_FROM', 'VAPID_PRIVATE_KEY'])
    for (const wrong of [
      { SMTP_URL: 'http://mail.example' },
      { MAIL_FROM: 'Bellhop' },
      { MAIL_FROM: 'a@b <c@d>x' },
      { VAPID_SUBJECT: 'ops@bellhop.example' },
    ])
      expect(problemsOf({ ...ENOUGH, ...given, ...wrong })).to.have.length(1)
  })

  it('take several secrets, so that a new one can replace an old one without signing everybody out', () => {
    const newer = 'a-newer-secret-of-more-than-thirty-two'
    expect(readConfig({ ...ENOUGH, JWT_SECRET: `${newer}, ${SECRET}` }).JWT_SECRET).to.deep.equal([
      newer,
      SECRET,
    ])
  })

  it('that nobody reads are named: in the file all of them, in the environment those that look like ours', () => {
    const env = {
      ...ENOUGH,
      SMTP_ADDRESS: 'x',
      BELLHOP_PORT: '1',
      NODE_OPTIONS: 'x',
      HOME: '/',
      DATA: '',
      GITHUB_SHA: 'x',
    }
    expect(listUnknownSettings(env, { PORT: '3000', PROT: '3000', SMTP_ADDRESS: 'x' })).to.deep.equal([
      'BELLHOP_PORT',
      'PROT',
      'SMTP_ADDRESS',
    ])
    expect(listUnknownSettings(ENOUGH, {})).to.deep.equal([])
  })

  it('are read from a file as well, below the environment, and not from one that is not there', async () => {
    const file = path.join(await mkdtemp(path.join(tmpdir(), 'bellhop-settings-')), 'production.env')
    await writeFile(file, `# ours\nPORT=4100\nHOST="0.0.0.0"\nMETRICS_TOKEN=of-the-file\n`)
    const print = `import { readEnvironment } from './shared/kit/process/config.ts'
      const { PORT, HOST, METRICS_TOKEN } = readEnvironment(); console.log(JSON.stringify([PORT, HOST, METRICS_TOKEN]))`
    const run = (env: Record<string, string>) =>
      promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', print], {
        cwd: ROOT,
        env: { ...process.env, ...env },
      })
    const { stdout } = await run({ ENV_FILE: file, PORT: '4200', METRICS_TOKEN: '' })
    expect(JSON.parse(stdout)).to.deep.equal(['4200', '0.0.0.0', ''])
    const refused = await run({ ENV_FILE: `${file}.gone` }).catch((error: unknown) => String(error))
    expect(refused).to.include('ENOENT').and.to.include('production.env.gone')
    await rm(path.dirname(file), { recursive: true })
  })

  it('stand in .env.example, each with its sentence and default, as the program that writes it prints it', async () => {
    const written = readFileSync(path.join(ROOT, '.env.example'), 'utf8')
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'bin/env-example.ts'],
      { cwd: ROOT },
    )
    expect(written).to.equal(stdout)
    for (const [name, { doc, fallback }] of Object.entries(SETTINGS))
      expect(written).to.include(`# ${doc}\n#${name}=${fallback ?? ''}\n`)
  })
})

describe('durations', () => {
  const right: readonly [string, number][] = [
    ['250ms', 250],
    ['30s', 30_000],
    ['15m', 900_000],
    ['4h', 14_400_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
    [' 5m ', 300_000],
  ]
  for (const [text, milliseconds] of right)
    it(`${text} is ${milliseconds} ms`, () => expect(parseDuration(text)).to.equal(milliseconds))

  for (const text of ['', '5', 'h', '1.5h', '-1h', '1 h', '4H', '1w', '1h30m']) {
    it(`"${text}" is none`, () =>
      expect(() => parseDuration(text)).to.throw('must be a duration such as 30s, 4h or 7d'))
  }
})
