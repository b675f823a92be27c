// The people of the demonstration, as the page of the widgets plays them.

import { createClient, memoryStorage, type Client } from '../../client/src/index.ts'

/** Of the demonstration alone; everybody knows it. */
const PASSWORD = 'bellhop-demo'

export class Person {
  readonly client: Client
  readonly name: string
  #token: Promise<string> | undefined

  constructor(name: string) {
    this.name = name
    this.client = createClient({ url: location.origin, storage: memoryStorage(), token: this.token })
  }

  /** As a page of somebody's own would get it from its own server. @throws ProblemError where this is no demonstration */
  token = (refused?: string): Promise<string> => {
    if (refused !== undefined) this.#token = undefined
    this.#token ??= signIn(this.name)
    return this.#token
  }
}

async function signIn(name: string): Promise<string> {
  const nobody = createClient({ url: location.origin, storage: memoryStorage() })
  const body = { emailOrPhone: `${name}@demo.test`, password: PASSWORD }
  return (await nobody.api.postAuthLogin({ body })).accessToken
}
