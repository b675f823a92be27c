import { setTimeout as pause } from 'node:timers/promises'
import { PATIENCE } from './patience.ts'

/** Waits until it is so, looking again and again. @throws Error saying what was not so */
export async function until(what: string, isSo: () => Promise<boolean>, within = PATIENCE): Promise<void> {
  const deadline = Date.now() + within
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Not so within ${within / 1000} s: ${what}`)
    await pause(20)
  }
}
