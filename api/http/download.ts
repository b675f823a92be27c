// Hands out a file that somebody uploaded, so that it can do no harm: what browsers cannot only draw is saved, never
// opened; its type is ours and not guessed; and were it opened all the same, it has no origin, no script and no network.

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { AppError } from '../../shared/kit/declare/errors.ts'
import type { Db } from '../../shared/kit/store/db.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import { isKnown } from './etag.ts'

export interface Download {
  name: string
  contentType: string
  isInline: boolean
  size: number
  /** Of the content: it never changes under one address. */
  digest: string
  open: (range?: { start: number; end: number }) => Promise<Readable>
  /** Pages of other origins may show it: its address was made for that. */
  isEmbedded?: true
}

/** What nobody has made yet: chunk by chunk, as fast as it is taken, and no further once nobody takes it. */
export interface StreamedDownload {
  name: string
  contentType: string
  chunks: (db: Db) => AsyncIterable<Uint8Array>
}

/** A reader that takes nothing for so long has gone. */
const STALL = 60_000

export async function sendDownload(
  { log }: Runtime,
  file: Download,
  req: Request,
  res: Response,
): Promise<void> {
  const range = rangeOf(file, req, res)
  const stream = req.method === 'HEAD' || isKnown(etagOf(file), req) ? undefined : await file.open(range)
  // From here on nothing can be refused: a problem object must not carry the headers of a file.
  res.attachment(file.name)
  if (file.isInline)
    res.set('Content-Disposition', res.get('Content-Disposition')?.replace(/^attachment/, 'inline'))
  res.set({
    'Content-Type': file.contentType,
    'Content-Security-Policy': `sandbox; default-src 'none'; frame-ancestors 'none'`,
    'Cross-Origin-Resource-Policy': file.isEmbedded ? 'cross-origin' : 'same-origin',
    // May be kept, but whoever reads it again is asked again who they are.
    'Cache-Control': 'private, no-cache',
    'Accept-Ranges': 'bytes',
    ETag: etagOf(file),
  })
  if (isKnown(etagOf(file), req)) return void res.status(304).end()
  res.set('Content-Length', String(range ? range.end - range.start + 1 : file.size))
  if (range) res.status(206).set('Content-Range', `bytes ${range.start}-${range.end}/${file.size}`)
  if (!stream) return void res.end()
  res.setTimeout(STALL, () => res.destroy())
  await pipeline(stream, res).catch((error: unknown) =>
    log.debug({ err: error, requestId: req.requestId }, 'a download was broken off'),
  )
}

/**
 * What fails at once is refused; what fails later ends the connection without its last chunk, so that
 * nobody takes a part for the whole.
 */
export async function sendStreamed(
  { longDb, log }: Runtime,
  { name, contentType, chunks }: StreamedDownload,
  req: Request,
  res: Response,
): Promise<void> {
  const rest = chunks(longDb)[Symbol.asyncIterator]()
  const first = req.method === 'HEAD' ? undefined : await rest.next()
  res.attachment(name).set('Content-Type', contentType)
  if (!first) return void res.end()
  res.setTimeout(STALL, () => res.destroy())
  await pipeline(Readable.from(beginningWith(first, rest), { objectMode: false }), res).catch(
    (error: unknown) => log.warn({ err: error, requestId: req.requestId }, 'a stream was broken off'),
  )
}

async function* beginningWith<T>(first: IteratorResult<T>, rest: AsyncIterator<T>): AsyncGenerator<T> {
  if (first.done) return
  yield first.value
  yield* { [Symbol.asyncIterator]: () => rest }
}

const etagOf = ({ digest }: Download): string => `"${digest}"`

/** One range; several are answered with the whole, as RFC 9110 allows. @throws AppError 416 */
function rangeOf(file: Download, req: Request, res: Response): { start: number; end: number } | undefined {
  const condition = req.get('if-range')
  if (req.method === 'HEAD' || (condition !== undefined && condition !== etagOf(file))) return undefined
  const ranges = req.range(file.size)
  if (ranges === -1) {
    res.set('Content-Range', `bytes */${file.size}`)
    throw new AppError(416, 'range', `The file has ${file.size} bytes`)
  }
  if (ranges === undefined || ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1)
    return undefined
  return ranges[0]
}
