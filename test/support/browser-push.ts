// The part of a browser that push messages are written for: it has the keys, and reads as RFC 8291 says. And it looks who
// signed the request, as a push service does (RFC 8292).

import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from 'node:crypto'
import type { Heard } from './http-peer.ts'

export interface PushBrowser {
  keys: { p256dh: string; auth: string }
  /** @throws when it was not written for this browser */
  read(heard: Heard): unknown
}

export function aPushBrowser(): PushBrowser {
  const ecdh = createECDH('prime256v1')
  const [publicKey, auth] = [ecdh.generateKeys(), randomBytes(16)]
  return {
    keys: { p256dh: publicKey.toString('base64url'), auth: auth.toString('base64url') },
    read({ headers, body }) {
      if (headers['content-encoding'] !== 'aes128gcm') throw new Error('Another encoding was agreed on.')
      const [salt, senderKey, sealed] = [body.subarray(0, 16), body.subarray(21, 86), body.subarray(86)]
      const secret = derive(
        auth,
        ecdh.computeSecret(senderKey),
        Buffer.concat([Buffer.from('WebPush: info\0'), publicKey, senderKey]),
        32,
      )
      const decipher = createDecipheriv(
        'aes-128-gcm',
        derive(salt, secret, Buffer.from('Content-Encoding: aes128gcm\0'), 16),
        derive(salt, secret, Buffer.from('Content-Encoding: nonce\0'), 12),
      )
      decipher.setAuthTag(sealed.subarray(-16))
      const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
      return JSON.parse(padded.subarray(0, padded.lastIndexOf(2)).toString())
    },
  }
}

function derive(salt: Buffer, secret: Buffer, info: Buffer, length: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, info, length))
}

/** @returns the claims of whoever signed the request. @throws when they did not sign it with the key that they name */
export function signerOf({ headers }: Heard): { aud: string; sub: string; key: string } {
  const [, token = '', key = ''] =
    /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(headers['authorization'] ?? '') ?? []
  const [head = '', claims = '', signature = ''] = token.split('.')
  const point = Buffer.from(key, 'base64url')
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  const isRight = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  if (!isRight) throw new Error('Somebody else signed it.')
  return { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), key }
}
