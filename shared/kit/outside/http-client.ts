// Requests to addresses that people of an organisation chose. The only importer of undici and ipaddr.js.
// Promise: nothing that is not on the public internet is reached, whatever a name resolves to, for the address that was
// checked is the one that is connected to; no redirect is followed; an answer has a deadline and a largest size.
// Exceptions stand in OUTGOING_ALLOWED.

import { lookup as resolve } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Agent, request, type Dispatcher } from 'undici'
import { excerptOfAnswer, type DeliveryResult } from './delivery-result.ts'
import type { Config } from '../process/config.ts'
import { isWebAddress } from '../declare/formats.ts'
import { NO_TRACING, type Tracing } from '../process/tracing.ts'

export interface HttpClient {
  /** One POST. Never throws: whatever happens is what came of it. */
  post(
    url: string,
    message: { headers: Record<string, string>; body: string | Buffer },
  ): Promise<DeliveryResult>
  /** One request whose whole answer is wanted, such as a set of keys. Only by https. @throws Error that says why there is none */
  ask(url: string, request?: OutgoingRequest): Promise<WholeAnswer>
  close(): Promise<void>
}

interface OutgoingRequest {
  method?: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
}

interface WholeAnswer {
  code: number
  headers: Record<string, string>
  body: string
}

type Settings = Pick<Config, 'OUTGOING_ALLOWED' | 'DELIVERY_TIMEOUT'>

/** Bytes of an answer that are read; they are for people who look for a reason. */
const LARGEST_ANSWER = 4096
/** Of an answer that is wanted whole: bytes, and milliseconds, as somebody waits for it. */
const LARGEST_WHOLE = 128 * 1024
const WHOLE_WITHIN = 5000

class Forbidden extends Error {}

/** @param ask how names are resolved */
export function openHttpClient(
  settings: Settings,
  ask: typeof resolve = resolve,
  tracing: Tracing = NO_TRACING,
): HttpClient {
  const send = traced(tracing)
  const agent = new Agent({
    connect: { lookup: checkedLookup(settings.OUTGOING_ALLOWED, ask), timeout: settings.DELIVERY_TIMEOUT },
    headersTimeout: settings.DELIVERY_TIMEOUT,
    bodyTimeout: settings.DELIVERY_TIMEOUT,
    maxHeaderSize: 16_384,
    connections: 32,
  })
  return {
    async post(url, { headers, body }) {
      if (!isWebAddress(url))
        return { isDone: false, isFinal: true, said: 'this is no address that anything can be sent to' }
      try {
        mustBeReachable(new URL(url).hostname, settings.OUTGOING_ALLOWED)
        const signal = AbortSignal.timeout(settings.DELIVERY_TIMEOUT)
        const answer = await send(url, { method: 'POST', headers, body, dispatcher: agent, signal })
        return attemptOf(answer.statusCode, await beginningOf(answer.body), answer.headers)
      } catch (error) {
        return { isDone: false, said: excerptOfAnswer(reasonOf(error)), isFinal: isForbidden(error) }
      }
    },
    ask: (url, asked) => askWhole(settings, (sent) => send(url, { ...sent, dispatcher: agent }), url, asked),
    close: () => agent.destroy(),
  }
}

/** @throws Error that says why there is no answer */
async function askWhole(
  settings: Settings,
  send: (sent: Omit<Sent, 'dispatcher'>) => Promise<Dispatcher.ResponseData>,
  url: string,
  { method = 'GET', headers = {}, body }: OutgoingRequest = {},
): Promise<WholeAnswer> {
  const problem = isWebAddress(url) ? problemWithSource(settings, url) : 'is no address'
  if (problem) throw new Forbidden(`${url} ${problem}`)
  mustBeReachable(new URL(url).hostname, settings.OUTGOING_ALLOWED)
  const signal = AbortSignal.timeout(Math.min(WHOLE_WITHIN, settings.DELIVERY_TIMEOUT))
  try {
    const answer = await send({ method, headers, body: body ?? null, signal })
    return {
      code: answer.statusCode,
      headers: Object.fromEntries(Object.entries(answer.headers).map(([name, is]) => [name, String(is)])),
      body: await wholeOf(answer.body),
    }
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error })
  }
}

interface Sent {
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body: string | Buffer | null
  dispatcher: Dispatcher
  signal: AbortSignal
}

/** One request, as a span of its own that the other server may go on from; its path and what it says are nobody's else. */
const traced =
  (tracing: Tracing) =>
  (url: string, { headers, ...sent }: Sent): Promise<Dispatcher.ResponseData> => {
    const { hostname } = new URL(url)
    const attributes = { 'server.address': hostname, 'http.request.method': sent.method }
    return tracing.follow({ name: sent.method, kind: 'client', attributes }, async (span) => {
      const answer = await request(url, { ...sent, headers: { ...headers, ...tracing.headers() } })
      span.describe(sent.method, { 'http.response.status_code': answer.statusCode })
      return answer
    })
  }

