// The client: the API by names, the events and commands of the socket, and who is signed in.

import {
  nameCalls,
  openCalls,
  type Api,
  type ApiOptions,
  type CallOperation,
  type InputOf,
  type ReplyOf,
} from './api.ts'
import type { CommandMap } from './contract.ts'
import { browserFiles, memoryFiles, type FileStorage } from './file-storage.ts'
import { openLive, type Live } from './live.ts'
import { openOutbox, type Send } from './outbox.ts'
import {
  followTokens,
  memoryStorage,
  SessionKeeper,
  type GiveToken,
  type Session,
  type SessionStorage,
  type TokenSource,
} from './session.ts'
import { connect, type Client as SocketClient } from './socket/connect.ts'
import { callSafely, type Handle } from './socket/listeners.ts'
import type { Options as SocketOptions, State } from './socket/options.ts'
import type { EventMap } from './socket/wire.ts'

export interface ClientOptions {
  /** Origin of Bellhop, e.g. https://bellhop.example. */
  url: string
  /** Of a sign-in elsewhere; one that is kept in the storage is found there. */
  session?: Session
  /** Instead of a session: where access tokens come from; asked for at every connection, and when one was refused. */
  token?: GiveToken
  /** Where the session and unsent messages lie: localStorage in browsers, else the memory. */
  storage?: SessionStorage
  /** Where files of unsent messages lie: IndexedDB beside localStorage, else the memory. */
  files?: FileStorage
  fetch?: typeof fetch
  /** Node before 22 has none of its own: that of the package ws. */
  WebSocket?: SocketOptions['WebSocket']
  /** live: everything comes; away: it will come back; ended: nobody is signed in. */
  onState?: (state: State) => void
  /** Somebody signed out, here or in another tab, or the session is over. */
  onSignedOut?: () => void
}

interface Credentials {
  emailOrPhone: string
  password: string
  org?: string
}

export interface Client {
  /** Origin of Bellhop. */
  readonly url: string
  readonly api: Api
  /** Whether a session lies in the storage; of a `token()` of yours it knows nothing. */
  readonly isSignedIn: boolean
  /**
   * Signs in, and keeps the session. @throws ProblemError; `second_factor_required` brings the challenge of a second step,
   * `choose_organisation` the organisations
   */
  signIn(
    credentials: Credentials | InputOf<'postAuthLoginSecondFactor'>['body'],
  ): Promise<ReplyOf<'postAuthLogin'>>
  /** Goes on with the session of a sign-in elsewhere. */
  keepSession(session: Session): void
  /** Here and in all tabs. @returns where a browser goes `next`, to end the sign-in with another system as well */
  signOut(): Promise<ReplyOf<'postAuthLogout'>>
  /** @returns what ends it */
  on<Name extends keyof EventMap>(event: Name, handle: Handle<EventMap[Name]>): () => void
  /** Events may be missing: what was read has to be read again, as all that is `live` is by itself. @returns what ends it */
  onMissed(reread: () => void): () => void
  /** Kept while the network is away. @throws ProblemError */
  command<C extends keyof CommandMap>(
    c: C,
    ...data: CommandMap[C]['data'] extends never ? [] : [data: CommandMap[C]['data']]
  ): Promise<CommandMap[C]['reply']>
  readonly live: Live
  readonly send: Send
  /** Ends the socket and all that is live; the session stays. */
  close(): void
}

export function createClient(options: ClientOptions): Client {
  const { storage, files } = placesOf(options)
  const states = new Set<(state: State) => void>(options.onState ? [options.onState] : [])
  const session = keepSession(options, storage, () => {
    socket.end()
    options.onSignedOut?.()
  })
  const tokens = options.token ? followTokens(options.token, (nobody) => outbox.sign(nobody)) : session
  const token = (refused?: string): Promise<string | undefined> => tokens.token(refused)
  const calls = { base: new URL(options.url).origin, fetch: fetchOf(options), token }
  const call = openCalls(calls)
  const socket = new LazySocket(options, token, (state, shown) => {
    // The server wants to hear no more of this token: with it the session may be over, which a refresh tells.
    if (state === 'ended') void session.token(shown).catch(() => undefined)
    for (const hear of states) hear(state)
  })
  const onState = (hear: (state: State) => void): unknown => states.add(hear)
  const outbox = openOutbox({ call: callAsOne(calls, tokens), storage, files, tokens, onState })
  const live = openLive({ call, socket, outbox, onState })
  return {
    url: new URL(options.url).origin,
    api: nameCalls(call),
    get isSignedIn() {
      return session.current !== undefined
    },
    ...signing(call, session),
    on: (event, handle) => socket.on(event, handle),
    onMissed: (reread) => socket.onMissed(reread),
    // The types of the contract say what each command takes and answers.
    command: (c, ...[data]: readonly unknown[]) => socket.get().command(c, data) as Promise<never>,
    live,
    send: outbox.send,
    close() {
      outbox.close()
      live.close()
      socket.end()
    },
  }
}

