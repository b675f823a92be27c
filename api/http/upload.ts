// Uploads: how many at a time, the file to where its route stores it, and then the change that writes it down.

import type { Request, Response } from 'express'
import { tooMany, unavailable } from '../../shared/kit/errors.ts'
import type { House } from '../../shared/kit/house.ts'
import { receiveFile } from './multipart.ts'
import type { Input, Route } from './route.ts'

/** Of one person at a time: who sends slowly keeps places occupied, and there are few. */
const PER_PERSON = 16
/** Longer than a phone is between two cells; shorter than the places of a whole process may be kept by nobody. */
const PATIENCE = 30_000
/** A client that was refused while it still sends has this long to read why. Closed at once, it would see a broken connection instead. */
const LINGER = 5000

export interface UploadGate {
  /** @returns how to leave again. @throws AppError 429 or 503, both with Retry-After */
  enter(who: string): () => void
}

export function openUploadGate(most: number): UploadGate {
  const inside = new Map<string, number>()
  let count = 0
  const move = (who: string, by: number): void => {
    count += by
    const own = (inside.get(who) ?? 0) + by
    if (own > 0) inside.set(who, own)
    else inside.delete(who)
  }
  return {
    enter(who) {
      if (count >= most) throw unavailable('Too many uploads at once')
      if ((inside.get(who) ?? 0) >= PER_PERSON) throw tooMany(`You have ${PER_PERSON} uploads under way`, 1)
      move(who, 1)
      return () => move(who, -1)
    },
  }
}

type Asked = Input<unknown, unknown, unknown>
/** Runs the change; its input's body is what the route stored. Not new: the answer is about bytes that came before. */
type Write<T> = (input: Asked) => Promise<{ value: T; isNew: boolean }>

export async function receiveUpload<T>(house: House, gate: UploadGate, route: Route, req: Request, input: Asked, write: Write<T>): Promise<T> {
  const { upload } = route
  if (!upload) throw new Error(`${route.path} takes no upload.`)
  const context = { config: house.config, now: house.clock.now() }
  const giveBack = (stored: unknown): Promise<void> => upload.discard(context, stored).catch((error: unknown) => {
    house.log.warn({ err: error, requestId: req.requestId }, 'bytes of a refused upload stay in the storage')
  })
  const leave = gate.enter(input.actor.id)
  try {
    const stored = await receiveFile(req, {
      limit: upload.limit(house.config), tooLarge: upload.tooLarge(house.config), patience: PATIENCE,
      take: (part) => upload.store(context, input.actor, part), giveBack,
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
