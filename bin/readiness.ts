// When everything that `npm start` started is ready: each of its own processes has said so, and answers where it listens. What answers there
// alone says nothing, for it may be somebody else's.

import { pause, type Say } from './embedded/processes.ts'
import type { Supervised } from './supervise.ts'

const LOOK_EVERY = 250
/** Looks. */
const REMIND_EVERY = 120

/** @param addresses of those that listen @param isOver ends the waiting */
export async function untilReady(
  supervised: readonly Supervised[],
  addresses: readonly string[],
  say: Say,
  isOver: () => boolean,
): Promise<void> {
  for (let look = 1; !isOver() && !(await areReady(supervised, addresses)); look += 1) {
    if (look % REMIND_EVERY === 0)
      say('Still waiting for everything to be ready; the lines above may say why it is not.')
    await pause(LOOK_EVERY)
  }
}

async function areReady(supervised: readonly Supervised[], addresses: readonly string[]): Promise<boolean> {
  if (!supervised.every((each) => each.isReady())) return false
  const answers = await Promise.all(addresses.map(saysReady))
  return answers.every(Boolean) && supervised.every((each) => each.isReady())
}

async function saysReady(address: string): Promise<boolean> {
  const answer = await fetch(`${address}/readyz`, { signal: AbortSignal.timeout(2000) }).catch(
    () => undefined,
  )
  await answer?.body?.cancel()
  return answer?.status === 200
}
