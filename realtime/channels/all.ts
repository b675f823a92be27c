// Who may listen to what: one file per domain with channels, listed here.

import { notFound } from '../../shared/kit/declare/errors.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import type { RealtimeContext } from '../session/context.ts'
import type { ChannelDomain } from './channel-domain.ts'
import { rooms } from './rooms.ts'
import { users } from './users.ts'

const DOMAINS: readonly ChannelDomain[] = [users, rooms]

export async function ownChannels(context: RealtimeContext, actor: Actor): Promise<string[]> {
  return (await Promise.all(DOMAINS.map((domain) => domain.own(context, actor)))).flat()
}

export async function mayHear(context: RealtimeContext, actor: Actor, channel: string): Promise<boolean> {
  for (const domain of DOMAINS) if (await domain.mayHear(context, actor, channel)) return true
  return false
}

/** Somebody else's channel answers exactly like one that does not exist. @throws AppError 404 */
export async function mustHear(context: RealtimeContext, actor: Actor, channel: string): Promise<void> {
  if (!(await mayHear(context, actor, channel))) throw notFound('Channel')
}