/** What somebody gave, else what the browser has, else the memory. */
function placesOf(options: ClientOptions): { storage: SessionStorage; files: FileStorage } {
  const inBrowser = options.storage ? undefined : storageOfBrowser()
  return {
    storage: options.storage ?? inBrowser ?? memoryStorage(),
    // Some browsers keep nothing while one browses in private.
    files:
      options.files ?? (globalThis.indexedDB && inBrowser ? browserFiles('bellhop.outbox') : memoryFiles()),
  }
}

/** Node has one, too, which warns and forgets. */
const storageOfBrowser = (): SessionStorage | undefined =>
  'document' in globalThis ? globalThis.localStorage : undefined

const fetchOf = (options: ClientOptions): typeof fetch => options.fetch ?? ((...asked) => fetch(...asked))

function keepSession(options: ClientOptions, storage: SessionStorage, onEnd: () => void): SessionKeeper {
  const ask = openCalls({
    base: new URL(options.url).origin,
    fetch: fetchOf(options),
    token: async () => undefined,
  })
  const session = new SessionKeeper({
    storage,
    onEnd,
    refresh: (refreshToken) =>
      ask('postAuthRefresh', { body: { refreshToken } }).then(
        (reply) => reply as Session,
        (error: { status?: number }) => {
          if (error.status === 401) return undefined
          throw error
        },
      ),
  })
  if (options.session) session.keep(options.session)
  return session
}

/** Goes as whoever is signed in when it is called, or as nobody: somebody else may sign in while it waits for a token. */
function callAsOne(calls: ApiOptions, tokens: TokenSource): CallOperation {
  return (name, input) => {
    const { who } = tokens
    const token = async (refused?: string): Promise<string | undefined> => {
      const given = await calls.token(refused)
      return tokens.who === who ? given : undefined
    }
    return openCalls({ ...calls, token })(name, input)
  }
}

function signing(
  call: CallOperation,
  session: SessionKeeper,
): Pick<Client, 'signIn' | 'keepSession' | 'signOut'> {
  return {
    async signIn(credentials) {
      const step = 'challenge' in credentials ? 'postAuthLoginSecondFactor' : 'postAuthLogin'
      const signedIn = (await call(step, { body: credentials })) as ReplyOf<'postAuthLogin'>
      session.keep(signedIn)
      return signedIn
    },
    keepSession: (signedIn) => session.keep(signedIn),
    async signOut() {
      try {
        return (await call('postAuthLogout')) as ReplyOf<'postAuthLogout'>
      } finally {
        session.end()
      }
    },
  }
}

type Listen = (client: SocketClient) => () => void

/** Opened when it is first needed: who only asks by REST needs none. */
export class LazySocket {
  readonly #options: ClientOptions
  readonly #token: () => Promise<string | undefined>
  readonly #tell: (state: State, shown: string | undefined) => void
  readonly #missed = new Set<() => void>()
  readonly #listening = new Map<Listen, () => void>()
  #client: SocketClient | undefined
  /** The token with which it came last. */
  #shown: string | undefined

  constructor(
    options: ClientOptions,
    token: () => Promise<string | undefined>,
    tell: (state: State, shown: string | undefined) => void,
  ) {
    this.#options = options
    this.#token = token
    this.#tell = tell
  }

  get(): SocketClient {
    // Of somebody who signed out; whoever signs in gets another.
    if (this.#client?.state === 'ended') this.end()
    this.#client ??= this.#open()
    return this.#client
  }

  /** On every connection that there will be. @returns what ends it */
  on<Name extends keyof EventMap>(event: Name, handle: Handle<EventMap[Name]>): () => void {
    const listen: Listen = (client) => client.on(event, handle)
    const client = this.get()
    this.#listening.set(listen, listen(client))
    return () => {
      this.#listening.get(listen)?.()
      this.#listening.delete(listen)
    }
  }

  #open(): SocketClient {
    const client = connect({
      url: this.#options.url,
      token: async () => (this.#shown = await this.#token()),
      ...(this.#options.WebSocket && { WebSocket: this.#options.WebSocket }),
      onState: (state) => this.#tell(state, this.#shown),
      onRefetch: () => this.#tellMissed(),
    })
    for (const listen of this.#listening.keys()) this.#listening.set(listen, listen(client))
    return client
  }

  #tellMissed(): void {
    for (const reread of this.#missed) callSafely(reread)
  }

  onMissed(reread: () => void): () => void {
    this.#missed.add(reread)
    return () => this.#missed.delete(reread)
  }

  end(): void {
    this.#client?.close()
    this.#client = undefined
    this.#tellMissed()
  }
}
