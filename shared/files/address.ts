// Addresses at which a file is shown without a token, for <img> and the like: of one file, for one person, for minutes. Nothing is stored.
// Whether that person may read it is asked at each reading all the same, and what the address says opens nothing else.

import { isSigned, signText } from '../kit/outside/signature.ts'
import type { Config } from '../kit/process/config.ts'
import { MINUTE } from '../kit/time/time.ts'
import type { FileAddress } from './schema.ts'

export const SHOWN_FILES_PATH = '/shown-files'

/** Addresses are the same for so long, so that browsers keep what they lead to, and good for once to twice that time. */
const WINDOW = 5 * MINUTE

type Secrets = Pick<Config, 'JWT_SECRET'>

interface Shown {
  fileId: string
  /** To whom. */
  userId: string
}

const textOf = ({ fileId, userId }: Shown, until: number): string => `file ${fileId} ${userId} ${until}`

export function makeFileAddress(secrets: Secrets, shown: Shown, now: Date): FileAddress {
  const until = (Math.floor(now.getTime() / WINDOW) + 2) * WINDOW
  const key = signText(secrets, textOf(shown, until))
  const query = new URLSearchParams({ for: shown.userId, until: String(until), key })
  return { url: `${SHOWN_FILES_PATH}/${shown.fileId}?${query}`, expiresAt: new Date(until) }
}

/** @param query as the address says it @returns whose it is; undefined: it is over, or none of ours */
export function readFileAddress(
  secrets: Secrets,
  fileId: string,
  query: Readonly<Record<string, unknown>>,
  now: Date,
): string | undefined {
  const [userId, until, key] = [query['for'], Number(query['until']), query['key']]
  if (typeof userId !== 'string' || typeof key !== 'string') return undefined
  const isOurs = isSigned(secrets, textOf({ fileId, userId }, until), key)
  return isOurs && now.getTime() < until ? userId : undefined
}
