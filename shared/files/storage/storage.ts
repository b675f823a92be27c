// What we need of a place where the bytes of files lie: disk.ts and s3.ts are two.

import type { Readable } from 'node:stream'

/** Bytes, both ends included. */
export interface ByteRange {
  start: number
  end: number
}

export interface StoredObject {
  size: number
  /** Hexadecimal. */
  sha256: string
}

export interface Storage {
  /**
   * Keeps everything that `source` gives, or, when it fails, nothing. Never holds more of it than a chunk.
   * @throws AppError 503, or whatever `source` threw
   */
  put(key: string, source: AsyncIterable<Uint8Array>, now: Date): Promise<StoredObject>
  /** @throws AppError 404 when nothing is there, 503 when the storage does not answer */
  get(key: string, range?: ByteRange): Promise<Readable>
  /** Twice is harmless. @throws AppError 503 */
  remove(key: string): Promise<void>
  /** What processes that died left of uploads begun before this. */
  forgetUnfinished(before: Date): Promise<void>
}
