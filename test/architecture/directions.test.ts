// The linter of docs/ARCHITECTURE.md, section "Directions": who may import whom.

import { readdirSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { PRODUCT, readSources, TREE, WEB, type Source } from '../support/sources.ts'

const ROOT = path.resolve(import.meta.dirname, '../..')
const DOORS = ['api', 'workers', 'realtime']
/** A domain calls those after it, never those before. */
const LADDER = [
  'demonstration',
  'erasure',
  'issuers',
  'people',
  'calendars',
  'bookings',
  'support',
  'inbox',
  'integrations',
  'approvals',
  'protocol',
  'chat',
  'exports',
  'operations',
  'files',
  'notifications',
  'resources',
  'users',
  'organisations',
  'audit',
]
const HOME: Readonly<Record<string, string>> = {
  ajv: 'shared/kit/declare/schema.ts',
  compression: 'api/app.ts',
  esbuild: 'api/console/bundle.ts',
  ioredis: 'shared/kit/store/redis.ts',
  bullmq: 'shared/kit/store/queue.ts',
  knex: 'shared/kit/store/db.ts',
  'uWebSockets.js': 'realtime/transport/uws.ts',
  'socket.io': 'realtime/socketio/attach.ts',
  jsonwebtoken: 'shared/users/tokens.ts',
  jose: 'shared/issuers/verify.ts',
  'openid-client': 'shared/issuers/providers.ts',
  '@opentelemetry': 'shared/kit/process/otlp-tracing.ts',
  '@node-rs/argon2': 'shared/users/passwords.ts',
  'rate-limiter-flexible': 'shared/kit/store/limiter.ts',
  'ical.js': 'shared/kit/text/icalendar.ts',
  luxon: 'shared/kit/time/zone.ts',
  '@fastify/busboy': 'api/http/multipart.ts',
  'file-type': 'shared/files/content.ts',
  aws4fetch: 'shared/files/storage/s3.ts',
  pdfkit: 'shared/exports/formats/pdf.ts',
  nodemailer: 'shared/kit/outside/mailer.ts',
  undici: 'shared/kit/outside/http-client.ts',
  'ipaddr.js': 'shared/kit/outside/http-client.ts',
  'libphonenumber-js': 'shared/kit/text/phone.ts',
  'countries-and-timezones': 'shared/kit/text/phone.ts',
  'web-push': 'shared/notifications/delivery/push.ts',
  otpauth: 'shared/users/totp.ts',
  uqr: 'api/pages/qr-code.ts',
}
const TRANSPORTS = ['realtime/transport/uws.ts', 'realtime/transport/ws.ts']
/** The second transport; what Socket.IO takes WebSockets with; an example of a client. */
const WS_HOMES = [
  'realtime/transport/ws.ts',
  'realtime/transport/ws-connection.ts',
  'realtime/socketio/upload-guard.ts',
  'demo/socket-client.ts',
]
/**
 * What posts a message is one statement, which is why it writes two tables of others; what an operator's
 * mending needs stands beside it.
 */
const ALSO_WRITES: Readonly<Record<string, readonly string[]>> = {
  'shared/chat/table/messages.ts': ['jobs', 'audit_log'],
  'shared/chat/table/posts-together.ts': ['jobs', 'audit_log'],
  'workers/reconcile.ts': ['jobs'],
  'workers/revive.ts': ['jobs'],
}
const NOT_IN_DOMAINS = ['express', 'bullmq', 'ioredis', 'uWebSockets.js', 'socket.io']
/** Of `for update of …`, `on conflict do update set`, and comments. */
const NO_TABLES = ['set', 'of', 'skip', 'nowait', 'the', 'it', 'a']
/** Shapes that clients know, one row for each kind of subject, and sentences for people. */
const SPECIFIC = /\/(schema|subjects|wording)\.ts$/
/** From the documents, when the client is built. */
const GENERATED = ['client/src/contract.ts']
const MEANINGLESS = /^(index|utils?|helpers?|common|types|misc)\.[cm]?[jt]s$/

const sources = readSources(PRODUCT)
const tree = readSources(TREE)
const web = readSources(WEB)
const client = readSources(['client/src'])

const domainOf = (name: string): string | undefined =>
  LADDER.find((domain) => name.startsWith(`shared/${domain}/`))
const doorOf = (name: string): string | undefined => DOORS.find((context) => name.startsWith(`${context}/`))
const isPackage = (imported: string, name: string): boolean =>
  imported === name || imported.startsWith(`${name}/`)

/** Tables that are written in SQL, or by the query builder. */
function writtenTables(text: string): string[] {
  const inSql = [...text.matchAll(/\b(?:insert into|delete from|update) ([a-z_]+)\b/g)]
    .map((match) => match[1] ?? '')
    .filter((table) => !NO_TABLES.includes(table))
  const built = [...text.matchAll(/db\('([a-z_]+)'\)(?:(?!db\(')[^\n;])*?\.(?:insert|update|delete)\(/g)].map(
    (match) => match[1] ?? '',
  )
  return [...inSql, ...built]
}

/** One line per offence, so that a failure says everything at once. */
function offences(judge: (source: Source, imported: string) => boolean): string[] {
  return sources.flatMap((source) =>
    source.imports
      .filter((imported) => judge(source, imported))
      .map((imported) => `${source.name} imports ${imported}`),
  )
}

function offendersWith(pattern: RegExp, allowed: (name: string) => boolean): string[] {
  return sources.filter(({ name, text }) => pattern.test(text) && !allowed(name)).map(({ name }) => name)
}

describe('the architecture', () => {
  it('knows every folder of shared', () => {
    const folders = readdirSync(path.join(ROOT, 'shared'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
    expect(folders.filter((name) => ![...LADDER, 'kit', 'migrations'].includes(name))).to.deep.equal([])
  })

  it('lets doors import shared, and never each other', () => {
    expect(
      offences(
        ({ name }, imported) =>
          doorOf(name) !== undefined && doorOf(imported) !== undefined && doorOf(name) !== doorOf(imported),
      ),
    ).to.deep.equal([])
    expect(
      offences(({ name }, imported) => doorOf(name) === undefined && doorOf(imported) !== undefined),
    ).to.deep.equal([])
  })

  it('lets domains call down the ladder only', () => {
    expect(
      offences(({ name }, imported) => {
        const [from, to] = [domainOf(name), domainOf(imported)]
        return from !== undefined && to !== undefined && LADDER.indexOf(to) < LADDER.indexOf(from)
      }),
    ).to.deep.equal([])
  })

  it('lets the console stand on the client package alone, as anybody could', () => {
    const known = (imported: string): boolean =>
      imported.startsWith('web/') ||
      imported === 'client/src/index.ts' ||
      isPackage(imported, 'lit') ||
      imported === 'uplot'
    const strange = web.flatMap(({ name, imports }) =>
      imports.filter((imported) => !known(imported)).map((imported) => `${name} imports ${imported}`),
    )
    expect(web.length).to.be.above(10)
    expect(strange).to.deep.equal([])
  })

  it('keeps tables private to their domain', () => {
    expect(
      offences(
        ({ name }, imported) =>
          /\/table(\/|\.ts$)/.test(imported) && !imported.startsWith(`shared/${domainOf(name)}/`),
      ),
    ).to.deep.equal([])
  })

  it('lets each table be written by its domain only', () => {
    const writers = new Map<string, Set<string>>()
    for (const { name, text } of sources.filter((source) => !source.name.startsWith('shared/migrations/'))) {
      for (const table of writtenTables(text))
        if (!ALSO_WRITES[name]?.includes(table))
          writers.set(table, (writers.get(table) ?? new Set()).add(name.replace(/\/table\/.*/, '/table')))
    }
    const shared = [...writers]
      .filter(([, names]) => names.size > 1)
      .map(([table, names]) => [table, ...names])
    expect(shared.map((each) => each.join(' '))).to.deep.equal([])
  })

  it('keeps business out of the kit', () => {
    expect(
      offences(({ name }, imported) => name.startsWith('shared/kit/') && domainOf(imported) !== undefined),
    ).to.deep.equal([])
  })

  it('keeps servers and queues out of the domains', () => {
    expect(
      offences(
        ({ name }, imported) =>
          domainOf(name) !== undefined && NOT_IN_DOMAINS.some((each) => isPackage(imported, each)),
      ),
    ).to.deep.equal([])
  })

  it('keeps the general mechanisms general: chat and approvals do not know what a trip is', () => {
    const offenders = sources
      .filter(({ name }) => /^shared\/(chat|approvals)\//.test(name) && !SPECIFIC.test(name))
      .flatMap(({ name, text }) =>
        text
          .split('\n')
          .filter((line) =>
            /trip|driver|vehicle|booking/i.test(
              line.replaceAll(/bookingId|booking_id|'BOOKING'|BOOKING:/g, ''),
            ),
          )
          .map((line) => `${name}: ${line.trim()}`),
      )
    expect(offenders).to.deep.equal([])
  })

  it('keeps rules pure: other rules, shapes, errors and arithmetic, nothing else', () => {
    const pure = [
      'rules.ts',
      'schema.ts',
      'organisations/roles.ts',
      'kit/time/time.ts',
      'kit/time/calendar.ts',
      'kit/declare/errors.ts',
      'kit/process/config.ts',
      'kit/process/config-parsers.ts',
      'kit/text/storable.ts',
      'kit/text/text.ts',
      'kit/time/zone.ts',
    ]
    expect(
      offences(
        ({ name }, imported) => name.endsWith('/rules.ts') && !pure.some((each) => imported.endsWith(each)),
      ),
    ).to.deep.equal([])
  })

  it('gives each library one importer', () => {
    expect(
      offences(({ name }, imported) =>
        Object.entries(HOME).some(
          ([library, home]) => isPackage(imported, library) && name !== home && !isTypeOnlyMigration(name),
        ),
      ),
    ).to.deep.equal([])
  })

  it('knows only in the transports what carries the sockets, and only where it is chosen which there are', () => {
    const carried = offences(
      ({ name }, imported) =>
        name.startsWith('realtime/') &&
        ((isPackage(imported, 'ws') && !WS_HOMES.includes(name)) ||
          (TRANSPORTS.includes(imported) && name !== 'realtime/transport/choose-transport.ts')),
    )
    expect(carried).to.deep.equal([])
  })

  it('reads the environment and the time in one place each', () => {
    expect(offendersWith(/process\.env/, (name) => name === 'shared/kit/process/config.ts')).to.deep.equal([])
    expect(
      offendersWith(/Date\.now\(\)|new Date\(\)/, (name) => name === 'shared/kit/process/clock.ts'),
    ).to.deep.equal([])
  })

  it('lets only actions cause jobs and events', () => {
    const mayCause = (name: string): boolean =>
      domainOf(name) === undefined || /\/actions(\/|\.ts$)/.test(name)
    expect(offendersWith(/change\.(enqueue|emit)\(/, mayCause)).to.deep.equal([])
  })

  it('names every file', () => {
    expect(
      [...sources, ...web]
        .map(({ name }) => name)
        .filter((name) => MEANINGLESS.test(path.posix.basename(name))),
    ).to.deep.equal([])
  })

  it('keeps files short', () => {
    const written = client.filter(({ name }) => !GENERATED.includes(name))
    const long = [...sources, ...web, ...written].filter(({ text }) => text.split('\n').length > 300)
    expect(long.map(({ name }) => name)).to.deep.equal([])
  })

  it('has no import circle', () => {
    expect(circles()).to.deep.equal([])
  })
})

function isTypeOnlyMigration(name: string): boolean {
  return name.startsWith('shared/migrations/')
}

function circles(): string[] {
  const graph = new Map(tree.map((source) => [source.name, source.imports]))
  const found: string[] = []
  const done = new Set<string>()
  const walk = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) return void found.push([...path.slice(path.indexOf(name)), name].join(' → '))
    if (done.has(name)) return
    for (const next of graph.get(name) ?? []) walk(next, [...path, name])
    done.add(name)
  }
  for (const name of graph.keys()) walk(name, [])
  return found
}
