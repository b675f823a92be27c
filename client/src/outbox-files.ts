// Files of messages that do not stand yet: kept until they do, and sent before them, once.

import type { CallOperation, ReplyOf } from './api.ts'
import type { FileStorage } from './file-storage.ts'
import { ProblemError } from './problem-error.ts'

export interface DraftFile {
  /** Where its bytes lie. */
  key: string
  name: string
  /** Bytes. */
  size: number
  /** Idempotency-Key under which it is sent. */
  sentAs: string
  /** What it is called on the server, once it is there. */
  id?: string
}

/** Bytes of all that wait together. */
const MOST_BYTES = 100 * 1024 * 1024
/** Milliseconds within which a tab has kept what it took, or never will. */
const KEPT_WITHIN = 60_000

export class OutboxFiles {
  readonly #storage: FileStorage
  readonly #call: CallOperation
  /** Taken in this tab. What has no room in the storage is at hand here, for as long as the page is. */
  readonly #taken = new Map<string, { file: Blob; isKept: Promise<boolean> }>()

  constructor(storage: FileStorage, call: CallOperation) {
    this.#storage = storage
    this.#call = call
  }

  /** @param waiting bytes of all that wait, these too */
  take(all: readonly DraftFile[], files: readonly File[], waiting: number): void {
    for (const [at, { key }] of all.entries()) {
      const file = files[at] as File
      const keeping = waiting > MOST_BYTES ? Promise.reject() : this.#storage.set(key, file)
      this.#taken.set(key, {
        file,
        isKept: keeping.then(
          () => true,
          () => false,
        ),
      })
    }
  }

  /**
   * @param since when it was taken @returns what it is called on the server; undefined: another tab is still at keeping it
   * @throws ProblemError
   */
  async send({ key, name, sentAs }: DraftFile, since: string): Promise<string | undefined> {
    const taken = this.#taken.get(key)
    const isKept = (await taken?.isKept) ?? true
    const kept = isKept ? await this.#storage.get(key).catch(() => undefined) : undefined
    const file = kept ?? taken?.file
    if (!file && Date.now() - Date.parse(since) < KEPT_WITHIN) return undefined
    if (!file) throw problem(410, 'file_gone', 'This device no longer has the file; choose it again')
    const body = new FormData()
    body.append('file', file, name)
    try {
      const sent = await this.#call('postChatAttachments', { body, header: { 'Idempotency-Key': sentAs } })
      return (sent as ReplyOf<'postChatAttachments'>).id
    } catch (error) {
      if (isKept || !(error instanceof ProblemError) || !error.isPassing) throw error
      throw problem(413, 'no_room', 'This device has no room to keep the file until it is sent; try again')
    }
  }

  async forget(files: readonly Pick<DraftFile, 'key'>[]): Promise<void> {
    for (const { key } of files) {
      await this.#taken.get(key)?.isKept
      this.#taken.delete(key)
      await this.#storage.remove(key)
    }
  }

  /** What a page left behind that ended. A draft is written before its files are. */
  async sweep(wanted: () => readonly DraftFile[]): Promise<void> {
    const keys = await this.#storage.keys()
    const known = new Set(wanted().map(({ key }) => key))
    await this.forget(keys.filter((key) => !known.has(key)).map((key) => ({ key })))
  }
}

const problem = (status: number, code: string, detail: string): ProblemError =>
  new ProblemError({ type: 'about:blank', title: 'Not sent', status, code, detail })
