import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { aWorld, type World } from '../support/world.ts'

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }

describe('the console, as it is served', () => {
  let w: World
  before(async () => {
    w = await aWorld({ with: ['api'] })
  })
  after(() => w.end())

  it('is what a browser gets at the address, and below its sections', async () => {
    for (const path of ['/', '/bookings', '/chat/4fb7e4f0-0000-4000-8000-000000000001', '/organisation']) {
      const answer = await fetch(w.url + path, { headers: BROWSER })
      expect(answer.status, path).to.equal(200)
      expect(await answer.text(), path).to.contain('<bellhop-console>')
    }
  })

  it('lets nothing into the page but its own files', async () => {
    const { headers } = await fetch(w.url, { headers: BROWSER })
    const policy = headers.get('content-security-policy')
    expect(policy).to.contain("default-src 'none'").and.contain("script-src 'self'").and.not.contain('unsafe')
    expect(headers.get('cache-control')).to.equal('no-cache')
    expect(headers.get('vary')).to.contain('Accept')
  })

  it('leaves the routes of the API to whoever asks for JSON, or for anything', async () => {
    for (const accept of ['application/json', '*/*']) {
      const answer = await fetch(`${w.url}/bookings`, { headers: { accept } })
      expect(answer.status).to.equal(401)
      expect(answer.headers.get('content-type')).to.contain('application/problem+json')
    }
    expect((await fetch(w.url, { headers: { accept: '*/*' } })).status).to.equal(404)
    expect((await fetch(`${w.url}/users`, { headers: BROWSER })).status).to.equal(401)
  })

  it('says to a browser where nothing is, and leaves the problem to programs', async () => {
    for (const path of ['/nonsense', '/bookings/one/two']) {
      const page = await fetch(w.url + path, { headers: BROWSER })
      expect(page.status, path).to.equal(404)
      expect(await page.text(), path).to.contain('<bellhop-console>')
      const problem = await fetch(w.url + path, { headers: { accept: '*/*' } })
      expect(problem.status, path).to.equal(404)
      expect(problem.headers.get('content-type')).to.contain('application/problem+json')
    }
  })

  it('is in files that are kept for ever, and none that is not there', async () => {
    const [first = ''] = await filesOfPage(w.url)
    const { headers } = await fetch(w.url + first, { headers: { 'accept-encoding': 'gzip' } })
    expect(headers.get('cache-control')).to.contain('immutable').and.contain('max-age=31536000')
    expect(headers.get('content-encoding')).to.equal('gzip')
    expect((await fetch(`${w.url}/console/main-OLD.js`)).status).to.equal(404)
  })

  it('shows its first page after at most 150 KB', async () => {
    const files = await filesOfPage(w.url)
    const texts = await Promise.all(files.map(async (file) => (await fetch(w.url + file)).text()))
    const bytes = texts.reduce((sum, text) => sum + gzipSync(text).length, 0)
    expect(files.length).to.be.above(2)
    expect(bytes).to.be.below(150_000)
  })

  it('shares the widgets with pages of any origin: by a name that stays, and by one that may be kept for ever', async () => {
    const byName = await fetch(`${w.url}/widgets/bellhop.js`)
    expect(byName.headers.get('access-control-allow-origin')).to.equal('*')
    expect(byName.headers.get('cross-origin-resource-policy')).to.equal('cross-origin')
    expect(byName.headers.get('cache-control')).to.equal('public, max-age=300')
    const script = await byName.text()
    const page = await (await fetch(`${w.url}/widgets`)).text()
    const [, kept = '', integrity] = /src="(\/widgets\/[^"]+)" integrity="([^"]+)"/.exec(page) ?? []
    const byHash = await fetch(w.url + kept)
    expect(byHash.headers.get('cache-control')).to.contain('immutable')
    expect(await byHash.text()).to.equal(script)
    expect(integrity).to.equal(`sha384-${createHash('sha384').update(script).digest('base64')}`)
    expect((await fetch(`${w.url}/widgets/bellhop-OLD.js`)).status).to.equal(404)
  })

  it('takes at most 35 KB of an embedding page for all widgets together, with the client', async () => {
    const script = await (await fetch(`${w.url}/widgets/bellhop.js`)).text()
    expect(gzipSync(script).length).to.be.below(35 * 1024)
    expect(script).not.to.match(/\bfrom"|\bimport\(/)
  })
})

/** Scripts and styles that the page names itself. */
async function filesOfPage(url: string): Promise<string[]> {
  const page = await (await fetch(url, { headers: BROWSER })).text()
  return [...page.matchAll(/(?:src|href)="(\/console\/[^"]+)"/g)].map(([, file = '']) => file)
}
