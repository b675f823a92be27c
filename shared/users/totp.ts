// Codes of an authenticator app (RFC 6238): SHA-1, six digits, a new one every 30 seconds, as every app can. The only importer of otpauth.

import { Secret, TOTP } from 'otpauth'

const PERIOD = 30
/** Steps that a clock may be off, and a person slow. */
const LEEWAY = 1

/** 160 bits, in base 32. */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32

/** What an app reads, as it is or drawn. @param issuer who asks for codes · @param account whose they are */
export function totpUri(secret: string, issuer: string, account: string): string {
  // A colon parts the two, and some apps take it for one that is written in them.
  return new TOTP({ secret, issuer: issuer.replaceAll(':', ' '), label: account, period: PERIOD }).toString()
}

/** @returns the step of time that the code is of; undefined for a wrong one */
export function stepOfCode(secret: string, code: string, now: Date): number | undefined {
  const timestamp = now.getTime()
  const off = new TOTP({ secret, period: PERIOD }).validate({ token: code, timestamp, window: LEEWAY })
  return off === null ? undefined : TOTP.counter({ period: PERIOD, timestamp }) + off
}
