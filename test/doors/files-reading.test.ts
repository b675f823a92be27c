import { request } from 'node:http'
import { expect } from 'chai'
import { mustBeProblem, problemsIn } from '../support/problems.ts'
import { formWith, PDF, PNG, WAV } from '../support/upload.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('a file', () => {
  let w: World
  let employee: Person
  let sound: { id: string }
  before(async () => {
    w = await aWorld({ with: ['api'] })
    employee = await w.as('employee')
    sound = await upload(WAV, 'tiếng nói.wav')
  })
  after(() => w.end())

  const upload = async (content: Uint8Array, name: string) =>
    (await employee.post('/chat/attachments', formWith(content, name))).body
  const read = (id: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${w.url}/files/${id}`, {
      method,
      headers: { authorization: `Bearer ${employee.accessToken}`, ...headers },
    })
  const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer())

  it('comes whole, with its size, and may only be kept by who reads it', async () => {
    const answer = await read(sound.id)
    expect([
      answer.status,
      answer.headers.get('content-length'),
      answer.headers.get('content-type'),
    ]).to.deep.equal([200, String(WAV.length), 'audio/wav'])
    expect(answer.headers.get('cache-control')).to.equal('private, no-cache')
    expect((await bytesOf(answer)).equals(WAV)).to.equal(true)
  })

  it('that is a picture or a PDF is shown; everything else is saved, under its name in any alphabet', async () => {
    const names = { picture: await upload(PNG, 'ảnh "đẹp".png'), pdf: await upload(PDF, 'a.pdf'), sound }
    const [picture, pdf, saved] = await Promise.all(
      Object.values(names).map(async ({ id }) => (await read(id)).headers.get('content-disposition')),
    )
    expect(picture).to.match(
      /^inline; filename="\?nh \\"\S+\\".png"; filename\*=UTF-8''%E1%BA%A3nh%20%22%C4%91%E1%BA%B9p%22\.png$/,
    )
    expect(pdf).to.equal('inline; filename=a.pdf')
    expect(saved)
      .to.include(`filename*=UTF-8''ti%E1%BA%BFng%20n%C3%B3i.wav`)
      .and.match(/^attachment/)
  })

  it('tells everything but its bytes to who only asks for the head', async () => {
    const answer = await read(sound.id, {}, 'HEAD')
    expect([
      answer.status,
      answer.headers.get('content-length'),
      answer.headers.get('accept-ranges'),
      (await bytesOf(answer)).length,
    ]).to.deep.equal([200, String(WAV.length), 'bytes', 0])
  })

  it('that is known already is not sent again', async () => {
    const etag = (await read(sound.id)).headers.get('etag') ?? ''
    const again = await read(sound.id, { 'if-none-match': etag })
    expect([again.status, again.headers.get('etag'), (await bytesOf(again)).length]).to.deep.equal([
      304,
      etag,
      0,
    ])
    expect((await read(sound.id, { 'if-none-match': '"another"' })).status).to.equal(200)
  })

  describe('in parts', () => {
    const ranges: readonly [string, string, number, number][] = [
      ['the first bytes', 'bytes=0-9', 0, 9],
      ['the middle', 'bytes=100-199', 100, 199],
      ['to the end', 'bytes=8000-', 8000, 8043],
      ['the last bytes', 'bytes=-4', 8040, 8043],
      ['past the end', 'bytes=8000-99999', 8000, 8043],
    ]
    for (const [what, range, start, end] of ranges) {
      it(`gives ${what}`, async () => {
        const answer = await read(sound.id, { range })
        expect([
          answer.status,
          answer.headers.get('content-range'),
          answer.headers.get('content-length'),
        ]).to.deep.equal([206, `bytes ${start}-${end}/${WAV.length}`, String(end - start + 1)])
        expect((await bytesOf(answer)).equals(WAV.subarray(start, end + 1))).to.equal(true)
      })
    }

    for (const [what, range] of [
      ['several at once', 'bytes=0-1,5-6'],
      ['nonsense', 'bytes=x'],
      ['another unit', 'seconds=0-1'],
    ]) {
      it(`gives the whole to who asks for ${what}`, async () =>
        expect((await read(sound.id, { range: range ?? '' })).status).to.equal(200))
    }

    it('gives the whole to who has begun with another file', async () => {
      const etag = (await read(sound.id)).headers.get('etag') ?? ''
      expect((await read(sound.id, { range: 'bytes=0-9', 'if-range': '"another"' })).status).to.equal(200)
      expect((await read(sound.id, { range: 'bytes=0-9', 'if-range': etag })).status).to.equal(206)
    })

    it('refuses what lies behind the end, and says where that is', async () => {
      const refused = await employee.get(`/files/${sound.id}`, { range: 'bytes=9000-' })
      mustBeProblem(refused, 416, 'range')
      expect(refused.headers.get('content-range')).to.equal(`bytes */${WAV.length}`)
    })
  })

  it('does not exist for anybody else, of the same organisation or another', async () => {
    const unknown = await employee.get('/files/00000000-0000-4000-8000-000000000000')
    mustBeProblem(unknown, 404, 'not_found')
    for (const name of ['manager', 'admin', 'foreigner', 'foreignAdmin'] as const) {
      const hidden = await (await w.as(name)).get(`/files/${sound.id}`)
      expect({ ...hidden.body, requestId: '' }, name).to.deep.equal({ ...unknown.body, requestId: '' })
      expect(hidden.headers.get('content-disposition')).to.equal(null)
    }
    mustBeProblem(await w.anybody.get(`/files/${sound.id}`), 401)
    expect(problemsIn(await employee.get('/files/..%2F..%2Fetc%2Fpasswd'))).to.deep.equal([
      '/params/id must be a UUID',
    ])
  })

  it('is not there any more for who knows it, once it is removed: asked at every read', async () => {
    const { id } = await upload(PNG, 'a.png')
    const etag = (await read(id)).headers.get('etag') ?? ''
    await w.runtime.db('files').where({ id }).update({ removedAt: w.clock.now() })
    expect((await read(id, { 'if-none-match': etag })).status).to.equal(404)
  })

  it('whose reader leaves half way keeps nobody else waiting', async () => {
    const { id } = await upload(Buffer.alloc(8_000_000), 'large.bin')
    await new Promise<void>((resolve, reject) => {
      const req = request(
        `${w.url}/files/${id}`,
        { headers: { authorization: `Bearer ${employee.accessToken}` } },
        (res) =>
          res.once('data', () => {
            res.destroy()
            resolve()
          }),
      )
      req.on('error', reject).end()
    })
    expect((await bytesOf(await read(id))).length).to.equal(8_000_000)
  })
})
