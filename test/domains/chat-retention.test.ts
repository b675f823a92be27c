import { expect } from 'chai'
import { enqueueDue } from '../../workers/schedule.ts'
import { formWith, PNG } from '../support/upload.ts'
import { aWorld, type World } from '../support/world.ts'

describe('an organisation that does not keep messages for ever', () => {
  let w: World
  before(async () => {
    w = await aWorld()
  })
  after(() => w.end())

  it('forgets the words of old ones, with their files, and not a day sooner', async () => {
    const [admin, employee] = [await w.as('admin'), await w.as('employee')]
    expect((await admin.patch('/organisation', { settings: { messageRetentionDays: 2 } })).status).to.equal(
      200,
    )
    const { body: room } = await admin.post('/chat/conversations/with-user', { userId: employee.user.id })
    const { body: file } = await employee.post('/chat/attachments', formWith(PNG, 'xe.png'))
    await employee.post(`/chat/rooms/${room.id}/messages`, { content: 'Cũ', attachments: [file.id] })
    await employee.post(`/chat/rooms/${room.id}/messages`, { content: 'Cũng cũ' })
    const words = async (): Promise<string[]> =>
      (await w.runtime.db('messages').where({ roomId: room.id }).orderBy('seq')).map(
        ({ content }: { content: string }) => content,
      )

    await w.advance('47 hours')
    await enqueueDue(w.runtime)
    await w.settle()
    expect(await words()).to.deep.equal(['Cũ', 'Cũng cũ'])

    await w.advance('2 hours')
    const again = await w.anybody.post('/auth/login', {
      email: 'employee@demo.test',
      password: 'bellhop-demo',
    })
    const headers = { authorization: `Bearer ${again.body.accessToken}` }
    await w.anybody.post(`/chat/rooms/${room.id}/messages`, { content: 'Mới' }, headers)
    await w.advance('1 day')
    await enqueueDue(w.runtime)
    await w.settle()
    expect(await words()).to.deep.equal(['', '', 'Mới'])
    expect(await w.runtime.db('files').where({ id: file.id }).whereNull('removedAt')).to.deep.equal([])
    expect(await w.runtime.db('audit_log').where({ action: 'messages_forgotten' })).to.have.length(1)
  })
})
