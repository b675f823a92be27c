import { expect } from 'chai'
import { openSocketio, type SocketioPerson } from '../support/socketio.ts'
import { caller, type Caller } from '../support/client.ts'
import { DEMO_PASSWORD } from '../../shared/demonstration/seed.ts'
import { aWorld, type World } from '../support/world.ts'

describe('the test script of the document of support tickets', () => {
  let w: World
  const open: SocketioPerson[] = []
  before(async () => {
    w = await aWorld()
  })
  after(async () => {
    for (const each of open) each.close()
    await w.end()
  })

  async function enter(email: string): Promise<{ api: Caller; socket: SocketioPerson }> {
    const {
      body: { access_token: token },
    } = await w.anybody.post('/api/v1/auth/login', { email, password: DEMO_PASSWORD })
    const socket = openSocketio(`${w.url}/notifications`, { auth: { token } })
    open.push(socket)
    await socket.hears('connected')
    return { api: caller(`${w.url}/api/v1`, token), socket }
  }

  it('opens a ticket, updates, resolves and deletes it, and each side hears what is theirs', async () => {
    const [driver, admin] = [await enter('driver@demo.test'), await enter('admin@demo.test')]
    const {
      body: [station],
    } = await admin.api.get('/resources?kind=STATION')
    const { status, body: ticket } = await driver.api.post('/supports', {
      user_id: 1,
      station_id: station.id,
      type: 'battery_issue',
      description: 'Pin yếu',
    })
    expect(status).to.equal(201)
    expect(await admin.socket.hears('support:ticket:created')).to.include({
      type: 'support_ticket_created',
      priority: 'high',
    })
    expect(
      (await admin.api.patch(`/supports/${ticket.support_id}`, { response: 'Đang kiểm tra' })).status,
    ).to.equal(200)
    expect(await driver.socket.hears('support:ticket:updated')).to.include({ priority: 'medium' })
    expect(
      (await admin.api.patch(`/supports/${ticket.support_id}/status`, { status: 'closed' })).status,
    ).to.equal(200)
    expect(await driver.socket.hears('support:ticket:resolved')).to.include({ priority: 'low' })
    expect((await admin.api.delete(`/supports/${ticket.support_id}`)).status).to.equal(200)
    expect((await driver.socket.hears('support:ticket:deleted')).data).to.include({
      support_id: ticket.support_id,
    })
  })
})
