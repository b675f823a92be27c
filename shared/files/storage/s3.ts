// Files in a bucket of any storage that speaks S3, by path (endpoint/bucket/key). The only importer of aws4fetch.
// S3 wants to know the size and the digest of what it gets before it gets it; an upload tells both at its end. So it is
// spooled on this machine's disk and sent from there, whole and signed with its digest.

import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { setTimeout as pause } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import type { Config } from '../../kit/process/config.ts'
import { notFound } from '../../kit/declare/errors.ts'
import { storageFailed } from './failure.ts'
import { discardSpooled, spoolToDisk, type Spooled } from './spool.ts'
import type { Storage } from './storage.ts'

interface S3Settings {
  endpoint: string
  bucket: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  /** Milliseconds that it has to answer a request, bodies we send included. */
  patience: number
}

/** @returns undefined when files lie on disk; config.ts has seen that all are given or none */
export function s3SettingsOf(config: Config): S3Settings | undefined {
  const {
    FILES_S3_ENDPOINT: endpoint,
    FILES_S3_BUCKET: bucket,
    FILES_S3_REGION: region,
    FILES_S3_ACCESS_KEY: accessKeyId,
    FILES_S3_SECRET_KEY: secretAccessKey,
  } = config
  if (!endpoint || !bucket || !region || !accessKeyId || !secretAccessKey) return undefined
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    bucket,
    region,
    accessKeyId,
    secretAccessKey,
    patience: config.FILES_S3_TIMEOUT,
  }
}

interface Ask extends RequestInit {
  method: 'GET' | 'PUT' | 'DELETE'
  headers?: Record<string, string>
}

export function openS3(settings: S3Settings, folder: string): Storage {
  const incoming = path.join(folder, 'incoming')
  const bucket = new Bucket(settings)
  return {
    async put(key, source, now) {
      const spooled = await spoolToDisk(incoming, source, now)
      try {
        await bucket.send(key, spooled)
      } finally {
        await rm(spooled.file, { force: true })
      }
      return { size: spooled.size, sha256: spooled.sha256 }
    },
    async get(key, range) {
      const headers = range && { range: `bytes=${range.start}-${range.end}` }
      const { status, body } = await bucket.ask(key, { method: 'GET', ...(headers && { headers }) }, [
        range ? 206 : 200,
        404,
      ])
      if (status !== 404 && body)
        return Readable.from(flowing(body, settings.patience), { objectMode: false })
      await body?.cancel()
      throw notFound('File')
    },
    async remove(key) {
      const { body } = await bucket.ask(key, { method: 'DELETE' }, [200, 202, 204, 404])
      await body?.cancel()
    },
    forgetUnfinished: (before) => discardSpooled(incoming, before),
  }
}

class Bucket {
  readonly #settings: S3Settings
  readonly #client: AwsClient

  constructor(settings: S3Settings) {
    this.#settings = settings
    this.#client = new AwsClient({ ...settings, service: 's3', retries: 0 })
  }

  /** The patience is for the answer; its body may then take as long as its reader does (flowing). */
  async ask(key: string, init: Ask, accepted: readonly number[]): Promise<Response> {
    const { endpoint, bucket, patience } = this.#settings
    const ending = new AbortController()
    const timer = setTimeout(() => ending.abort(new Error('S3 did not answer in time.')), patience)
    try {
      const request = await this.#client.sign(`${endpoint}/${bucket}/${key}`, init)
      const response = await fetch(request, { signal: ending.signal, redirect: 'error' })
      if (accepted.includes(response.status)) return response
      throw new Error(
        `S3 answered ${response.status} to ${init.method}: ${(await response.text()).slice(0, 500)}`,
      )
    } catch (error) {
      throw storageFailed(error)
    } finally {
      clearTimeout(timer)
    }
  }

  async send(key: string, { file, size, sha256 }: Spooled): Promise<void> {
    const body = Readable.toWeb(createReadStream(file))
    // The type of none: even a bucket that is open by mistake serves nothing that a browser would run.
    const headers = {
      'content-type': 'application/octet-stream',
      'content-length': String(size),
      'x-amz-content-sha256': sha256,
    }
    const response = await this.ask(
      key,
      { method: 'PUT', headers, body: size > 0 ? body : '' },
      [200, 201, 204],
    )
    await response.body?.cancel()
  }
}

/**
 * Whoever reads may take their time; a storage that is asked for more and says nothing for so long is given
 * up. @param patience milliseconds
 */
async function* flowing(body: ReadableStream<Uint8Array>, patience: number): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (;;) {
      const tired = new AbortController()
      const late = pause(patience, undefined, { signal: tired.signal }).then(() => {
        throw storageFailed(new Error('S3 stopped in the middle of a file.'))
      })
      const { done, value } = await Promise.race([reader.read(), late]).finally(() => tired.abort())
      if (done) return
      yield value
    }
  } finally {
    // Nobody waits for a storage that says nothing to say that it has heard.
    void reader.cancel().catch(() => undefined)
  }
}
