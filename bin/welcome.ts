// What a person reads when everything runs: one address, and who to sign in as.

/** Who can sign in. */
export interface Inhabitants {
  demonstration: boolean
  isEmpty: boolean
}

const NOBODY =
  'Nobody is here yet: open it, and make the first organisation with the code that the API has just logged.'

export async function welcome(address: string, { demonstration, isEmpty }: Inhabitants): Promise<string> {
  const people = demonstration ? await signInAs() : isEmpty ? [NOBODY, ''] : []
  return [
    '',
    `Bellhop is ready: ${address}`,
    '',
    ...people,
    'Open it in a browser. There, too: /docs explains the API, /admin/queues shows the jobs. Ctrl-C stops everything; the data stays.',
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
