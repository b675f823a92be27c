// What several changes of one transaction ask for in the same turn is asked of PostgreSQL once (known as a batching loader).
// Promise: questions are sent in the order in which the first of each kind was asked. Where a statement fails, all fail whom it
// would have answered.

import type { Db } from './db.ts'

/** One that is a promise fails for whoever asked, and nobody else. */
type Answer<A> = A | Promise<A>

interface Asked<Q, A> {
  question: Q
  resolve(answer: Answer<A>): void
  reject(error: unknown): void
}

/**
 * @param ask answers all of them, in their order
 * @returns asks one of them; outside a transaction, where others have nothing to do with it, alone
 */
export function askTogether<Q, A>(
  ask: (db: Db, questions: readonly Q[]) => Promise<readonly Answer<A>[]>,
): (db: Db, question: Q) => Promise<A> {
  const waiting = new WeakMap<Db, Asked<Q, A>[]>()

  async function answer(db: Db, asked: readonly Asked<Q, A>[]): Promise<void> {
    try {
      const answers = await ask(
        db,
        asked.map(({ question }) => question),
      )
      // As many as were asked for.
      for (const [at, { resolve }] of asked.entries()) resolve(answers[at] as Answer<A>)
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }

  return (db, question) =>
    new Promise((resolve, reject) => {
      const asked = { question, resolve, reject }
      if (!db.isTransaction) return void answer(db, [asked])
      const others = waiting.get(db)
      if (others) return void others.push(asked)
      const all = [asked]
      waiting.set(db, all)
      // When everybody who goes on in this turn has asked.
      process.nextTick(() => {
        waiting.delete(db)
        void answer(db, all)
      })
    })
}

/** Of those that are alike the first is asked for all. @param keyOf what is alike has the same */
export function askOnce<Q, A>(
  keyOf: (question: Q) => string,
  ask: (db: Db, question: Q) => Promise<A>,
): (db: Db, question: Q) => Promise<A> {
  return askTogether(async (db, questions) => {
    const answers = new Map<string, Promise<A>>()
    return questions.map((question) => {
      const key = keyOf(question)
      const answer = answers.get(key) ?? ask(db, question)
      answers.set(key, answer)
      return answer
    })
  })
}
