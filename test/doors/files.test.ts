import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { ATTACHMENT } from '../../shared/files/schema.ts'
import { mustBeProblem, problemsIn } from '../support/problems.ts'
import {
  beginUpload,
  bytesOnDisk,
  END,
  formWith,
  HTML,
  MULTIPART,
  partHead,
  PDF,
  PNG,
  SVG,
  zipBomb,
} from '../support/upload.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

const LIMIT = 10_485_760

describe('an upload', () => {
  let w: World
  let employee: Person
  before(async () => {
    w = await aWorld({ with: ['api'] })
    employee = await w.as('employee')
  })
  after(() => w.end())
  beforeEach(async () => {
    await w.runtime.db('files').delete()
    bytes = await bytesOnDisk(w.runtime)
  })
  let bytes: string[] = []

  const rows = (): Promise<Record<string, unknown>[]> => w.runtime.db('files')
  const upload = (content: Uint8Array, name: string, headers = {}) =>
    employee.post('/chat/attachments', formWith(content, name), headers)
  const raw = (body: string, headers: Record<string, string> = MULTIPART) =>
    employee.post('/chat/attachments', body, headers)
  async function nothingStays(): Promise<void> {
    expect(await rows()).to.deep.equal([])
    await until(
      'nothing more lies on the disk',
      async () => (await bytesOnDisk(w.runtime)).length === bytes.length,
    )
  }

  it('answers what it is by its content, and gives its bytes back', async () => {
    const { status, body } = await upload(PNG, 'ảnh.txt')
    expect(status).to.equal(201)
    expect(body).to.deep.equal({
      id: body.id,
      name: 'ảnh.txt',
      contentType: 'image/png',
      kind: 'image',
      size: PNG.length,
      url: `/api/v1/files/${body.id}`,
    })
    const answer = await fetch(w.url + body.url, {
      headers: { authorization: `Bearer ${employee.accessToken}` },
    })
    expect(Buffer.from(await answer.arrayBuffer()).equals(PNG)).to.equal(true)
    expect(
      await w.runtime.db('audit_log').where({ entityId: body.id }).first('action', 'actorId'),
    ).to.deep.equal({ action: 'file_uploaded', actorId: employee.user.id })
  })

  it('is for guests too', async () => {
    const { body: guest } = await w.anybody.post('/auth/guest', { org: 'demo', name: 'Khách' })
    const { status } = await w.anybody.post('/chat/attachments', formWith(PNG, 'a.png'), {
      authorization: `Bearer ${guest.accessToken}`,
    })
    expect(status).to.equal(201)
  })

  it('spells its keys as it was asked', async () => {
    const { body } = await employee.post('/chat/attachments?keys=snake', formWith(PNG, 'a.png'))
    expect(body).to.have.property('content_type', 'image/png')
  })

  it('may be empty', async () => {
    const { status, body } = await upload(Buffer.alloc(0), 'empty.txt')
    expect([status, body.size]).to.deep.equal([201, 0])
    expect((await employee.get(`/files/${body.id}`)).status).to.equal(200)
  })

  for (const [given, kept] of [
    ['../../báo cáo "quý".pdf', 'báo cáo "quý".pdf'],
    ['C:\\temp\\đơn.pdf', 'đơn.pdf'],
  ] as const) {
    it(`called ${given} is called ${kept}`, async () =>
      expect((await upload(PDF, given)).body).to.include({ name: kept, kind: 'document' }))
  }

  const harmful: readonly [string, Buffer, string, string, string][] = [
    ['a page', HTML, 'page.html', 'application/octet-stream', 'file'],
    ['a page called a picture', HTML, 'page.png', 'application/octet-stream', 'file'],
    ['a drawing with a script', SVG, 'drawing.svg', 'application/octet-stream', 'file'],
    [
      'the head of a picture with a page behind it',
      Buffer.concat([PNG.subarray(0, 8), HTML]),
      'a.png',
      'application/octet-stream',
      'file',
    ],
    ['a zip bomb called a picture', zipBomb(), 'holiday.png', 'application/zip', 'file'],
  ]
  for (const [what, content, name, contentType, kind] of harmful) {
    it(`of ${what} is taken, and served to be saved, never to be opened`, async () => {
      const { body } = await upload(content, name)
      expect(body).to.include({ contentType, kind, size: content.length })
      const { headers } = await employee.get(`/files/${body.id}`)
      expect(headers.get('content-disposition')).to.match(/^attachment; filename=/)
      expect(headers.get('content-type')).to.equal(contentType)
      expect(headers.get('x-content-type-options')).to.equal('nosniff')
      expect(headers.get('content-security-policy')).to.include('sandbox').and.include(`default-src 'none'`)
    })
  }

  it('of a picture that is a script too is served as a picture that nothing may guess otherwise', async () => {
    const { body } = await upload(Buffer.from('GIF89a/*\u0001*/=1;alert(1)'), 'a.js')
    const { headers } = await employee.get(`/files/${body.id}`)
    expect(headers.get('content-type')).to.equal('image/gif')
    expect(headers.get('x-content-type-options')).to.equal('nosniff')
    expect(headers.get('cross-origin-resource-policy')).to.equal('same-origin')
  })

  describe('that is too large', () => {
    it('is taken with its last allowed byte, and refused with one more', async () => {
      expect((await upload(Buffer.alloc(LIMIT), 'whole.bin')).status).to.equal(201)
      await w.runtime.db('files').delete()
      bytes = await bytesOnDisk(w.runtime)
      expect(mustBeProblem(await upload(Buffer.alloc(LIMIT + 1), 'more.bin'), 413, 'too_large')).to.equal(
        `The file is larger than ${LIMIT} bytes`,
      )
      await nothingStays()
    })

    it('is refused while it still arrives, for a client that does not say how long it is', async () => {
      const slow = beginUpload(w.url, employee.accessToken)
      await slow.send(partHead())
      await slow.send(Buffer.alloc(LIMIT))
      await slow.send('x')
      const { status, body } = await slow.answer
      expect([status, body.code]).to.deep.equal([413, 'too_large'])
      slow.breakOff()
      await nothingStays()
    })

    it('is refused before its first byte when the client says so', async () => {
      const slow = beginUpload(w.url, employee.accessToken, { 'content-length': '1000000000' })
      await slow.send(partHead())
      expect((await slow.answer).status).to.equal(413)
      slow.breakOff()
      await nothingStays()
    })

    it('is refused when it is not the file that is large, but what is around it', async () => {
      const slow = beginUpload(w.url, employee.accessToken)
      await slow.send(`${partHead('name="other"; filename="a"')}`)
      await slow.send(Buffer.alloc(LIMIT + 65 * 1024)).catch(() => undefined)
      expect((await slow.answer).status).to.equal(413)
      slow.breakOff()
      await nothingStays()
    })
  })

  describe('that breaks off', () => {
    it('leaves nothing behind', async () => {
      const slow = beginUpload(w.url, employee.accessToken)
      await slow.send(partHead() + 'x'.repeat(100_000))
      await until('its bytes arrive', async () => (await bytesOnDisk(w.runtime)).length > bytes.length)
      slow.breakOff()
      await nothingStays()
    })

    it('without its last boundary is malformed', async () => {
      expect(problemsIn(await raw(partHead() + 'x'.repeat(1000)))).to.deep.equal([
        '/body is not well-formed multipart/form-data',
      ])
      await nothingStays()
    })

    it('gives its place to others', async () => {
      const small = await aWorld({ with: ['api'], env: { MAX_UPLOADS: '1' } })
      const one = await small.as('employee')
      const slow = beginUpload(small.url, one.accessToken)
      await slow.send(partHead() + 'x')
      await until('it arrives', async () => (await bytesOnDisk(small.runtime)).length > 0)
      const refused = await one.post('/chat/attachments', formWith(PNG, 'a.png'))
      mustBeProblem(refused, 503, 'unavailable')
      expect(refused.headers.get('retry-after')).to.equal('1')
      slow.breakOff()
      await until(
        'there is room',
        async () => (await one.post('/chat/attachments', formWith(PNG, 'a.png'))).status === 201,
      )
      await small.end()
    })
  })

  describe('that is no upload', () => {
    const wrong: readonly [string, string, Record<string, string>, string[]][] = [
      ['without a file', END, MULTIPART, ['/body/file is missing']],
      [
        'with text in place of the file',
        partHead('name="file"') + 'hello' + END,
        MULTIPART,
        ['/body/file is missing', '/body/file must be a file'],
      ],
      [
        'with a file of another name and a field',
        `${partHead('name="picture"; filename="a"')}x\r\n${partHead('name="roomId"')}7${END}`,
        MULTIPART,
        ['/body/file is missing', '/body/picture is unknown', '/body/roomId is unknown'],
      ],
      [
        'with two files',
        `${partHead()}x\r\n${partHead()}y${END}`,
        MULTIPART,
        ['/body/file must be one file: send each in a request of its own'],
      ],
      [
        'with a field behind the file',
        `${partHead()}x\r\n${partHead('name="messageId"')}7${END}`,
        MULTIPART,
        ['/body/messageId is unknown'],
      ],
      [
        'with two boundaries',
        partHead() + 'x' + END,
        { 'content-type': `${MULTIPART['content-type']}; boundary=another` },
        ['/headers/content-type must name one boundary'],
      ],
      [
        'without a boundary',
        partHead() + 'x' + END,
        { 'content-type': 'multipart/form-data' },
        ['/headers/content-type must name one boundary'],
      ],
      [
        'with more parts than anybody needs',
        partHead('name="a"') + `x\r\n${partHead('name="a"')}`.repeat(30) + END,
        MULTIPART,
        ['/body has too many parts'],
      ],
      ['with nonsense', 'nonsense', MULTIPART, ['/body is not well-formed multipart/form-data']],
    ]
    for (const [what, body, headers, problems] of wrong) {
      it(`is refused ${what}`, async () => {
        expect(problemsIn(await raw(body, headers))).to.deep.equal(problems)
        await nothingStays()
      })
    }

    it('is refused as JSON', async () => {
      mustBeProblem(await employee.post('/chat/attachments', { file: 'x' }), 415, 'unsupported')
    })

    it('is refused without a token before anything of it is read', async () => {
      const slow = beginUpload(w.url, 'nonsense')
      await slow.send(partHead())
      expect((await slow.answer).status).to.equal(401)
      slow.breakOff()
    })
  })

  describe('sent twice under one key', () => {
    it('is one file', async () => {
      const key = { 'idempotency-key': randomUUID() }
      const [first, second] = [await upload(PNG, 'a.png', key), await upload(PNG, 'a.png', key)]
      expect([second.status, second.body, second.headers.get('idempotency-replayed')]).to.deep.equal([
        201,
        first.body,
        'true',
      ])
      expect(await rows()).to.have.length(1)
      expect(await bytesOnDisk(w.runtime)).to.have.length(bytes.length + 1)
    })

    it('is refused when it is another file', async () => {
      const key = { 'idempotency-key': randomUUID() }
      await upload(PNG, 'a.png', key)
      mustBeProblem(await upload(PDF, 'a.png', key), 422, 'invalid')
      expect(await rows()).to.have.length(1)
      expect(await bytesOnDisk(w.runtime)).to.have.length(bytes.length + 1)
    })
  })

  it('whose row cannot be written leaves no bytes', async () => {
    await w.owner.raw('alter table files rename to hidden_files')
    mustBeProblem(await upload(PNG, 'a.png'), 500)
    await w.owner.raw('alter table hidden_files rename to files')
    await nothingStays()
  })

  it('of one person does not take every place', async () => {
    const slow = Array.from({ length: 16 }, () => beginUpload(w.url, employee.accessToken))
    for (const each of slow) await each.send(partHead() + 'x')
    await until('all of them arrive', async () => (await bytesOnDisk(w.runtime)).length === bytes.length + 16)
    mustBeProblem(await upload(PNG, 'a.png'), 429, 'too_many_requests')
    const manager = await w.as('manager')
    expect((await manager.post('/chat/attachments', formWith(PNG, 'a.png'))).status).to.equal(201)
    slow.forEach((each) => each.breakOff())
    await until(
      "only the manager's stays",
      async () => (await bytesOnDisk(w.runtime)).length === bytes.length + 1,
    )
  })

  it('stays within numbers that others rely on', () =>
    expect(ATTACHMENT).to.deep.equal({ perMessage: 10, nameLength: 255, lifeWithoutMessage: 86_400_000 }))
})
