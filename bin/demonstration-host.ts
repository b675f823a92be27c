// The demonstration's passwords stand in the README: it is shown on this machine, and to others only when somebody said so.

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
}

/** @param asked SEED_DEMO as it was given. @throws Error in words */
export function mustNotShowDemonstration({
  host,
  asked,
  hasDemonstration,
}: {
  host: string
  asked: string | undefined
  hasDemonstration: boolean
}): void {
  if (!hasDemonstration || isLoopback(host) || asked === 'on') return
  throw new Error(
    `HOST is ${host}, where others reach it, and this database holds the demonstration, whose passwords ` +
      `everybody knows. Set SEED_DEMO=on if that is meant, or use another database or DATA_DIR.`,
  )
}
