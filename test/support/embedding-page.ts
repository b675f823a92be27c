// Somebody's own page, at an origin of its own and under a policy as strict as can be, that holds widgets of a Bellhop.

import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface EmbeddingPage {
  origin: string
  /** What stands in the body of each path. */
  bodies: Map<string, string>
  close(): Promise<void>
}

interface Source {
  /** Origin of Bellhop, once it is known. */
  server: () => string
  /** What the page's own server knows: an access token of whoever is signed in there. */
  tokenOf: (who: string) => Promise<string>
}

const OWN_SCRIPT = `
addEventListener('bellhop-token', ({ target, detail }) => {
  const { who } = target.dataset
  if (who) detail.provide(fetch('/token?who=' + who).then((answer) => answer.text()))
})
addEventListener('bellhop-unread', ({ detail }) => { document.title = detail.count + ' unread' })`

export async function anEmbeddingPage({ server, tokenOf }: Source): Promise<EmbeddingPage> {
  const bodies = new Map<string, string>()
  const host = createServer((req, res) => void answer(req.url ?? '/', res))
  const answer = async (url: string, res: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(url, 'http://page')
    const body = bodies.get(pathname)
    if (pathname === '/token') return void res.end(await tokenOf(searchParams.get('who') ?? ''))
    if (pathname === '/page.js') return void res.setHeader('content-type', 'text/javascript').end(OWN_SCRIPT)
    if (body === undefined) return void res.writeHead(pathname === '/favicon.ico' ? 204 : 404).end()
    res.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policyFor(server()) })
    res.end(htmlOf(server(), body))
  }
  host.listen(0, '127.0.0.1')
  await once(host, 'listening')
  const { port } = host.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    bodies,
    async close() {
      host.closeAllConnections()
      host.close()
      await once(host, 'close')
    },
  }
}

const policyFor = (server: string): string =>
  `default-src 'none'; script-src 'self' ${server}; connect-src 'self' ${server} ${server.replace('http', 'ws')}`

/** Its own script stands below the widgets, as people write it. */
const htmlOf = (server: string, body: string): string => `<!doctype html>
<html lang="en">
  <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>0 unread</title></head>
  <body>
    <main><h1>A page</h1>${body}</main>
    <script type="module" src="${server}/widgets/bellhop.js"></script>
    <script type="module" src="/page.js"></script>
  </body>
</html>`
