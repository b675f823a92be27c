// Passwords: argon2id, 19 MiB, two passes (OWASP's first choice). About 15 ms a check, on a thread of its own.

import { hash, verify } from '@node-rs/argon2'

const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Keyboards compose "ế" in several ways, and some write digits in full width: the password is the same. */
const composed = (password: string): string => password.normalize('NFKC')

export function hashPassword(password: string): Promise<string> {
  return hash(composed(password), OPTIONS)
}

/** Of the process: made once, at the first check. */
let nobody: Promise<string> | undefined

interface PasswordCheck {
  matches: boolean
  /** Made of another form of the same password, before forms were made one: to be made anew. */
  isOutdated: boolean
}

/** Takes the same time whether there is such a person or not: without a hash it checks against nobody's. */
export async function checkPassword(
  password: string,
  stored: string | null | undefined,
): Promise<PasswordCheck> {
  nobody ??= hashPassword('nobody has this password')
  const against = stored ?? (await nobody)
  const forms = [
    ...new Set([composed(password), password, password.normalize('NFC'), password.normalize('NFD')]),
  ]
  const [isCurrent = false, ...older] = await Promise.all(forms.map((form) => verify(against, form)))
  const isOlder = older.includes(true)
  return { matches: Boolean(stored) && (isCurrent || isOlder), isOutdated: !isCurrent && isOlder }
}
