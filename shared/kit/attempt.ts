// What came of reaching outside. The mailer and outgoing HTTP say it in these words, and whoever counts attempts understands it.

export interface Attempt {
  isDone: boolean
  /** What the other side answered, or what went wrong; for people who ask why. */
  said: string
  /** HTTP status or SMTP reply code. */
  code?: number
  /** Trying again cannot help. */
  isFinal?: boolean
  /** Milliseconds that the other side asks to wait. */
  retryAfter?: number
}

/** Longer than that nobody reads. */
const LENGTH = 500

export function excerptOf(said: string): string {
  const line = said.replaceAll(/\s+/g, ' ').trim()
  return line.length > LENGTH ? `${line.slice(0, LENGTH - 1)}…` : line
}
