// One namespace's words for one client: native frames become what it hears, what it asks becomes native commands.
// Promise: every question is answered once: by its callback, else by what its row says, or by `error`.

import { problemOf, type ProblemObject } from '../../shared/kit/errors.ts'
import type { Static } from '../../shared/kit/schema.ts'
import type { EventFrame, Outgoing } from '../socket/frames.ts'
import { FAREWELLS, type Asked, type Namespace } from './vocabulary.ts'

export interface Dialogue {
  /** Tells the client what a native frame says. */
  tell(frame: string): void
  /** @param args as they came, the callback last. @returns the native command, as text */
  asked(name: string, args: readonly unknown[]): string
  /** Says why the client is not let in. */
  refuse(error: unknown): void
  /** Says why it ends. */
  end(reason: string): void
}

type Said = Outgoing | Static<typeof EventFrame>
type Answer = { ok: true; data: unknown } | { ok: false; error: ErrorPayload }
type ErrorPayload = ProblemObject & { message: string }

interface Question {
  name: string
  row: Asked | undefined
  callback: ((answer: Answer) => void) | undefined
}

export function openDialogue(words: Namespace, emit: (name: string, payload: unknown) => void): Dialogue {
  const questions = new Map<unknown, Question>()
  let refs = 0

  const settle = ({ ref, ok, data, error }: Extract<Said, { t: 'reply' }>): void => {
    const question = questions.get(ref)
    questions.delete(ref)
    if (ok) {
      const done = question?.callback ? undefined : question?.row?.done?.(data)
      question?.callback?.({ ok, data })
      if (done) emit(...done)
    } else {
      const payload = errorOf(error ?? problemOf(undefined), question)
      if (question?.callback) question.callback({ ok, error: payload })
      else emit('error', payload)
    }
  }

  return {
    tell(frame) {
      const said = read(frame)
      if (said.t === 'reply') settle(said)
      else if (said.t === 'event') for (const row of words.hears) { if (row.event === said.ev) emit(...row.says(said.data, said.at)) }
      else if (said.t === 'hello' && words.greets) emit('connected', { message: 'Connected', userId: said.user.id, tokenExpiresAt: said.tokenExpiresAt })
      // Not in the documents. Who does not know them ignores them; who does can tell that something may be missing.
      else if (said.t === 'refetch') emit('refetch', { reason: said.reason, channels: said.channels })
      else if (said.t === 'bye') emit('bye', { after: said.after })
    },
    asked(name, args) {
      const row = words.asks.find((each) => each.name === name)
      const last = args.at(-1)
      const ref = ++refs
      questions.set(ref, { name, row, callback: typeof last === 'function' ? (answer) => void last(answer) : undefined })
      // What no row names goes the same way, as a command that nobody knows: it counts against the rate like any other.
      return JSON.stringify({ ...(row?.command(args[0]) ?? { c: '' }), ref })
    },
    refuse: (error) => emit('error', errorOf(problemOf(error))),
    end(reason) {
      const message = FAREWELLS[reason]
      if (message) emit('error', { message, code: reason })
    },
  }
}

function errorOf(problem: ProblemObject, question?: Question): ErrorPayload {
  const isUnknown = question && !question.row && problem.status === 400
  const { errors, ...rest } = problem
  if (isUnknown) return { message: `${question.name} is not spoken here`, ...rest, detail: `${question.name} is not spoken here` }
  return { message: problem.detail, ...rest, ...(errors && { errors }) }
}

/** The same frame goes to many, one after the other, and is read once. What was read is not changed. */
let newest: { frame: string; said: Said } | undefined

function read(frame: string): Said {
  if (newest?.frame !== frame) newest = { frame, said: JSON.parse(frame) }
  return newest.said
}
