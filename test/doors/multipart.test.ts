import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import express from 'express'
import { expect } from 'chai'
import { receiveFile } from '../../api/http/multipart.ts'
import { AppError } from '../../shared/kit/declare/errors.ts'
import { beginUpload, partHead } from '../support/upload.ts'

describe('an upload that stands still', () => {
  let server: Server
  let url = ''
  const ends: string[] = []
  before(async () => {
    const app = express()
    app.post('/chat/attachments', async (req, res) => {
      const take = async ({ source }: { source: AsyncIterable<Uint8Array> }): Promise<void> => {
        try {
          for await (const _chunk of source) ends.push('a piece')
        } catch (error) {
          ends.push(error instanceof Error ? error.message : '')
          throw error
        }
      }
      const refused: unknown = await receiveFile(req, {
        limit: 1000,
        tooLarge: new AppError(413, 'too_large', ''),
        patience: 100,
        least: 10,
        take,
        giveBack: async () => undefined,
      }).catch((error: unknown) => error)
      res.json(refused instanceof AppError ? { status: refused.status, detail: refused.message } : {})
    })
    server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  it('is given up, also when a byte comes now and then, and whoever takes the file is told', async () => {
    const slow = beginUpload(url, '')
    await slow.send(`${partHead()}begun`)
    const trickle = setInterval(() => void slow.send('.').catch(() => undefined), 40)
    expect((await slow.answer).body).to.deep.equal({
      status: 408,
      detail: 'Fewer than 10 bytes arrived in 0.1 seconds',
    })
    clearInterval(trickle)
    expect(new Set(ends)).to.deep.equal(new Set(['a piece', 'Fewer than 10 bytes arrived in 0.1 seconds']))
    slow.breakOff()
  })
})
