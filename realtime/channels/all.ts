// Who may listen to what: one file per domain with channels, listed here.

import { notFound } from '../../shared/kit/errors.ts'
import type { Actor } from '../../shared/users/schema.ts'
import type { ChannelDomain } from './channel-domain.ts'
import { users } from './users.ts'

const DOMAINS: readonly ChannelDomain[] = [users]

export function ownChannels(actor: Actor): string[] {
  return DOMAINS.flatMap((domain) => domain.own(actor))
}

/** Somebody else's channel answers exactly like one that does not exist. @throws AppError 404 */
export function mustHear(actor: Actor, channel: string): void {
  if (!DOMAINS.some((domain) => domain.mayHear(actor, channel))) throw notFound('Channel')
}
