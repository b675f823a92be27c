// A small object storage of our own, that speaks S3 and believes nobody: every signature is computed again here, after
// Amazon's description (AWS Signature Version 4), and every body is compared with the digest that was signed.

import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Environment } from '../../shared/kit/process/config.ts'

export interface S3Peer {
  env: Environment
  objects: Map<string, Buffer>
  /** What it answered, as "PUT 200". */
  log: string[]
  /** How it treats whoever asks. stalls: a head and the first byte, and then nothing. */
  mood: 'kind' | 'refuses' | 'hangs' | 'stalls'
  close(): Promise<void>
}

const SECRET = 'quite/a+secret'
const ACCESS_KEY = 'AKIATEST'
const REGION = 'ap-southeast-1'

export async function anS3Peer(): Promise<S3Peer> {
  const server = createServer((req, res) => void serve(client, req, res))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const client: S3Peer = {
    env: {
      FILES_S3_ENDPOINT: `http://127.0.0.1:${port}`,
      FILES_S3_BUCKET: 'files',
      FILES_S3_REGION: REGION,
      FILES_S3_ACCESS_KEY: ACCESS_KEY,
      FILES_S3_SECRET_KEY: SECRET,
      FILES_S3_TIMEOUT: '1s',
    },
    objects: new Map(),
    log: [],
    mood: 'kind',
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return client
}

async function serve(client: S3Peer, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of req) chunks.push(chunk)
  if (client.mood === 'hangs') return
  const { status, headers, body } =
    client.mood === 'refuses' ? plain(503) : answer(client, req, Buffer.concat(chunks))
  client.log.push(`${req.method} ${status}`)
  if (client.mood === 'stalls' && body)
    return void res
      .writeHead(status, { ...headers, 'content-length': body.length })
      .write(body.subarray(0, 1))
  res.writeHead(status, headers).end(body)
}

interface Answer {
  status: number
  headers?: Record<string, string>
  body?: Buffer
}

const plain = (status: number): Answer => ({ status })

function answer({ objects }: S3Peer, req: IncomingMessage, body: Buffer): Answer {
  if (!isSigned(req, body)) return plain(403)
  if (req.headers['transfer-encoding']) return plain(411)
  const key = req.url ?? ''
  if (!key.startsWith('/files/')) return plain(404)
  if (req.method === 'PUT') {
    objects.set(key, body)
    return plain(200)
  }
  if (req.method === 'DELETE') {
    objects.delete(key)
    return plain(204)
  }
  const object = objects.get(key)
  if (!object) return plain(404)
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(req.headers.range ?? '') ?? []
  return start
    ? { status: 206, body: object.subarray(Number(start), Number(end) + 1) }
    : { status: 200, body: object }
}

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
const sha256 = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex')

/** Canonical request → string to sign → signature, as Amazon describes it. */
function isSigned(req: IncomingMessage, body: Buffer): boolean {
  const [, credential = '', signed = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      req.headers.authorization ?? '',
    ) ?? []
  const [accessKey, day = '', region = '', service = '', ending] = credential.split('/')
  const [at, digest] = [String(req.headers['x-amz-date']), String(req.headers['x-amz-content-sha256'])]
  const names = signed.split(';')
  if (
    accessKey !== ACCESS_KEY ||
    region !== REGION ||
    service !== 's3' ||
    ending !== 'aws4_request' ||
    !names.includes('host') ||
    !at.startsWith(day)
  )
    return false
  if (req.method === 'PUT' && digest !== sha256(body)) return false
  const canonical = [
    req.method,
    req.url,
    '',
    ...names.map((name) => `${name}:${String(req.headers[name]).trim()}`),
    '',
    signed,
    digest,
  ].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', at, `${day}/${region}/s3/aws4_request`, sha256(canonical)].join('\n')
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (previous, part) => hmac(previous, part),
    `AWS4${SECRET}`,
  )
  return hmac(key, toSign).toString('hex') === signature
}
