// Another system that has people of its own: keys that it changes, an address at which they are, and tokens.

import { createHmac, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { anHttpPeer, type HttpPeer } from './http-peer.ts'

interface Signing {
  alg: string
  kid?: string
  key: KeyObject | string
}

export interface IssuingSystem {
  iss: string
  peer: HttpPeer
  jwksUrl: string
  /** A new key in place of the one before. @returns the one before */
  rotate(): Signing
  /** What it signs with now. */
  readonly signing: Signing
  close(): Promise<void>
}

const jsonPart = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** As anybody could write one, whatever header and key. */
export function writeToken(claims: object, { alg, kid, key }: Signing): string {
  const text = `${jsonPart({ alg, typ: 'JWT', ...(kid && { kid }) })}.${jsonPart(claims)}`
  return `${text}.${signatureOf(text, alg, key)}`
}

function signatureOf(text: string, alg: string, key: KeyObject | string): string {
  if (alg === 'none') return ''
  if (typeof key === 'string')
    return createHmac(`sha${alg.slice(2)}`, key)
      .update(text)
      .digest('base64url')
  return sign(`sha${alg.slice(2)}`, Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString(
    'base64url',
  )
}

export function newKey(): { signing: Signing; publicKey: KeyObject } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { signing: { alg: 'ES256', kid: randomBytes(4).toString('hex'), key: privateKey }, publicKey }
}

export async function anIssuingSystem(): Promise<IssuingSystem> {
  const peer = await anHttpPeer()
  let signing = renew()
  function renew(): Signing {
    const { signing: next, publicKey } = newKey()
    peer.answer = {
      status: 200,
      body: JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: next.kid, use: 'sig' }] }),
    }
    return next
  }
  return {
    iss: 'https://people.example',
    peer,
    jwksUrl: `${peer.url}/keys`,
    rotate() {
      const before = signing
      signing = renew()
      return before
    },
    get signing() {
      return signing
    },
    close: () => peer.close(),
  }
}
