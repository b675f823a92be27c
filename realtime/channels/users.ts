// Everybody hears what concerns themselves, and what concerns their role in their organisation.

import { roleChannel, userChannel } from '../../shared/kit/declare/event.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import type { ChannelDomain } from './channel-domain.ts'

const channelsOf = (actor: Actor): string[] => [userChannel(actor.id), roleChannel(actor.orgId, actor.role)]

export const users: ChannelDomain = {
  own: async (_door, actor) => channelsOf(actor),
  mayHear: async (_door, actor, channel) => channelsOf(actor).includes(channel),
}
