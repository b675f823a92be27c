import { unavailable, type AppError } from '../../kit/declare/errors.ts'

/** For the client a sentence; for the log what happened. */
export function storageFailed(cause: unknown): AppError {
  return Object.assign(unavailable('Files cannot be stored or read right now'), { cause })
}

const NO_ROOM: readonly string[] = ['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE', 'ENFILE']

export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code))
}

/** A full disk passes; anything else is what it is. */
export function storageErrorOf(error: unknown): unknown {
  return hasCode(error, ...NO_ROOM) ? storageFailed(error) : error
}
