// People and their own account: invitations, forgotten passwords, their profile; by mail, page and API.

import { expect } from 'chai'
import { aMailPeer, type Mail, type MailPeer } from '../support/mail-peer.ts'
import { caller } from '../support/client.ts'
import { mustBeProblem } from '../support/problems.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const NEW = { fullName: 'Trịnh Công Sơn', role: 'EMPLOYEE', locale: 'vi' }
let count = 0
const address = (): string => `invited${++count}@demo.test`

/** The path of the link in a mail. */
const pathIn = (mail: Mail | undefined): string =>
  /https:\/\/bellhop\.example(\/account\?link=\S+)/.exec(mail?.text ?? '')?.[1] ?? 'no link'
const tokenIn = (mail: Mail | undefined): string => pathIn(mail).split('link=')[1] ?? ''

describe('an account', () => {
  let w: World
  let mail: MailPeer
  let admin: Person
  before(async () => {
    mail = await aMailPeer()
    w = await aWorld({
      with: ['api', 'workers'],
      env: {
        SMTP_URL: mail.url,
        MAIL_FROM: 'Bellhop <no-reply@bellhop.test>',
        PUBLIC_URL: 'https://bellhop.example',
        LIMITS: 'reset.network=1000000,sign-in.network=1000000',
      },
    })
    admin = await w.as('admin')
  })
  after(async () => {
    await w.end()
    await mail.close()
  })

  const lastMailTo = (to: string): Mail | undefined => mail.mails.findLast((each) => each.to.includes(to))
  const signIn = (email: string, password: string) => w.anybody.post('/auth/login', { email, password })
  const open = (path: string, init?: RequestInit) => fetch(`${w.url}${path}`, init)
  const submit = (path: string, fields: Record<string, string>) =>
    open(path, { method: 'POST', body: new URLSearchParams(fields) })
  async function invited(
    email = address(),
  ): Promise<{ email: string; id: string; letter: Mail | undefined }> {
    const { body } = await admin.post('/users', { ...NEW, email })
    await w.settle()
    return { email, id: body.id, letter: lastMailTo(email) }
  }
  async function forgotten(email: string): Promise<Mail | undefined> {
    expect((await w.anybody.post('/auth/forgot', { email })).status).to.equal(202)
    await w.settle()
    return lastMailTo(email)
  }
  const withPassword = async (password = 'long-enough') => {
    const email = address()
    const { body } = await admin.post('/users', { ...NEW, email, password })
    return { email, id: String(body.id) }
  }

  describe('that is made without a password', () => {
    it('is told of by a mail, whose page lets its person choose one; opening the page changes nothing', async () => {
      const { email, letter } = await invited()
      expect(letter?.headers['subject']).to.equal('Bellhop Demo mời bạn dùng Bellhop')
      expect(letter?.raw).not.to.match(/list-unsubscribe/i)
      mustBeProblem(await signIn(email, ''), 401)
      for (const method of ['HEAD', 'GET', 'GET']) {
        const page = await open(pathIn(letter), { method })
        expect(page.status).to.equal(200)
        expect(page.headers.get('content-security-policy')).to.include("default-src 'none'")
        expect(page.headers.get('referrer-policy')).to.equal('no-referrer')
      }
      const saved = await submit('/account', { link: tokenIn(letter), password: 'mật khẩu mới' })
      expect([saved.status, await saved.text()]).to.satisfy(
        ([status, page]: [number, string]) => status === 200 && page.includes('Mật khẩu đã được lưu'),
      )
      expect((await signIn(email, 'mật khẩu mới')).status).to.equal(200)
    })

    it('takes a link once, also of two at the same moment, and says of a used one what to do', async () => {
      const { email, letter } = await invited()
      const answers = await Promise.all(
        ['first-choice', 'second-choice'].map((password) =>
          submit('/account', { link: tokenIn(letter), password }),
        ),
      )
      expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([200, 404])
      const page = await (await open(`${pathIn(letter)}&lang=en`)).text()
      expect(page).to.include('This link does not work any more').and.include('/account/forgot')
      const tries = await Promise.all(['first-choice', 'second-choice'].map((each) => signIn(email, each)))
      expect(tries.filter(({ status }) => status === 200)).to.have.length(1)
    })

    it('can be invited again until its password is chosen; a link is good for a week', async () => {
      const { id, email, letter } = await invited()
      const mayBeInvited = async (): Promise<boolean> => (await admin.get(`/users/${id}`)).body.mayBeInvited
      expect(await mayBeInvited()).to.equal(true)
      const again = await admin.post(`/users/${id}/invite`)
      expect([again.status, again.body.isMailed, again.body.link]).to.deep.equal([201, true, null])
      await w.settle()
      const second = lastMailTo(email)
      expect(tokenIn(second)).to.match(/^[\w.-]+$/)
      expect(
        (await w.anybody.post('/auth/reset', { token: tokenIn(second), password: 'long-enough' })).status,
      ).to.equal(200)
      mustBeProblem(
        await w.anybody.post('/auth/reset', { token: tokenIn(letter), password: 'other-words' }),
        404,
      )
      expect(await mayBeInvited()).to.equal(false)
      mustBeProblem(await admin.post(`/users/${id}/invite`), 409)
    })

    it('is not opened by a link that somebody changed, that is over, or whose address is another by now', async () => {
      const reset = (token: string) => w.anybody.post('/auth/reset', { token, password: 'long-enough' })
      const [one, two] = [await invited(), await invited()]
      const [id, kind, until] = tokenIn(one.letter).split('.')
      const signature = tokenIn(one.letter).split('.')[3] ?? ''
      for (const forged of [
        `${id}.reset.${until}.${signature}`,
        `${two.id}.${kind}.${until}.${signature}`,
        `${id}.${kind}.${Number(until) + 9}.${signature}`,
        `${id}.${kind}.${until}.${signature.slice(1)}x`,
        '',
        'x'.repeat(200),
      ])
        expect((await reset(forged)).status, forged).to.equal(404)
      await admin.patch(`/users/${one.id}`, { email: address() })
      mustBeProblem(await reset(tokenIn(one.letter)), 404)
      await admin.patch(`/users/${two.id}`, { isActive: false })
      mustBeProblem(await reset(tokenIn(two.letter)), 404)
      await admin.patch(`/users/${two.id}`, { isActive: true })
      await w.advance('8 days')
      mustBeProblem(await reset(tokenIn(two.letter)), 404)
      admin = {
        ...admin,
        ...caller(`${w.url}/api/v1`, (await signIn('admin@demo.test', 'bellhop-demo')).body.accessToken),
      }
    })
  })

  describe('whose password was forgotten', () => {
    it('gets a mail whose link ends all sessions, and once', async () => {
      const { email } = await withPassword()
      const { body: session } = await signIn(email, 'long-enough')
      const letter = await forgotten(email)
      expect(letter?.headers['subject']).to.equal('Đặt mật khẩu mới')
      const page = await (await open(pathIn(letter))).text()
      expect(page).to.include(email).and.include('Đặt mật khẩu mới')
      const short = await submit('/account', { link: tokenIn(letter), password: 'short' })
      expect([short.status, (await short.text()).includes('aria-invalid')]).to.deep.equal([400, true])
      expect(
        (await submit('/account', { link: tokenIn(letter), password: 'quite-another' })).status,
      ).to.equal(200)
      mustBeProblem(await w.anybody.get('/auth/me', { authorization: `Bearer ${session.accessToken}` }), 401)
      expect((await signIn(email, 'quite-another')).status).to.equal(200)
      mustBeProblem(
        await w.anybody.post('/auth/reset', { token: tokenIn(letter), password: 'third-words' }),
        404,
      )
    })

    it('is answered alike whether it is known: by API and page, and in the time that it takes', async () => {
      const { email } = await withPassword()
      const before = mail.mails.length
      const [known, unknown] = [
        await w.anybody.post('/auth/forgot', { email }),
        await w.anybody.post('/auth/forgot', { email: address() }),
      ]
      expect([known.status, known.body]).to.deep.equal([unknown.status, unknown.body])
      const pages = await Promise.all(
        [email, address()].map(async (each) =>
          (await submit('/account/forgot?lang=en', { email: each })).text(),
        ),
      )
      expect(pages[0]).to.equal(pages[1])
      await w.settle()
      expect(mail.mails.slice(before).map(({ to }) => to)).to.deep.equal([[email], [email]])
      expect((await submit('/account/forgot', { email: 'no address' })).status).to.equal(400)
    })

    it('gets nothing when its person left, and one mail for each organisation that knows the address', async () => {
      const { email, id } = await withPassword()
      await admin.patch(`/users/${id}`, { isActive: false })
      const before = mail.mails.length
      await forgotten(email)
      expect(mail.mails).to.have.length(before)
      const other = await w.as('foreignAdmin')
      const shared = (await withPassword()).email
      await other.post('/users', { ...NEW, email: shared, password: 'long-enough', locale: 'en' })
      await forgotten(shared)
      expect(
        mail.mails
          .slice(before)
          .map(({ headers }) => headers['subject'])
          .toSorted(),
      ).to.deep.equal(['A new password', 'Đặt mật khẩu mới'])
      expect((await w.anybody.post('/auth/forgot', { email: shared, org: 'other' })).status).to.equal(202)
      await w.settle()
      expect(mail.mails.slice(before)).to.have.length(3)
    })

    it('keeps its mail for a server that is away for a while, and gives it up when its link is over', async () => {
      const { email } = await withPassword()
      mail.mood = 'later'
      const before = mail.mails.length
      await w.anybody.post('/auth/forgot', { email })
      await until('it was tried', async () => mail.asked.includes(email))
      mail.mood = 'kind'
      await w.advance('2 minutes')
      await w.settle()
      expect(mail.mails.slice(before).map(({ to }) => to)).to.deep.equal([[email]])
    })

    it('leaves rows in the audit that name who and why, and no address in a job', async () => {
      const { email, id } = await withPassword()
      const letter = await forgotten(email)
      await w.anybody.post('/auth/reset', { token: tokenIn(letter), password: 'quite-another' })
      const rows = await w.runtime.db('audit_log').where({ entityId: id }).orderBy('id').pluck('action')
      expect(rows).to.include.members(['user_created', 'reset_requested', 'password_reset'])
      const { body } = await admin.get(`/audit/logs?action=password_reset`)
      expect(body[0].description).to.include('chose a new password by the link in a mail')
    })
  })

  describe('of one’s own', () => {
    it('is changed by its person: name, telephone and language, nothing else', async () => {
      const { email, id } = await withPassword()
      const me = caller(w.url, (await signIn(email, 'long-enough')).body.accessToken)
      const changed = await me.patch('/auth/me', { fullName: 'Văn Cao', phone: '0908 123 456', locale: 'en' })
      expect([changed.status, changed.body.phone, changed.body.fullName]).to.deep.equal([
        200,
        '+84908123456',
        'Văn Cao',
      ])
      expect((await me.get('/auth/me')).body).to.deep.include({ id, locale: 'en', email })
      for (const more of [{ role: 'ADMIN' }, { email: address() }, { managerId: null }, {}])
        mustBeProblem(await me.patch('/auth/me', more), 400)
      mustBeProblem(await me.patch('/auth/me', { phone: 'none' }), 400)
    })

    it('gets another password with the one that holds; every other session ends, this one goes on', async () => {
      const { email } = await withPassword()
      const [one, two] = await Promise.all([signIn(email, 'long-enough'), signIn(email, 'long-enough')])
      const [me, elsewhere] = [caller(w.url, one.body.accessToken), caller(w.url, two.body.accessToken)]
      mustBeProblem(await me.post('/auth/password', { current: 'guessed', next: 'quite-another' }), 422)
      expect((await elsewhere.get('/auth/me')).status).to.equal(200)
      expect(
        (await me.post('/auth/password', { current: 'long-enough', next: 'quite-another' })).status,
      ).to.equal(200)
      expect((await me.get('/auth/me')).status).to.equal(200)
      mustBeProblem(await elsewhere.get('/auth/me'), 401)
      mustBeProblem(await signIn(email, 'long-enough'), 401)
      expect((await signIn(email, 'quite-another')).status).to.equal(200)
    })

    it('does not let whoever found it open try passwords without end', async () => {
      const { email } = await withPassword()
      const me = caller(w.url, (await signIn(email, 'long-enough')).body.accessToken)
      const tries = []
      for (let n = 0; n < 6; n++)
        tries.push((await me.post('/auth/password', { current: `${n}`, next: 'quite-another' })).status)
      expect(tries).to.deep.equal([422, 422, 422, 422, 422, 429])
    })
  })
})

describe('an installation without a mail server', () => {
  it('hands the link of an invitation to the ADMIN who invites', async () => {
    const w = await aWorld({ with: ['api', 'workers'] })
    const admin = await w.as('admin')
    const { body: person } = await admin.post('/users', { ...NEW, email: 'by-hand@demo.test' })
    const { body } = await admin.post(`/users/${person.id}/invite`)
    expect(body.isMailed).to.equal(false)
    const token = String(body.link).split('link=')[1]
    expect((await w.anybody.post('/auth/reset', { token, password: 'long-enough' })).status).to.equal(200)
    expect(
      (await w.anybody.post('/auth/login', { email: 'by-hand@demo.test', password: 'long-enough' })).status,
    ).to.equal(200)
    await w.end()
  })
})
