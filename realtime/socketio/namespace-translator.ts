// One namespace's words for one client: native frames become what it hears, what it asks becomes native commands.
// Promise: every question is answered once, by its callback or else by an event or `error`, and everything is told in the
// order of the frames, also what has to be looked up first.

import { problemOf } from '../../shared/kit/declare/errors.ts'
import type { Static } from '../../shared/kit/declare/schema.ts'
import type { EventFrame, OutgoingFrame } from '../session/frames.ts'
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

export function openTranslator(
  words: Namespace,
  knowledge: Lookups,
  { out, letIn, fileAnswered }: Ways,
): NamespaceTranslator {
  const questions = new Map<unknown, Open>()
  const spoken = new Set<NamespaceVocabulary>()
  const order = new InOrder()
  let refs = 0
  let listener: Listener | undefined
  let lastWhisper = ''
  let isOver = false

  const emit = ([name, payload]: Emission): void => {
    if (!isOver) out(name, payload)
  }
  const emitAll = (emissions: Emissions): void => emissions.forEach(emit)

  const settle = ({ ref, ok, data, error }: Extract<Said, { t: 'reply' }>): void => {
    const question = questions.get(ref)
    questions.delete(ref)
    const { row, callback } = question ?? {}
    if (row && 'file' in row) fileAnswered()
    if (!ok) {
      const payload = errorOf(error ?? problemOf(undefined), question)
      if (callback) callback({ ok: false, success: false, error: payload })
      else emit(row && 'refused' in row ? row.refused(payload.message) : ['error', payload])
      return
    }
    const answer = row?.answer ? row.answer(data, question?.data) : data
    if (row?.says) emit([row.says, answer])
    callback?.({ ok: true, success: true, data: answer })
  }

  const told = (said: EventSaid, to: Listener): Emissions | Promise<Emissions> => {
    const dialects = spoken.size > 0 ? [...spoken] : words.dialects
    const parts = dialects.flatMap(({ hears }) =>
      hears.filter(({ event }) => event === said.ev).map((row) => row.says(said.data, said.at, to)),
    )
    return parts.some((part) => part instanceof Promise)
      ? Promise.all(parts).then((all) => all.flat())
      : (parts as Emissions[]).flat()
  }

  /** A whisper goes to several channels, and somebody may hear more than one of them. */
  const isAgain = (said: EventSaid): boolean => {
    if (said.id !== undefined) return false
    const whisper = JSON.stringify([said.ev, said.at, said.data])
    const isSame = whisper === lastWhisper
    lastWhisper = whisper
    return isSame
  }

  const translate = (said: Said): Emissions | Promise<Emissions> => {
    if (said.t === 'event') return listener && !isAgain(said) ? told(said, listener) : []
    if (said.t === 'hello') {
      letIn()
      listener = { id: said.user.id, orgId: said.user.orgId, knowledge }
      return words.greets
        ? [['connected', { message: 'Connected', userId: said.user.id, tokenExpiresAt: said.tokenExpiresAt }]]
        : []
    }
    // Not in the documents. Who does not know them ignores them; who does can tell that something may be missing.
    if (said.t === 'refetch') return [['refetch', { reason: said.reason, channels: said.channels }]]
    return said.t === 'bye' ? [['bye', { after: said.after }]] : []
  }

  return {
    tell(frame) {
      const said = read(frame)
      if (said.t === 'reply') return order.run(said, frame.length, settle, () => undefined)
      const channels = said.t === 'event' ? [said.ch] : []
      order.run(translate(said), frame.length, emitAll, () =>
        emit(['refetch', { reason: 'unreachable', channels }]),
      )
    },
    waiting: () => order.waiting,
    asked(name, args) {
      const dialect = words.dialects.find(({ asks }) => asks.some((each) => each.name === name))
      const row = name === RENEWAL.name ? RENEWAL : dialect?.asks.find((each) => each.name === name)
      if (dialect) spoken.add(dialect)
      const [data] = args
      const last = args.at(-1)
      const ref = ++refs
      questions.set(ref, {
        name,
        data,
        row,
        callback: typeof last === 'function' ? (answer) => void last(answer) : undefined,
      })
      if (row && 'file' in row) return { ref, ...row.file(data) }
      // What no row names goes the same way, as a command that nobody knows: it counts against the rate like any other.
      return { text: written({ ...(row?.command(data) ?? { c: '' }), ref }) }
    },
    refuse: (error) => emit(['error', errorOf(problemOf(error))]),
    end(reason) {
      const message = GOODBYE_EVENTS[reason]
      if (message) emit(['error', { message, code: reason }])
      isOver = true
    },
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
