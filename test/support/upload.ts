// Files as people send them, whole, in pieces, and not to the end.

import { request } from 'node:http'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { deflateRawSync } from 'node:zlib'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { Reply } from './client.ts'

/** One pixel. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
export const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')
/** A second of silence in 8 kHz. */
export const WAV = Buffer.concat([
  Buffer.from(
    'RIFF\x64\x1f\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x40\x1f\x00\x00',
    'latin1',
  ),
  Buffer.alloc(8000, 0x80),
])
export const HTML = Buffer.from('<!DOCTYPE html><html><script>alert(document.domain)</script></html>')
export const SVG = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')

/** Ten million zeros in ten thousand bytes. */
export function zipBomb(): Buffer {
  const content = deflateRawSync(Buffer.alloc(10_000_000))
  const head = Buffer.alloc(30)
  head.writeUInt32LE(0x04034b50, 0)
  head.writeUInt16LE(20, 4)
  head.writeUInt16LE(8, 8)
  head.writeUInt32LE(content.length, 18)
  head.writeUInt32LE(10_000_000, 22)
  head.writeUInt16LE(1, 26)
  return Buffer.concat([head, Buffer.from('0'), content])
}

/** An archive as programs write it, without compression. @param names of its entries, in their order */
export function zipOf(names: readonly string[], content = Buffer.alloc(3000, 'x')): Buffer {
  const entries = names.map((name) =>
    Buffer.concat([
      headOf(
        0x04034b50,
        30,
        [
          [18, content.length],
          [22, content.length],
        ],
        26,
        name,
      ),
      content,
    ]),
  )
  let offset = 0
  const directory = names.map((name, at) => {
    const entry = headOf(
      0x02014b50,
      46,
      [
        [20, content.length],
        [24, content.length],
        [42, offset],
      ],
      28,
      name,
    )
    offset += entries[at]?.length ?? 0
    return entry
  })
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(names.length, 8)
  end.writeUInt16LE(names.length, 10)
  end.writeUInt32LE(
    directory.reduce((sum, { length }) => sum + length, 0),
    12,
  )
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...entries, ...directory, end])
}

function headOf(
  signature: number,
  length: number,
  numbers: readonly (readonly [number, number])[],
  nameLengthAt: number,
  name: string,
): Buffer {
  const head = Buffer.alloc(length)
  head.writeUInt32LE(signature, 0)
  for (const [at, value] of numbers) head.writeUInt32LE(value, at)
  head.writeUInt16LE(Buffer.byteLength(name), nameLengthAt)
  return Buffer.concat([head, Buffer.from(name)])
}

export function formWith(content: Uint8Array, name: string): FormData {
  const form = new FormData()
  form.set('file', new Blob([Uint8Array.from(content)]), name)
  return form
}

const BOUNDARY = 'what-no-file-contains'
export const MULTIPART = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` }
export const partHead = (disposition = 'name="file"; filename="a.bin"'): string =>
  `--${BOUNDARY}\r\nContent-Disposition: form-data; ${disposition}\r\n\r\n`
export const END = `\r\n--${BOUNDARY}--\r\n`

/** An upload in the hands of the test: it goes on when told. */
export interface SlowUpload {
  /** Resolved when the system took it. */
  send(bytes: string | Uint8Array): Promise<void>
  end(): void
  breakOff(): void
  answer: Promise<Pick<Reply, 'status' | 'body'> & { retryAfter: string | undefined }>
}

export function beginUpload(url: string, token: string, headers: Record<string, string> = {}): SlowUpload {
  const req = request(`${url}/chat/attachments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...MULTIPART, ...headers },
  })
  const answer = new Promise<Awaited<SlowUpload['answer']>>((resolve, reject) => {
    req.on('error', reject)
    req.on('response', (res) => {
      const chunks: Buffer[] = []
      res.on('data', (chunk: Buffer) => chunks.push(chunk))
      res.on('end', () =>
        resolve({
          status: res.statusCode ?? 0,
          body: JSON.parse(String(Buffer.concat(chunks))),
          retryAfter: res.headers['retry-after'],
        }),
      )
    })
  })
  answer.catch(() => undefined)
  return {
    answer,
    send: (bytes) =>
      new Promise((resolve, reject) => {
        req.write(bytes, (error) => (error ? reject(error) : resolve()))
      }),
    end: () => void req.end(),
    breakOff: () => void req.destroy(),
  }
}

/** Everything that lies in the folder of files, whole or not. */
export async function bytesOnDisk({ config }: Runtime): Promise<string[]> {
  const folder = path.resolve(config.FILES_DIR ?? '')
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
}
