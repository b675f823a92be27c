// How many files and sockets this process may have open. Node raises its own limit to the highest that it was given.

import { readFile } from 'node:fs/promises'

/** @returns undefined where the kernel does not say, as outside of Linux */
export async function readDescriptorLimit(): Promise<number | undefined> {
  return descriptorLimitIn(await readFile('/proc/self/limits', 'utf8').catch(() => ''))
}

/** @param limits as in /proc/self/limits */
export function descriptorLimitIn(limits: string): number | undefined {
  const [, soft] = /^Max open files +(\d+)/m.exec(limits) ?? []
  return soft === undefined ? undefined : Number(soft)
}
