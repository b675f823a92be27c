import { randomUUID } from 'node:crypto'
import { hash } from '@node-rs/argon2'
import { expect } from 'chai'
import { foldText } from '../../shared/kit/text/fold.ts'
import { rowsOf } from '../../shared/kit/store/db.ts'
import { up } from '../../shared/migrations/0029_phones_in_one_spelling.ts'
import { mustBeProblem } from '../support/problems.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('names, addresses and telephone numbers', () => {
  let w: World
  let admin: Person
  let count = 0
  const add = async (
    fullName: string,
    more: object = {},
  ): Promise<{ id: string; email: string; phone: string | null }> => {
    const { status, body } = await admin.post('/users', {
      email: `name${++count}@demo.test`,
      password: 'long-enough',
      role: 'STAFF',
      fullName,
      ...more,
    })
    expect(status, JSON.stringify(body)).to.equal(201)
    return body
  }
  const namesAt = async (path: string, by = admin): Promise<string[]> =>
    (await by.get(path)).body.map(
      ({ fullName, name }: { fullName?: string; name?: string }) => fullName ?? name,
    )
  const signIn = (emailOrPhone: string, password: string, org?: string) =>
    w.anybody.post('/auth/login', { emailOrPhone, password, ...(org && { org }) })

  before(async () => {
    w = await aWorld({ with: ['api'] })
    admin = await w.as('admin')
  })
  after(() => w.end())

  it('are folded by PostgreSQL as by Bellhop, letter by letter', async () => {
    const letters = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code)).filter(
      (letter) =>
        /\p{Script=Latin}|\p{Script=Greek}|\p{Script=Cyrillic}|\p{Script=Hira}|\p{Script=Kana}|\p{Script=Thai}|\p{Script=Hangul}|\p{Default_Ignorable_Code_Point}|\p{N}/u.test(
          letter,
        ),
    )
    const known = letters
      .filter((letter) => !/\p{Cn}/u.test(letter))
      .map((letter) => `a${letter}${letter.normalize('NFD')}z`)
    const rows = await rowsOf<{ written: string; folded: string }>(
      w.runtime.db,
      'select written, fold_text(written) as folded from unnest(?::text[]) as t(written)',
      [known],
    )
    const others = rows
      .filter(({ written, folded }) => folded !== foldText(written))
      .map(({ written }) => written)
    // Capitals that Unicode was given after the ICU of this PostgreSQL was made.
    expect(others.filter((written) => !/[\ua7a0-\ua7ff\u2c2f\u1c80-\u1cbf]/.test(written))).to.deep.equal([])
    for (const text of ['Nguyễn Thị Đào', 'ＡＢＣ Ｎgân', 'Straße Łódź Æsir', 'chà\u200bo', 'ﾀｸｼｰ', 'ΟΔΟΣ']) {
      expect(
        (await rowsOf<{ folded: string }>(w.runtime.db, 'select fold_text(?) as folded', [text]))[0]?.folded,
      ).to.equal(foldText(text))
    }
  })

  it('are found without accents, in any composition, width and order of their words, by people and in the directory', async () => {
    await add('Nguyễn Thị Đào')
    await add('Ｔａｎａｋａ 花子')
    for (const q of [
      'nguyen thi dao',
      'ĐÀO',
      'Đào'.normalize('NFD'),
      'dao nguyễn',
      'Ng\u200buyễn Đ',
      'ｄａｏ',
    ]) {
      expect(await namesAt(`/users?q=${encodeURIComponent(q)}`), q).to.deep.equal(['Nguyễn Thị Đào'])
      expect(await namesAt(`/people?q=${encodeURIComponent(q)}`, await w.as('employee')), q).to.deep.equal([
        'Nguyễn Thị Đào',
      ])
    }
    for (const q of ['tanaka', '花'])
      expect(await namesAt(`/people?q=${encodeURIComponent(q)}`)).to.deep.equal(['Ｔａｎａｋａ 花子'])
    expect(await namesAt('/people?q=100%25')).to.deep.equal([])
    expect((await admin.get(`/users?q=${encodeURIComponent('đào')}`)).headers.get('x-total-count')).to.equal(
      '1',
    )
  })

  it('lead to the rooms that people are in, and things and questions are found the same way', async () => {
    const manager = await w.as('manager')
    await manager.post('/chat/conversations/with-user', { userId: (await w.as('employee')).user.id })
    const { fullName } = (await w.as('employee')).user
    for (const q of [foldText(fullName), fullName.normalize('NFD'), fullName.toUpperCase()])
      expect((await manager.get(`/chat/rooms?search=${encodeURIComponent(q)}`)).body, q).to.have.length(1)
    await admin.post('/chat/groups', { name: 'Đội xe Cần Thơ', memberIds: [] })
    expect(await namesAt(`/chat/rooms?search=${encodeURIComponent('can tho')}`)).to.deep.equal([
      'Đội xe Cần Thơ',
    ])
    await admin.post('/resources', { kind: 'STATION', name: 'Trạm Quận Bảy' })
    expect(await namesAt(`/resources?q=${encodeURIComponent('tram QUAN'.normalize('NFD'))}`)).to.deep.equal([
      'Trạm Quận Bảy',
    ])
    await admin.post('/chat/faqs', { question: 'Gửi xe ở đâu?', answer: 'Tầng hầm.' })
    expect(
      (await admin.get('/chat/faqs?q=gui%20xe')).body.map(({ question }: { question: string }) => question),
    ).to.deep.equal(['Gửi xe ở đâu?'])
  })

  it('stand in the order of the reader’s language: Á beside A, small beside capital, Đ behind D, page by page', async () => {
    const sorted = ['an', 'Án', 'Ân', 'Bích', 'Dũng', 'Đạt', 'Em', 'Zung']
    await admin.patch(`/users/${admin.user.id}`, { locale: 'vi' })
    for (const name of ['Zung', 'Đạt', 'an', 'Em', 'Ân', 'Dũng', 'Bích', 'Án'])
      await add(name, { department: 'Thứ tự', managerId: admin.user.id })
    expect(await namesAt(`/users?managerId=${admin.user.id}`)).to.deep.equal(sorted)
    const paged = [
      ...(await namesAt(`/users?managerId=${admin.user.id}&limit=3`)),
      ...(await namesAt(`/users?managerId=${admin.user.id}&limit=3&offset=3`)),
      ...(await namesAt(`/users?managerId=${admin.user.id}&limit=3&offset=6`)),
    ]
    expect(paged).to.deep.equal(sorted)
    for (const name of ['Zung', 'Đạt', 'an', 'Ân']) {
      await admin.post('/resources', { kind: 'PROPERTY', name })
      await admin.post('/chat/groups', { name: `nhóm ${name}`, memberIds: [] })
    }
    expect((await namesAt('/resources?kind=PROPERTY')).filter((name) => sorted.includes(name))).to.deep.equal(
      ['an', 'Ân', 'Đạt', 'Zung'],
    )
    expect((await namesAt('/chat/groups')).filter((name) => name.startsWith('nhóm'))).to.deep.equal([
      'nhóm an',
      'nhóm Ân',
      'nhóm Đạt',
      'nhóm Zung',
    ])
    await admin.patch(`/users/${admin.user.id}`, { locale: 'en' })
    expect((await namesAt('/resources?kind=PROPERTY')).filter((name) => sorted.includes(name))).to.deep.equal(
      ['an', 'Ân', 'Đạt', 'Zung'],
    )
    expect((await namesAt(`/users?managerId=${admin.user.id}`)).slice(4, 6)).to.deep.equal(['Đạt', 'Dũng'])
  })

  it('make one person of three spellings of a telephone number', async () => {
    const person = await add('Lê Số', { phone: '090 765 43 21' })
    expect(person.phone).to.equal('+84907654321')
    for (const phone of ['+84907654321', '0907654321', '0084-907-654-321']) {
      expect(
        mustBeProblem(
          await admin.post('/users', {
            email: `name${++count}@demo.test`,
            password: 'long-enough',
            role: 'STAFF',
            fullName: 'Ai',
            phone,
          }),
          409,
        ),
      ).to.equal('This phone number is taken')
      expect((await signIn(phone, 'long-enough')).body.user?.id, phone).to.equal(person.id)
      expect(await namesAt(`/users?q=${encodeURIComponent(phone)}`), phone).to.deep.equal(['Lê Số'])
    }
    expect(mustBeProblem(await admin.patch(`/users/${person.id}`, { phone: '123456' }), 422)).to.include(
      'is no telephone number',
    )
    expect((await signIn(person.email.toUpperCase(), 'long-enough')).status).to.equal(200)
  })

  it('belong to one person in each organisation: who is in two says which', async () => {
    const foreigner = await w.runtime.db('users').where({ email: 'employee@other.test' }).first()
    const person = await add('Hai Nơi', {
      phone: '+84911111111',
      email: 'both@demo.test',
      password: 'the-same-one',
    })
    await w.runtime
      .db('users')
      .where({ id: foreigner.id })
      .update({
        phone: person.phone,
        email: person.email,
        passwordHash: (await w.runtime.db('users').where({ id: person.id }).first()).passwordHash,
      })
    for (const who of ['both@demo.test', '+84 911 111 111']) {
      expect(mustBeProblem(await signIn(who, 'the-same-one'), 409, 'choose_organisation')).to.include(
        'demo, other',
      )
      expect((await signIn(who, 'the-same-one', 'other')).body.user?.id).to.equal(foreigner.id)
      mustBeProblem(await signIn(who, 'the-same-one', 'nowhere'), 401)
    }
    // A local number is one of the organisation's own country.
    expect((await signIn('0911111111', 'the-same-one')).body.user?.id).to.equal(person.id)
  })

  it('open with a password in any composition, also where the stored one was made from another', async () => {
    const word = 'mật khẩu dài'
    const person = await add('Mật Khẩu', { password: word.normalize('NFD') })
    for (const form of ['NFC', 'NFD', 'NFKC'] as const)
      expect((await signIn(person.email, word.normalize(form))).status).to.equal(200)
    for (const form of ['NFC', 'NFD'] as const) {
      const old = await hash(word.normalize(form), { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
      await w.runtime.db('users').where({ id: person.id }).update({ passwordHash: old })
      expect((await signIn(person.email, word.normalize(form === 'NFC' ? 'NFD' : 'NFC'))).status).to.equal(
        200,
      )
      expect((await signIn(person.email, word.normalize('NFKC'))).status).to.equal(200)
    }
    expect((await signIn(person.email, 'mat khau dai')).status).to.equal(401)
  })

  it('are respelled by the migration, and of two that turn out to be one both keep an account', async () => {
    const rows = ['0922 222 222', '+84922222222', '0933333333', '0084933333333', '12'].map((phone, at) => ({
      id: randomUUID(),
      phone,
      email: `old${at}@demo.test`,
    }))
    await w.owner.raw(
      'alter table users drop constraint users_email_org_id_key, drop constraint users_phone_org_id_key',
    )
    for (const [at, row] of rows.entries())
      await w.owner('users').insert({
        ...row,
        org_id: admin.user.orgId,
        full_name: 'Cũ',
        role: 'STAFF',
        created_at: new Date(at),
        updated_at: new Date(at),
      })
    await w
      .owner('users')
      .where({ email: 'both@demo.test' })
      .whereNot({ org_id: admin.user.orgId })
      .update({ email: 'employee@other.test', phone: null })
    await w.owner.raw(
      'alter table users add constraint users_email_key unique (email), add constraint users_phone_key unique (phone)',
    )
    await w.owner.transaction((transaction) => up(transaction))
    const phones = await Promise.all(
      rows.map(async ({ id }) => (await w.runtime.db('users').where({ id }).first('phone')).phone),
    )
    expect(phones).to.deep.equal(['0922 222 222', '+84922222222', '+84933333333', '0084933333333', '12'])
  })
})
