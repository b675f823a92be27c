import path from 'node:path'
import { mock } from 'node:test'
import { expect } from 'chai'

/** Its types are those of browsers, which these are not checked with. */
const FILE_STORAGE = path.resolve(import.meta.dirname, '../../client/src/file-storage.ts')

/** What a browser answers whose disk, or whose other tab, does not play along. */
class Opening extends EventTarget {
  isClosed = false
  error = new Error('of the disk')
  result = {
    transaction: () => {
      throw new Error('of the transaction')
    },
    close: () => {
      this.isClosed = true
    },
  }
}

describe('files in a browser that does not keep them', () => {
  let opening: Opening
  let browserFiles: () => { get(key: string): Promise<unknown> }
  before(async () => {
    browserFiles = (await import(FILE_STORAGE)).browserFiles
  })
  const existing = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB')
  beforeEach(() => {
    opening = new Opening()
    Object.defineProperty(globalThis, 'indexedDB', {
      configurable: true,
      value: { open: () => opening },
    })
  })
  afterEach(() => {
    mock.timers.reset()
    if (existing) Object.defineProperty(globalThis, 'indexedDB', existing)
    else Reflect.deleteProperty(globalThis, 'indexedDB')
  })

  const problemOf = async (event: string): Promise<unknown> => {
    const asked = browserFiles()
      .get('key')
      .catch((error: Error) => error.message)
    opening.dispatchEvent(new Event(event))
    return asked
  }

  it('say so when it cannot be opened, is held by another tab, or breaks while it is asked', async () => {
    expect(await problemOf('error')).to.equal('of the disk')
    expect(await problemOf('blocked')).to.equal('The device is busy')
    expect(await problemOf('success')).to.equal('of the transaction')
    expect(opening.isClosed).to.equal(true)
  })

  it('say so when it never answers', async () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    const asked = problemOf('nothing')
    mock.timers.tick(30_000)
    expect(await asked).to.equal('The device does not answer')
  })
})
