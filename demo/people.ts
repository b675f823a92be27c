// The demonstration's people, signed in as they would be: by address and password, each with a socket.

import { DEMO_PASSWORD } from '../shared/demonstration/seed.ts'
import type { Name } from './day.ts'
import { Http, Refused, type Session } from './http.ts'
import { Person, type Reports } from './person.ts'
import type { UserSeen } from './wire.ts'

const PATIENCE = 60_000

export type Cast = Readonly<Record<Name, Person>>

/** @throws Error with a sentence when nothing answers, something else does, or the people are missing */
export async function callCast(url: string, reports: Reports): Promise<Cast> {
  await mustBeBellhop(url)
  const enter = (name: Name): Promise<Person> => signIn(name, url, reports)
  const cast = {
    admin: await enter('admin'),
    supervisor: await enter('supervisor'),
    owner: await enter('owner'),
    staff: await enter('staff'),
    director: await enter('director'),
    manager: await enter('manager'),
    employee: await enter('employee'),
    sic: await enter('sic'),
    driver: await enter('driver'),
    customer: await enter('customer'),
  }
  await allConnected(Object.values(cast), url)
  return cast
}

/** Whoever signs in while the realtime process starts again connects a little later. */
async function allConnected(people: readonly Person[], url: string): Promise<void> {
  const late = new Promise<never>((_, reject) =>
    setTimeout(
      () =>
        reject(
          new Error(
            `People can sign in at ${url}, but no socket was opened at /ws for ${PATIENCE / 1000} s: is the realtime process running?`,
          ),
        ),
      PATIENCE,
    ).unref(),
  )
  await Promise.race([Promise.all(people.map((person) => person.ready)), late]).catch((error: unknown) => {
    for (const person of people) person.close()
    throw error
  })
}

async function mustBeBellhop(url: string): Promise<void> {
  const answer = await fetch(`${url}/livez`, { signal: AbortSignal.timeout(5000) }).catch(() => undefined)
  if (!answer)
    throw new Error(
      `Nothing answers at ${url}. Start Bellhop with \`npm start\` and pass the address that it prints with ` +
        `--url, or let \`npm run demo -- --start\` bring one.`,
    )
  const body = await answer.json().catch(() => undefined)
  if (typeof body !== 'object' || body === null || !('status' in body))
    throw new Error(`What answers at ${url} is not Bellhop: pass its address with --url.`)
}

async function signIn(name: Name, url: string, reports: Reports): Promise<Person> {
  const anybody = new Http(url, undefined, (why) => reports.trouble(name, `tries again: ${why}`))
  const email = `${name}@demo.test`
  const enter = async (): Promise<UserSeen> => {
    const { body } = await anybody.post<{ accessToken: string; user: UserSeen }>('/auth/login', {
      email,
      password: DEMO_PASSWORD,
    })
    session.token = body.accessToken
    return body.user
  }
  const session: Session = { token: undefined, renew: async () => void (await enter()) }
  try {
    return new Person(name, await enter(), session, url, reports)
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401) throw error
    throw new Error(
      `${email} cannot sign in: the demonstration's people are missing here, or have other passwords. \`npm ` +
        `start\` on an empty DATA_DIR makes them, and so does \`npm run demo -- --start\`.`,
      { cause: error },
    )
  }
}
