import { expect } from 'chai'
import { announceFirstRun } from '../../api/pages/first-run.ts'
import { startApi, type Api } from '../../api/server.ts'
import { openAsOwner } from '../../shared/kit/store/db.ts'
import { openRuntime, type Runtime } from '../../shared/kit/process/runtime.ts'
import { openLog } from '../../shared/kit/process/log.ts'
import { systemClock } from '../../shared/kit/process/clock.ts'
import { findFirstRunCode } from '../../shared/users/actions/first-run.ts'
import { caller, type Caller } from '../support/client.ts'
import { testConfig } from '../support/config.ts'
import { dropDatabase, emptyDatabase, urlOf } from '../support/database.ts'
import { aWorld } from '../support/world.ts'

const ASK = {
  name: 'Khách sạn Hoa Sen',
  slug: 'hoa-sen',
  timezone: 'Asia/Ho_Chi_Minh',
  fullName: 'Nguyễn Ái',
  email: 'ai@hoa-sen.test',
  password: 'một mật khẩu',
}

describe('an empty database', () => {
  let [database, code] = ['', '']
  let runtime: Runtime
  let api: Api
  let anybody: Caller
  const logged: string[] = []
  const send = (given: Record<string, string>, lang = 'en') =>
    fetch(`http://127.0.0.1:${api.port}/first-run?lang=${lang}`, {
      method: 'POST',
      body: new URLSearchParams(given),
    })

  beforeEach(async () => {
    database = await emptyDatabase()
    const owner = openAsOwner(urlOf(database))
    await owner.migrate.latest()
    await owner.destroy()
    const config = testConfig({
      NODE_ENV: 'production',
      DATABASE_URL: urlOf(database),
      BULLMQ_PREFIX: database,
    })
    const log = openLog('api', 'warn', { write: (line: string) => void logged.push(line) })
    runtime = openRuntime(config, systemClock, log)
    api = await startApi(runtime)
    anybody = caller(`http://127.0.0.1:${api.port}`)
    code = (await findFirstRunCode(runtime)) ?? ''
  })
  afterEach(async () => {
    await api.close()
    await runtime.close()
    await dropDatabase(database)
  })

  it('shows the page of its first organisation, whose code stands in the log and nowhere on the page', async () => {
    await announceFirstRun(runtime)
    expect(logged.join('')).to.include(`"code":"${code}"`).and.include('nobody is here yet')
    for (const [lang, title] of [
      ['vi', 'Bắt đầu với Bellhop'],
      ['en', 'Welcome to Bellhop'],
    ]) {
      const response = await fetch(`http://127.0.0.1:${api.port}/`, {
        headers: { 'accept-language': lang ?? '' },
      })
      const page = await response.text()
      expect(page).to.include(`<html lang="${lang}">`).and.include(title)
      expect(page).not.to.include(code)
      expect(page).to.include('<option value="Asia/Ho_Chi_Minh" selected>')
      expect(page).not.to.include('<script')
      expect(response.headers.get('content-security-policy')).to.include("default-src 'none'")
    }
  })

  it('takes an organisation and its ADMIN with the code, who signs in; afterwards there is no such page', async () => {
    const answer = await send({ ...ASK, code: ` ${code.toLowerCase()} ` }, 'vi')
    expect([answer.status, await answer.text()]).to.satisfy(
      ([status, page]: [number, string]) => status === 201 && page.includes('Khách sạn Hoa Sen'),
    )
    const { body } = await anybody.post('/auth/login', { email: ASK.email, password: ASK.password })
    expect(body.user).to.include({ role: 'ADMIN', fullName: ASK.fullName, locale: 'vi' })
    expect((await anybody.get('/')).status).to.equal(404)
    expect((await send({ ...ASK, slug: 'second', code })).status).to.equal(409)
    expect(await runtime.db('organisations').pluck('slug')).to.deep.equal(['hoa-sen'])
    await announceFirstRun(runtime)
    expect(logged.filter((line) => line.includes('nobody is here yet'))).to.have.length(1)
  })

  it('refuses another code, also that of another database, and keeps what was typed but the password', async () => {
    for (const wrong of ['', 'AAAA-BBBB-CCCC-DDDD', code.slice(0, -1)]) {
      const answer = await send({ ...ASK, code: wrong })
      const page = await answer.text()
      expect(answer.status).to.equal(403)
      expect(page).to.include('aria-invalid="true"').and.include('value="Khách sạn Hoa Sen"')
      expect(page).not.to.include(ASK.password)
    }
    expect(await runtime.db('organisations')).to.deep.equal([])
    const another = await aWorld({ with: [] })
    expect(await findFirstRunCode(another.runtime)).to.equal(undefined)
    await another.runtime.db('organisations').select('id')
    await another.end()
  })

  it('marks every field that is wrong, at once', async () => {
    const answer = await send({
      code,
      name: ' ',
      slug: 'Hoa Sen',
      timezone: 'Moon',
      email: 'ai',
      password: 'short',
    })
    const page = await answer.text()
    expect(answer.status).to.equal(400)
    const marked = [...page.matchAll(/name="(\w+)"[^>]*aria-invalid/g)].map((match) => match[1])
    expect(marked).to.deep.equal(['name', 'slug', 'timezone', 'fullName', 'email', 'password'])
  })

  it('gets one organisation when several are made at the same moment', async () => {
    const answers = await Promise.all(
      ['one', 'two', 'three', 'four'].map((slug) => send({ ...ASK, slug, email: `${slug}@x.test`, code })),
    )
    expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([201, 409, 409, 409])
    expect(await runtime.db('organisations')).to.have.length(1)
  })
})
