// Who is signed in in a widget. Widgets of one person at one server share a client, and so a socket; no token is kept but in memory.

import {
  createClient,
  memoryStorage,
  ProblemError,
  readClaims,
  type Client,
  type ReplyOf,
  type Session,
  type State,
} from '../../client/src/index.ts'
import { showTimesIn } from '../shared/times.ts'

export type Me = ReplyOf<'getAuthMe'>

/** What a connection asks of the widgets that share it. */
export interface ConnectionHost {
  /** @param refused the one that the server takes no longer */
  askToken(refused?: string): Promise<string | undefined>
  connectionChanged(): void
}

export class Connection {
  readonly client: Client
  readonly key: string
  readonly #hosts = new Set<ConnectionHost>()
  #token: string | undefined
  #asking: Promise<string | undefined> | undefined
  state: State = 'connecting'
  /** Whoever is signed in. */
  readonly me: Promise<Me>

  /** @param access a token that the page gave, or a session that began in the widget */
  constructor(key: string, server: string, access: string | Session) {
    this.key = key
    this.#token = typeof access === 'string' ? access : undefined
    this.client = createClient({
      url: server,
      storage: memoryStorage(),
      ...(typeof access === 'string' ? { token: (refused) => this.token(refused) } : { session: access }),
      onState: (state) => {
        this.state = state
        for (const host of this.#hosts) host.connectionChanged()
      },
    })
    this.me = this.#recognise()
  }

  /** Instants stand beside days and clocks of bookings: all are the organisation's, unless the token may not read which it is. */
  async #recognise(): Promise<Me> {
    const { api } = this.client
    const zone = api
      .getOrganisation()
      .then(({ timezone }) => showTimesIn(timezone))
      .catch((error: unknown) => {
        // An old browser may not know the zone, either.
        if (error instanceof ProblemError && error.isPassing) throw error
      })
    const [me] = await Promise.all([api.getAuthMe(), zone])
    return me
  }

  join(host: ConnectionHost): void {
    this.#hosts.add(host)
  }

  leave(host: ConnectionHost): void {
    this.#hosts.delete(host)
    if (this.#hosts.size > 0) return
    this.client.close()
    if (connections.get(this.key) === this) connections.delete(this.key)
  }

  renew(token: string): void {
    this.#token = token
  }

  /** That which is known while it is good for a while, else the page is asked, once at a time. */
  token(refused?: string): string | undefined | Promise<string | undefined> {
    if (this.#token !== undefined && this.#token !== refused && isGood(this.#token)) return this.#token
    this.#asking ??= this.#ask(refused).finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  async #ask(refused: string | undefined): Promise<string | undefined> {
    for (const host of this.#hosts) {
      const token = await host.askToken(refused)
      if (token !== undefined) return (this.#token = token)
    }
    return undefined
  }
}

/** One for each person at each server. */
const connections = new Map<string, Connection>()

export function connectionFor(server: string, token: string): Connection {
  const { iss, sub } = readClaims(token)
  const key = JSON.stringify([server, iss, sub ?? token])
  const known = connections.get(key)
  known?.renew(token)
  const connection = known ?? new Connection(key, server, token)
  connections.set(key, connection)
  return connection
}

/** Somebody whom only this widget knows. */
export const connectionOf = (server: string, session: Session): Connection =>
  new Connection(session.refreshToken, server, session)

/** Of its life that is left when another one is asked for; the socket asks for another one a little earlier than that. */
const LAST_PART = 0.31

function isGood(token: string): boolean {
  const { exp, iat } = readClaims(token)
  if (exp === undefined) return true
  return exp - Date.now() / 1000 > LAST_PART * (exp - (iat ?? exp))
}
