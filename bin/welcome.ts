// What a person reads when everything runs: one address, and who to sign in as.

export async function welcome(address: string, hasDemonstration: boolean): Promise<string> {
  const people = hasDemonstration ? await signInAs() : []
  return [
    '',
    `Bellhop is ready: ${address}`,
    '',
    ...people,
    'There: /docs explains the API, /admin/queues shows the jobs. Ctrl-C stops everything; the data stays.',
    '',
  ].join('\n')
}

/** Loaded only when it is shown: production never reads the demonstration. */
async function signInAs(): Promise<string[]> {
  const { DEMO_PASSWORD, DEMO_PEOPLE } = await import('../shared/demonstration/seed.ts')
  const width = Math.max(...DEMO_PEOPLE.map((person) => person.email.length))
  const lines = DEMO_PEOPLE.map((person) => `  ${person.email.padEnd(width)}  ${person.about}`)
  return [`Sign in with the password ${DEMO_PASSWORD} as`, ...lines, '']
}
