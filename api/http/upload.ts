// Uploads: how many at a time, the file to where its route stores it, and then the change that writes it down.

import type { Request, Response } from 'express'
import { countUpload } from '../../shared/files/actions.ts'
import { networkOf } from '../../shared/kit/outside/client-address.ts'
import { unavailable } from '../../shared/kit/declare/errors.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { LimitName } from '../../shared/kit/process/limits.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import { receiveFile } from './multipart.ts'
import { isPerson, type AnyInput, type Route } from './route.ts'

/** Longer than a phone is between two cells; shorter than the places of a whole process may be kept by nobody. */
const PATIENCE = 30_000
/** Bytes in that time, of a client that we do not keep waiting ourselves: the slowest phones send more. */
const LEAST = 64 * 1024
/** A client that was refused while it still sends has this long to read why. Closed at once, it would see a broken connection instead. */
const LINGER = 5000

export interface UploadGate {
  /** @returns how to leave again. @throws AppError 429 or 503, both with Retry-After */
  enter(who: Uploader): () => void
}

interface Uploader {
  actor: Actor
  address: string
}

export function openUploadGate({ limiter, config }: Pick<Runtime, 'limiter' | 'config'>): UploadGate {
  const inside = new Map<string, number>()
  const presentOf = (key: string): number => inside.get(key) ?? 0
  const move = (keys: readonly string[], by: number): void => {
    for (const key of keys) {
      inside.set(key, presentOf(key) + by)
      if (presentOf(key) === 0) inside.delete(key)
    }
  }
  return {
    enter(who) {
      if (presentOf(EVERYBODY) >= config.MAX_UPLOADS) throw unavailable('Too many uploads at once')
      const shares = sharesOf(who)
      for (const [name, key] of shares) limiter.mustHaveRoom(name, presentOf(`${name} ${key}`))
      const keys = [EVERYBODY, ...shares.map((share) => share.join(' '))]
      move(keys, 1)
      return () => move(keys, -1)
    },
  }
}

const EVERYBODY = 'everybody'

/** Whose places it takes: who sends slowly keeps them occupied, and there are few. */
function sharesOf({ actor, address }: Uploader): [LimitName, string][] {
  const own: [LimitName, string][] =
    actor.role === 'GUEST'
      ? [
          ['uploads.guest', actor.id],
          ['uploads.guests', actor.orgId],
        ]
      : [['uploads.person', actor.id]]
  return [...own, ['uploads.network', networkOf(address)], ['uploads.organisation', actor.orgId]]
}

/** Bytes that it will be at most: as announced, or as many as are taken. */
function bytesOf(req: Request, limit: number): number {
  const announced = Number(req.get('content-length') ?? limit)
  return Math.min(announced, limit)
}

/** Runs the change; its input's body is what the route stored. Not new: the answer is about bytes that came before. */
type Write<T> = (input: AnyInput) => Promise<{ value: T; isNew: boolean }>

interface Receiving {
  runtime: Runtime
  uploads: UploadGate
  route: Route
  req: Request
}

export async function receiveUpload<T>(
  { runtime, uploads, route, req }: Receiving,
  input: AnyInput,
  write: Write<T>,
): Promise<T> {
  const { upload } = route
  const { caller } = input
  if (!upload || !isPerson(caller)) throw new Error(`${route.path} takes no upload.`)
  const context = { config: runtime.config, now: runtime.clock.now() }
  const giveBack = (stored: unknown): Promise<void> =>
    upload.discard(context, stored).catch((error: unknown) => {
      runtime.log.warn(
        { err: error, requestId: req.requestId },
        'bytes of a refused upload stay in the storage',
      )
    })
  const leave = uploads.enter({ actor: caller, address: req.address })
  try {
    await countUpload(runtime.limiter, caller, bytesOf(req, upload.limit(runtime.config)))
    const stored = await receiveFile(req, {
      limit: upload.limit(runtime.config),
      tooLarge: upload.tooLarge(runtime.config),
      patience: PATIENCE,
      least: LEAST,
      take: (part) => upload.store(context, caller, part),
      giveBack,
    })
    const written = await write({ ...input, body: stored }).catch(async (error: unknown) => {
      await giveBack(stored)
      throw error
    })
    if (!written.isNew) await giveBack(stored)
    return written.value
  } finally {
    leave()
  }
}

export function lingerAfter(req: Request, res: Response): void {
  res.once('finish', () => {
    if (req.complete) return
    const timer = setTimeout(() => req.destroy(), LINGER)
    req.once('close', () => clearTimeout(timer)).resume()
  })
}
