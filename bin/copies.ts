// Finds copied code with jscpd, and fails when there is some. Its own command hashes each token with an object of its own, and
// makes an error of each window of them that it has not seen: half of its time.

import { hash } from 'node:crypto'
import { createRequire } from 'node:module'
import type * as jscpd from 'jscpd'

// Asked for as a module of ES it does not load: it names what its package of colours does not export.
const { detectClones }: typeof jscpd = createRequire(import.meta.url)('jscpd')

const CODE = ['api', 'workers', 'realtime', 'shared', 'bin', 'demo', 'bench', 'client/src/socket', 'web']

type Store = NonNullable<Parameters<typeof detectClones>[1]>
type Frame = Awaited<ReturnType<Store['get']>>

/** Of the one language that we look at. */
class Frames implements Store {
  readonly #frames = new Map<string, Frame>()

  namespace(): void {}

  /** Rejects only once somebody listens: Node keeps account of rejections that nobody hears. */
  get(id: string): Promise<Frame> {
    const frame = this.#frames.get(id)
    return frame ? Promise.resolve(frame) : new Promise((_, reject) => queueMicrotask(reject))
  }

  set(id: string, frame: Frame): Promise<Frame> {
    this.#frames.set(id, frame)
    return Promise.resolve(frame)
  }

  close(): void {}
}

const clones = await detectClones(
  {
    path: CODE,
    format: ['typescript'],
    minLines: 12,
    minTokens: 80,
    reporters: ['console'],
    noTips: true,
    hashFunction: (text) => hash('md5', text),
  },
  new Frames(),
)
process.exitCode = clones.length > 0 ? 1 : 0
