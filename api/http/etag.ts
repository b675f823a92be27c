// ETags of versioned things. If-Match looks at the version alone; If-None-Match at the whole tag.

import { createHash } from 'node:crypto'
import type { Request } from 'express'
import type { Problem } from '../../shared/kit/declare/errors.ts'

/** Of what does not change without its version. */
export const versionTag = ({ version }: { version: number }): string => `"${version}"`

/** Of what has parts that move on their own, as the newest message of a room does: nobody is told 304 while they moved. */
export function contentTag(thing: { version: number }): string {
  return `"${thing.version}.${createHash('sha1').update(JSON.stringify(thing)).digest('base64url')}"`
}

/** Whether the client has it already. Compared without regard to W/, as RFC 9110 has it for If-None-Match. */
export function isKnown(etag: string, req: Request): boolean {
  const known = req.get('if-none-match')
  return (
    known === '*' || (known?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag) ?? false)
  )
}

/** The version that If-Match names; undefined: unconditional. */
export function versionOf(header: string | undefined, problems: Problem[]): number | undefined {
  if (header === undefined || header.trim() === '*') return undefined
  const version = /^\s*(?:W\/)?"(\d{1,9})(?:\.[\w-]+)?"\s*$/.exec(header)?.[1]
  if (version === undefined)
    problems.push({ path: '/headers/if-match', message: 'must be an ETag as this resource answers it' })
  return Number(version)
}