/** What we believe does not travel in the open. @returns what is wrong with an address that such things come from */
export function problemWithSource(
  { OUTGOING_ALLOWED }: Pick<Config, 'OUTGOING_ALLOWED'>,
  url: string,
): string | undefined {
  const { protocol, hostname } = new URL(url)
  if (protocol === 'https:' || isExcepted(hostname, bareOf(hostname), OUTGOING_ALLOWED)) return undefined
  return 'must begin with https://'
}

/** @throws Error for one that is longer */
async function wholeOf(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    chunks.push(Buffer.from(chunk))
    size += chunk.length
    if (size > LARGEST_WHOLE) throw new Error(`the answer is longer than ${LARGEST_WHOLE} bytes`)
  }
  return Buffer.concat(chunks).toString()
}

const bareOf = (hostname: string): string => hostname.replaceAll(/^\[|\]$/g, '')

/** A name in a URL that is an address already is connected to without being looked up. */
function mustBeReachable(hostname: string, allowed: readonly string[]): void {
  const bare = bareOf(hostname)
  if (ipaddr.isValid(bare) && !isReachable(bare, bare, allowed))
    throw new Forbidden(forbidding(hostname, bare))
}

/** What Node connects to is what this answers: a name cannot mean one address here and another there. */
function checkedLookup(allowed: readonly string[], ask: typeof resolve): LookupFunction {
  return (hostname, options, answer) => {
    ask(hostname, { ...options, all: true }, (error, addresses) => {
      const forbidden = error
        ? undefined
        : addresses.find(({ address }) => !isReachable(hostname, address, allowed))
      const [first] = error ? [] : addresses
      if (error || forbidden || !first)
        return answer(error ?? new Forbidden(forbidding(hostname, forbidden?.address)), '', 0)
      return options.all ? answer(null, addresses) : answer(null, first.address, first.family)
    })
  }
}

const forbidding = (hostname: string, address = 'nothing'): string =>
  `${hostname} leads to ${address}, which is not reached from here`

/** Public unicast, and of IPv6 only what is given out for it (2000::/3): every other range leads inwards, or somewhere by a detour. */
export function isReachable(hostname: string, address: string, allowed: readonly string[]): boolean {
  if (isExcepted(hostname, address, allowed)) return true
  const ip = ipaddr.process(address)
  const isGivenOut = ip.kind() === 'ipv4' || ip.match(ipaddr.parseCIDR('2000::/3'))
  return isGivenOut && ip.range() === 'unicast'
}

function isExcepted(hostname: string, address: string, allowed: readonly string[]): boolean {
  const ip = ipaddr.isValid(address) ? ipaddr.process(address) : undefined
  return allowed.some((each) => each === hostname || each === address || (ip && isWithin(ip, each)))
}

function isWithin(ip: ipaddr.IPv4 | ipaddr.IPv6, range: string): boolean {
  if (!ipaddr.isValidCIDR(range)) return false
  const [network, bits] = ipaddr.parseCIDR(range)
  return network.kind() === ip.kind() && ip.match([network, bits] as [ipaddr.IPv4, number])
}

/** Whether a status came is known before the body is over; a body that trickles or breaks off changes nothing about it. */
async function beginningOf(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of body) {
      chunks.push(Buffer.from(chunk))
      size += chunk.length
      if (size >= LARGEST_ANSWER) break
    }
  } catch {
    // It breaks off.
  }
  return Buffer.concat(chunks).toString().slice(0, LARGEST_ANSWER)
}

function attemptOf(code: number, body: string, headers: Dispatcher.ResponseData['headers']): DeliveryResult {
  const wait = millisecondsOf(String(headers['retry-after'] ?? ''), String(headers['date'] ?? ''))
  const isRedirect = code >= 300 && code < 400
  return {
    isDone: code >= 200 && code < 300,
    code,
    ...(wait !== undefined && { retryAfter: wait }),
    said: excerptOfAnswer(isRedirect ? `${code}: redirects are not followed` : `${code} ${body}`),
  }
}

/** RFC 9110, 10.2.3: seconds, or a date, which counts from the date on the other side's clock. */
function millisecondsOf(retryAfter: string, date: string): number | undefined {
  if (/^\d{1,6}$/.test(retryAfter)) return Number(retryAfter) * 1000
  const wait = Date.parse(retryAfter) - Date.parse(date)
  return wait > 0 ? wait : undefined
}

function isForbidden(error: unknown): boolean {
  return error instanceof Forbidden || (error instanceof Error && error.cause instanceof Forbidden)
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error) return reasonOf(error.cause)
  if (
    error.name === 'TimeoutError' ||
    error.name === 'HeadersTimeoutError' ||
    error.name === 'ConnectTimeoutError'
  )
    return 'no answer in time'
  return error.message || error.name
}
