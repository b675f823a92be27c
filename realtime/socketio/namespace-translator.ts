// One namespace's words for one client: native frames become what it hears, what it asks becomes native commands.
// Promise: every question is answered once, by its callback or else by an event or `error`, and everything is told in the
// order of the frames, also what has to be looked up first.

import { problemOf } from '../../shared/kit/declare/errors.ts'
import type { Static } from '../../shared/kit/declare/schema.ts'
import type { EventFrame, OutgoingFrame } from '../../shared/protocol/frames.ts'
import { InOrder } from './in-order.ts'
import { errorOf, type ErrorPayload } from './refusals.ts'
import { GOODBYE_EVENTS, RENEWAL } from './vocabulary/all.ts'
import type {
  CommandMapping,
  CommandOutcome,
  NamespaceVocabulary,
  Emission,
  Lookups,
  Listener,
  Namespace,
  Emissions,
} from './vocabulary/mapping.ts'

/** A question as it goes on: as a native command, or with what none can carry. */
export type Question = { text: string } | { ref: number; name: unknown; bytes: unknown }

export interface NamespaceTranslator {
  /** Tells the client what a native frame says. */
  tell(frame: string): void
  /** Characters of frames that wait to be told. */
  waiting(): number
  /** @param args as they came, the callback last */
  asked(name: string, args: readonly unknown[]): Question
  /** Says why the client is not let in. */
  refuse(error: unknown): void
  /** Says why it ends, and nothing more. */
  end(reason: string): void
}

type EventSaid = Static<typeof EventFrame>
type Said = OutgoingFrame | EventSaid
/** `success` is what some clients look at, `ok` what others do. */
type Answer = { ok: true; success: true; data: unknown } | { ok: false; success: false; error: ErrorPayload }

interface Open {
  name: string
  data: unknown
  row: CommandMapping | CommandOutcome | undefined
  callback: ((answer: Answer) => void) | undefined
}

interface Ways {
  out(name: string, payload: unknown): void
  /** Hears that the client was let in. */
  letIn(): void
  /** Hears that a file was stored or refused. */
  fileAnswered(): void
}

export function openTranslator(words: Namespace, knowledge: Lookups, ways: Ways): NamespaceTranslator {
  const order = new InOrder()
  const output = new Output(ways)
  const questions = new Questions(words, output, ways.fileAnswered)
  const events = new Events(words, knowledge, questions.spoken, ways.letIn)
  return {
    tell(frame) {
      const said = read(frame)
      if (said.t === 'reply')
        return order.run(
          said,
          frame.length,
          (reply) => questions.settle(reply),
          () => undefined,
        )
      const channels = said.t === 'event' ? [said.ch] : []
      order.run(
        events.translate(said),
        frame.length,
        (emissions) => emissions.forEach((each) => output.emit(each)),
        () => output.emit(['refetch', { reason: 'unreachable', channels }]),
      )
    },
    waiting: () => order.waiting,
    asked: (name, args) => questions.ask(name, args),
    refuse: (error) => output.emit(['error', errorOf(problemOf(error))]),
    end(reason) {
      const message = GOODBYE_EVENTS[reason]
      if (message) output.emit(['error', { message, code: reason }])
      output.isOver = true
    },
  }
}

/** To the client, until it ends. */
class Output {
  isOver = false
  readonly #ways: Ways

  constructor(ways: Ways) {
    this.#ways = ways
  }

  emit([name, payload]: Emission): void {
    if (!this.isOver) this.#ways.out(name, payload)
  }
}

/** What the client asked, until it is answered. */
class Questions {
  /** The dialects that the client has spoken. */
  readonly spoken = new Set<NamespaceVocabulary>()
  readonly #words: Namespace
  readonly #output: Output
  readonly #fileAnswered: () => void
  readonly #open = new Map<unknown, Open>()
  #refs = 0

  constructor(words: Namespace, output: Output, fileAnswered: () => void) {
    this.#words = words
    this.#output = output
    this.#fileAnswered = fileAnswered
  }

