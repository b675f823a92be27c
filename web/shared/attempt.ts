import { sayProblemIn } from './drawings.ts'
import type { Place } from './place.ts'

/** A deed that is done at once; what is refused is said in passing. @returns undefined then */
export async function attemptAt<Result>(
  { language, say }: Place,
  work: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await work()
  } catch (error) {
    say(sayProblemIn(language, error))
    return undefined
  }
}
