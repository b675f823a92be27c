// Passwords: argon2id, 19 MiB, two passes (OWASP's first choice). About 15 ms a check, on a thread of its own.

import { hash, verify } from '@node-rs/argon2'

const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export function hashPassword(password: string): Promise<string> {
  return hash(password, OPTIONS)
}

let nobody: Promise<string> | undefined

/** Takes the same time whether there is such a person or not: without a hash it checks against nobody's. */
export async function isPassword(password: string, stored: string | null | undefined): Promise<boolean> {
  nobody ??= hashPassword('nobody has this password')
  const matches = await verify(stored ?? await nobody, password)
  return matches && Boolean(stored)
}
