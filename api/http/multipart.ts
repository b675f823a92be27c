// One file out of a multipart/form-data body, while it arrives. The only importer of @fastify/busboy.
// Promise: nothing is read ahead of whoever takes the file, and whatever goes wrong, what was taken ends with it. The
// request is left alone, so that its sender can still be told why.

import type { Readable } from 'node:stream'
import { Busboy, type BusboyInstance } from '@fastify/busboy'
import type { Request } from 'express'
import { AppError, malformed, type Problem } from '../../shared/kit/declare/errors.ts'

export const FIELD = 'file'
/** Boundaries and headers of the parts: a body larger than the file and this cannot be right. */
const ENVELOPE = 64 * 1024
/** More than anybody sends by mistake; each is named in the refusal. */
const LIMITS = { parts: 20, headerPairs: 20, headerSize: 16 * 1024, fieldSize: 1024 }
interface Taking<T> {
  /** Bytes that the file may have; whoever takes it measures them, here only the body is. */
  limit: number
  tooLarge: AppError
  /** Milliseconds in which `least` bytes more have to arrive: who sends fewer has gone, or keeps a place from others. */
  patience: number
  least: number
  take: (part: { name: string; source: Readable }) => Promise<T>
  /** When the file was right and the rest of the body was not. */
  giveBack: (taken: T) => Promise<void>
}

interface Form<T> {
  problems: Problem[]
  source?: Readable
  taken?: Promise<T>
}

/** @returns what `take` made of the file. @throws AppError 400, 408, 413, 415, or what `take` threw */
export async function receiveFile<T>(req: Request, taking: Taking<T>): Promise<T> {
  if (Number(req.get('content-length')) > taking.limit + ENVELOPE) throw taking.tooLarge
  const parser = parserFor(req.get('content-type') ?? '')
  const ending = new AbortController()
  const form = readForm(parser, taking, ending)
  try {
    await pour(req, parser, taking, ending)
  } catch (error) {
    form.source?.destroy(error instanceof Error ? error : undefined)
    await form.taken?.then(taking.giveBack, () => undefined)
    throw error
  }
  return settle(form, taking)
}

function parserFor(contentType: string): BusboyInstance {
  if (!/^multipart\/form-data\s*(;|$)/i.test(contentType))
    throw new AppError(
      415,
      'unsupported',
      `The body must be multipart/form-data with a part named "${FIELD}"`,
    )
  // Two boundaries are two readings of one body, and somebody else may have checked the other.
  const boundaries = contentType.match(/;\s*boundary\s*=\s*("[^"]{1,70}"|[^\s";]{1,70})(?=\s*(;|$))/gi) ?? []
  const named = contentType.match(/boundary\s*\*?\s*=/gi) ?? []
  if (boundaries.length !== 1 || named.length !== 1)
    throw malformed([{ path: '/headers/content-type', message: 'must name one boundary' }])
  return new Busboy({ headers: { 'content-type': contentType }, limits: LIMITS })
}

function readForm<T>(parser: BusboyInstance, { take }: Taking<T>, ending: AbortController): Form<T> {
  const form: Form<T> = { problems: [] }
  const isWrong = (field: string | undefined, message: string): void =>
    void form.problems.push({
      path: `/body/${(field ?? '').slice(0, 100)}`,
      message: field === FIELD ? message : 'is unknown',
    })
  parser.on('file', (field, source, name) => {
    // It has an end of its own besides its error: without a listener the process would end with it.
    source.on('error', () => undefined)
    if (field === FIELD && !form.taken) {
      form.source = source
      form.taken = take({ name: name ?? '', source })
      return void form.taken.catch((error: unknown) => ending.abort(error))
    }
    isWrong(field, 'must be one file: send each in a request of its own')
    source.resume()
  })
  parser.on('field', (field) => isWrong(field, 'must be a file'))
  parser.on('partsLimit', () => ending.abort(malformed([{ path: '/body', message: 'has too many parts' }])))
  return form
}

/** Resolves when all of the body has gone through the parser. */
async function pour(
  req: Request,
  parser: BusboyInstance,
  { limit, tooLarge, patience, least }: Omit<Taking<unknown>, 'take' | 'giveBack'>,
  ending: AbortController,
): Promise<void> {
  const brokenOff = new AppError(400, 'broken_off', 'The upload was broken off')
  if (req.destroyed) throw brokenOff
  let [size, before] = [0, 0]
  const judge = (): void => {
    // While something waits here for whoever takes the file, its sender is not to be blamed.
    if (size - before < least && req.readableLength === 0)
      ending.abort(
        new AppError(408, 'timeout', `Fewer than ${least} bytes arrived in ${patience / 1000} seconds`),
      )
    before = size
  }
  const timer = setInterval(judge, patience)
  const count = (chunk: Buffer): void => {
    size += chunk.length
    if (size > limit + ENVELOPE) ending.abort(tooLarge)
  }
  try {
    await new Promise<void>((resolve, reject) => {
      ending.signal.addEventListener('abort', () => reject(ending.signal.reason))
      parser.once('finish', resolve)
      parser.on('error', () =>
        reject(malformed([{ path: '/body', message: 'is not well-formed multipart/form-data' }])),
      )
      req.once('error', () => reject(brokenOff))
      req.once('close', () => !req.complete && reject(brokenOff))
      req.on('data', count).pipe(parser)
    })
  } finally {
    clearInterval(timer)
    req.off('data', count).unpipe(parser)
  }
}

async function settle<T>({ taken, problems }: Form<T>, { giveBack }: Taking<T>): Promise<T> {
  if (taken && problems.length === 0) return taken
  await taken?.then(giveBack)
  throw malformed(taken ? problems : [...problems, { path: `/body/${FIELD}`, message: 'is missing' }])
}
