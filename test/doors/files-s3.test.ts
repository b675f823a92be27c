import { expect } from 'chai'
import { carryOut } from '../support/story.ts'
import { anS3Peer, type S3Peer } from '../support/s3-peer.ts'
import { mustBeProblem } from '../support/problems.ts'
import { beginUpload, bytesOnDisk, formWith, partHead, PNG, WAV } from '../support/upload.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

describe('files in an object storage', () => {
  let w: World
  let client: S3Peer
  let employee: Person
  beforeEach(async () => {
    client = await anS3Peer()
    w = await aWorld({ with: ['api', 'workers'], env: client.env })
    employee = await w.as('employee')
  })
  afterEach(async () => {
    await w.end()
    await client.close()
  })

  const upload = (content: Uint8Array = PNG, by = employee) =>
    by.post('/chat/attachments', formWith(content, 'a.png'))

  it('are put, read, read in part and removed, each request signed', async () => {
    const { status, body } = await upload(WAV)
    expect(status).to.equal(201)
    expect([...client.objects.values()].map((object) => object.equals(WAV))).to.deep.equal([true])
    const part = await fetch(w.url + body.url, {
      headers: { authorization: `Bearer ${employee.accessToken}`, range: 'bytes=10-19' },
    })
    expect([part.status, Buffer.from(await part.arrayBuffer()).equals(WAV.subarray(10, 20))]).to.deep.equal([
      206,
      true,
    ])
    expect((await employee.get(`/files/${body.id}`)).status).to.equal(200)
    await w.advance('1 day')
    await carryOut(w, 'maintenance.sweepFiles', {})
    expect(client.objects.size).to.equal(0)
    expect(client.log).to.deep.equal(['PUT 200', 'GET 206', 'GET 200', 'DELETE 204'])
    expect(await bytesOnDisk(w.runtime)).to.deep.equal([])
  })

  it('may be empty', async () => {
    const { status, body } = await upload(Buffer.alloc(0))
    expect([status, (await employee.get(`/files/${body.id}`)).status]).to.deep.equal([201, 200])
  })

  it('are not taken with a wrong signature', async () => {
    const wrong = await aWorld({
      with: ['api'],
      env: { ...client.env, FILES_S3_SECRET_KEY: 'quite/another+secret' },
    })
    mustBeProblem(await upload(PNG, await wrong.as('employee')), 503, 'unavailable')
    expect([await wrong.runtime.db('files'), client.objects.size, client.log[0]]).to.deep.equal([
      [],
      0,
      'PUT 403',
    ])
    await wrong.end()
  })

  for (const mood of ['refuses', 'hangs'] as const) {
    it(`are refused with "try again" while the storage ${mood}, and nothing is written down`, async () => {
      client.mood = mood
      const refused = await upload()
      mustBeProblem(refused, 503, 'unavailable')
      expect(refused.headers.get('retry-after')).to.equal('1')
      expect([await w.runtime.db('files'), await bytesOnDisk(w.runtime)]).to.deep.equal([[], []])
      client.mood = 'kind'
      expect((await upload()).status).to.equal(201)
    })

    it(`can be read again after the storage ${mood} for a while`, async () => {
      const { body } = await upload()
      client.mood = mood
      const refused = await employee.get(`/files/${body.id}`)
      mustBeProblem(refused, 503, 'unavailable')
      expect(refused.headers.get('etag')).to.equal(null)
      client.mood = 'kind'
      expect((await employee.get(`/files/${body.id}`)).status).to.equal(200)
    })
  }

  it('are given up in the middle when the storage stops there, and can be read again later', async () => {
    const { body } = await upload()
    client.mood = 'stalls'
    const broken = await fetch(w.url + body.url, {
      headers: { authorization: `Bearer ${employee.accessToken}` },
    })
    expect(await broken.arrayBuffer().catch((error: Error) => error.message)).to.equal('terminated')
    client.mood = 'kind'
    expect((await employee.get(`/files/${body.id}`)).status).to.equal(200)
  })

  it('that the storage lost are not found', async () => {
    const { body } = await upload()
    client.objects.clear()
    mustBeProblem(await employee.get(`/files/${body.id}`), 404, 'not_found')
  })

  it('that break off never reach it', async () => {
    const slow = beginUpload(w.url, employee.accessToken)
    await slow.send(partHead() + 'x'.repeat(100_000))
    await until('its bytes arrive', async () => (await bytesOnDisk(w.runtime)).length === 1)
    slow.breakOff()
    await until('nothing is left', async () => (await bytesOnDisk(w.runtime)).length === 0)
    expect([client.log, await w.runtime.db('files')]).to.deep.equal([[], []])
  })
})
