// Starts the OpenID provider of another company, and goes through a sign-in with it as a browser does.

import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePort } from '../../bin/embedded/ports.ts'
import type { World } from './world.ts'

export const CLIENT = { clientId: 'bellhop', clientSecret: 'what-only-both-know' } as const

export interface OpenidProvider {
  iss: string
  /** Begins, or begins anew with other keys. @param redirectUri the only one that it sends anybody to, also whoever has signed out there, if that can be */
  start(redirectUri: string, canLeave?: boolean): Promise<void>
  /** Brings the world's clock to where the provider's is. */
  keepTime(): void
  stop(): Promise<void>
}

export async function anOpenidProvider(w: World): Promise<OpenidProvider> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bellhop-openid-'))
  const iss = `http://127.0.0.1:${await freePort()}`
  const ahead = w.clock.now().getTime() - Date.now()
  writeFileSync(path.join(folder, 'clock'), String(ahead))
  let running: ChildProcess | undefined
  const stop = async (): Promise<void> => {
    if (!running || running.exitCode !== null) return
    const gone = once(running, 'exit')
    running.kill()
    await gone
  }
  return {
    iss,
    async start(redirectUri, canLeave = true) {
      await stop()
      running = fork(path.join(import.meta.dirname, 'openid-provider.mjs'), {
        env: {
          ...process.env,
          NODE_OPTIONS: '',
          JUMPING_CLOCK: path.join(folder, 'clock'),
          ISSUER: iss,
          CLIENT_ID: CLIENT.clientId,
          CLIENT_SECRET: CLIENT.clientSecret,
          REDIRECT_URI: redirectUri,
          CAN_LEAVE: canLeave ? 'yes' : 'no',
        },
        execArgv: ['--import', path.join(import.meta.dirname, 'jumping-clock.mjs')],
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      })
      const [said] = await Promise.race([once(running, 'message'), once(running, 'exit')])
      if (said !== 'ready') throw new Error('The OpenID provider does not start.')
    },
    keepTime: () => w.clock.moveTo(new Date(Date.now() + ahead)),
    async stop() {
      await stop()
      rmSync(folder, { recursive: true })
    },
  }
}

/** Keeps cookies, and follows nothing by itself. */
export class CookieBrowser {
  readonly #cookies = new Map<string, Map<string, string>>()

  async ask(address: string, init: RequestInit = {}): Promise<Response> {
    const { host } = new URL(address)
    const kept = this.#cookies.get(host) ?? new Map<string, string>()
    this.#cookies.set(host, kept)
    const cookie = [...kept].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...init.headers, accept: 'text/html', ...(cookie && { cookie }) }
    const reply = await fetch(address, { ...init, headers, redirect: 'manual' })
    for (const each of reply.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? []
      if (value === '' || /expires=Thu, 01 Jan 1970/i.test(each)) kept.delete(name)
      else kept.set(name, value)
    }
    return reply
  }

  cookiesOf(address: string): ReadonlyMap<string, string> {
    return this.#cookies.get(new URL(address).host) ?? new Map()
  }

  /** Signs in there as whoever is named. @returns where the provider sends the browser back to, which is not asked */
  async signInAt(start: string, name: string): Promise<string> {
    const { host } = new URL(start)
    let address = start
    let reply = await this.ask(address)
    for (let steps = 0; steps < 12; steps++) {
      const next = reply.headers.get('location')
      if (next === null) {
        const [, prompt] = /name="prompt" value="(\w+)"/.exec(await reply.text()) ?? []
        if (!prompt) throw new Error(`${address} answers ${reply.status}, and asks nothing.`)
        const body = new URLSearchParams({ prompt, login: name, password: 'any' })
        reply = await this.ask(address, { method: 'POST', body })
        continue
      }
      address = new URL(next, address).href
      if (new URL(address).host === host) return address
      reply = await this.ask(address)
    }
    throw new Error('The sign-in does not come to an end.')
  }

  /** Says there that it wants to leave. @returns where the provider sends the browser back to, which is not asked */
  async leaveAt(address: string): Promise<string> {
    const page = await (await this.ask(address)).text()
    const [, action = ''] = /action="([^"]+)"/.exec(page) ?? []
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page) ?? []
    const body = new URLSearchParams({ xsrf, logout: 'yes' })
    const left = await this.ask(new URL(action, address).href, { method: 'POST', body })
    return left.headers.get('location') ?? ''
  }
}
