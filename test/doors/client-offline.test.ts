import { expect } from 'chai'
import { WebSocket } from 'ws'
import { connect, type Client, type Options, type StateReason } from '../../client/src/socket/connect.ts'
import { until } from '../support/until.ts'
import { aWorld, type Person, type World } from '../support/world.ts'

interface Watched {
  client: Client
  whys: (StateReason | undefined)[]
  /** Sockets that it made, the present one last. */
  sockets: WebSocket[]
}

describe('the client where networks come and go', () => {
  let w: World
  let employee: Person
  let manager: Person
  const clients: Client[] = []
  before(async () => {
    w = await aWorld()
    ;[employee, manager] = [await w.as('employee'), await w.as('manager')]
  })
  afterEach(() => clients.splice(0).forEach((client) => client.close()))
  after(() => w.end())

  function watch(options: Partial<Options>): Watched {
    const [whys, sockets]: [(StateReason | undefined)[], WebSocket[]] = [[], []]
    class Socket extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols)
        sockets.push(this)
      }
    }
    const client = connect({
      url: w.url,
      token: () => employee.accessToken,
      WebSocket: Socket,
      pauses: { first: 20, longest: 200 },
      onState: (_state, why) => {
        whys.push(why)
      },
      ...options,
    })
    clients.push(client)
    return { client, whys, sockets }
  }
  const isLive = ({ client }: Watched) => until('the client is live', async () => client.state === 'live')
  const roomWith = async (person: Person): Promise<string> =>
    (await employee.post('/chat/conversations/with-user', { userId: person.user.id })).body.id
  const saidIn = async (roomId: string): Promise<string[]> =>
    (await employee.get(`/chat/rooms/${roomId}/messages?after=0`)).body.map(
      ({ content }: { content: string }) => content,
    )

  it(
    'is away as soon as the platform says so, keeps what is said meanwhile, and says it once and in its ' +
      'order when it is back',
    async () => {
      const roomId = await roomWith(manager)
      const network = new EventTarget()
      const watched = watch({ network, pauses: { first: 60_000, longest: 60_000 } })
      await isLive(watched)
      network.dispatchEvent(new Event('offline'))
      expect(watched.client.state).to.equal('away')
      expect(watched.whys.at(-1)).to.deep.equal({ code: 1006, reason: 'offline' })
      const said = ['một', 'hai', 'ba'].map((content) =>
        watched.client.command('message.send', { roomId, content }),
      )
      expect(watched.client.pending).to.equal(3)
      network.dispatchEvent(new Event('online'))
      await Promise.all(said)
      expect(watched.client).to.include({ state: 'live', pending: 0 })
      expect(await saidIn(roomId)).to.deep.equal(['một', 'hai', 'ba'])
    },
  )

  it('loses no message on a connection that is dead without a word: it is sent again on the next, once', async () => {
    const roomId = await roomWith(await w.as('sic'))
    const watched = watch({ patience: 2000 })
    await isLive(watched)
    // What is sent arrives; no answer comes back.
    watched.sockets.at(-1)?.pause()
    await Promise.all(
      ['một', 'hai'].map((content) => watched.client.command('message.send', { roomId, content })),
    )
    expect(watched.whys.find(Boolean)).to.deep.equal({ code: 1006, reason: 'no reply' })
    expect(await saidIn(roomId)).to.deep.equal(['một', 'hai'])
  })

  for (const [when, event] of [
    ['the network changes', 'online'],
    ['somebody comes back to its page', 'visibilitychange'],
  ] as const)
    it(`looks at once whether its connection lives when ${when}`, async () => {
      const network = new EventTarget()
      const watched = watch({ network, probe: 300 })
      await isLive(watched)
      watched.sockets.at(-1)?.pause()
      network.dispatchEvent(new Event(event))
      await until(
        'it has another connection',
        async () => watched.sockets.length > 1 && watched.client.state === 'live',
      )
      expect(watched.whys.find(Boolean)).to.deep.equal({ code: 1006, reason: 'silent' })
    })
})
