// What several changes of one transaction ask for in the same turn is asked of PostgreSQL once (known as a batching loader).
// Promise: questions are sent in the order in which the first of each kind was asked. Where one fails, all that were asked with it do.

import type { Db } from './db.ts'

interface Asked<Q, A> {
  question: Q
  resolve(answer: A): void
  reject(error: unknown): void
}

/**
 * @param ask answers all of them, in their order
 * @returns asks one of them
 */
export function askTogether<Q, A>(
  ask: (db: Db, questions: readonly Q[]) => Promise<readonly A[]>,
): (db: Db, question: Q) => Promise<A> {
  const waiting = new WeakMap<Db, Asked<Q, A>[]>()

  async function answer(db: Db, asked: readonly Asked<Q, A>[]): Promise<void> {
    try {
      const answers = await ask(
        db,
        asked.map(({ question }) => question),
      )
      // As many as were asked for.
      for (const [at, { resolve }] of asked.entries()) resolve(answers[at] as A)
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }

  return (db, question) =>
    new Promise((resolve, reject) => {
      const asked = { question, resolve, reject }
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
  return askTogether((db, questions) => {
    const answers = new Map<string, Promise<A>>()
    return Promise.all(
      questions.map((question) => {
        const key = keyOf(question)
        const answer = answers.get(key) ?? ask(db, question)
        answers.set(key, answer)
        return answer
      }),
    )
  })
}