  ask(name: string, args: readonly unknown[]): Question {
    const dialect = this.#words.dialects.find(({ asks }) => asks.some((each) => each.name === name))
    const row = name === RENEWAL.name ? RENEWAL : dialect?.asks.find((each) => each.name === name)
    if (dialect) this.spoken.add(dialect)
    const [data] = args
    const last = args.at(-1)
    const callback: Open['callback'] = typeof last === 'function' ? (answer) => void last(answer) : undefined
    const ref = ++this.#refs
    this.#open.set(ref, { name, data, row, callback })
    if (row && 'file' in row) return { ref, ...row.file(data) }
    // What no row names goes the same way, as a command that nobody knows: it counts against the rate like any other.
    return { text: written({ ...(row?.command(data) ?? { c: '' }), ref }) }
  }

  settle({ ref, ok, data, error }: Extract<Said, { t: 'reply' }>): void {
    const question = this.#open.get(ref)
    this.#open.delete(ref)
    const { row, callback } = question ?? {}
    if (row && 'file' in row) this.#fileAnswered()
    if (!ok) {
      const payload = errorOf(error ?? problemOf(undefined), question)
      if (callback) callback({ ok: false, success: false, error: payload })
      else this.#output.emit(row && 'refused' in row ? row.refused(payload.message) : ['error', payload])
      return
    }
    const answer = row?.answer ? row.answer(data, question?.data) : data
    if (row?.says) this.#output.emit([row.says, answer])
    callback?.({ ok: true, success: true, data: answer })
  }
}

/** Native frames that answer nothing, as the client hears them. */
class Events {
  readonly #words: Namespace
  readonly #knowledge: Lookups
  readonly #spoken: ReadonlySet<NamespaceVocabulary>
  readonly #letIn: () => void
  #listener: Listener | undefined
  #lastEphemeral = ''

  constructor(
    words: Namespace,
    knowledge: Lookups,
    spoken: ReadonlySet<NamespaceVocabulary>,
    letIn: () => void,
  ) {
    this.#words = words
    this.#knowledge = knowledge
    this.#spoken = spoken
    this.#letIn = letIn
  }

  translate(said: Exclude<Said, { t: 'reply' }>): Emissions | Promise<Emissions> {
    if (said.t === 'event')
      return this.#listener && !this.#isAgain(said) ? this.#emissionsOf(said, this.#listener) : []
    if (said.t === 'hello') return this.#greet(said)
    // Not in the documents. Who does not know them ignores them; who does can tell that something may be missing.
    if (said.t === 'refetch') return [['refetch', { reason: said.reason, channels: said.channels }]]
    return said.t === 'bye' ? [['bye', { after: said.after }]] : []
  }

  #greet({ user, tokenExpiresAt }: Extract<Said, { t: 'hello' }>): Emissions {
    this.#letIn()
    this.#listener = { id: user.id, orgId: user.orgId, knowledge: this.#knowledge }
    return this.#words.greets
      ? [['connected', { message: 'Connected', userId: user.id, tokenExpiresAt }]]
      : []
  }

  #emissionsOf(said: EventSaid, to: Listener): Emissions | Promise<Emissions> {
    const dialects = this.#spoken.size > 0 ? [...this.#spoken] : this.#words.dialects
    const parts = dialects.flatMap(({ hears }) =>
      hears.filter(({ event }) => event === said.ev).map((row) => row.says(said.data, said.at, to)),
    )
    return parts.some((part) => part instanceof Promise)
      ? Promise.all(parts).then((all) => all.flat())
      : (parts as Emissions[]).flat()
  }

  /** An ephemeral event goes to several channels, and somebody may hear more than one of them. */
  #isAgain(said: EventSaid): boolean {
    if (said.id !== undefined) return false
    const ephemeral = JSON.stringify([said.ev, said.at, said.data])
    const isSame = ephemeral === this.#lastEphemeral
    this.#lastEphemeral = ephemeral
    return isSame
  }
}

/** Danger: what can be read cannot always be written; a text of brackets is too deep for it. */
function written(command: { c: string; ref: number }): string {
  try {
    return JSON.stringify(command)
  } catch {
    return JSON.stringify({ c: command.c, ref: command.ref })
  }
}

/** The same frame goes to many, one after the other, and is read once. What was read is not changed. */
let newest: { frame: string; said: Said } | undefined

function read(frame: string): Said {
  if (newest?.frame !== frame) newest = { frame, said: JSON.parse(frame) }
  return newest.said
}
