// Everybody hears what concerns themselves, and what concerns their role in their organisation.

import { roleChannel, userChannel } from '../../shared/kit/event.ts'
import type { ChannelDomain } from './channel-domain.ts'

export const users: ChannelDomain = {
  own: (actor) => [userChannel(actor.id), roleChannel(actor.orgId, actor.role)],
  mayHear: (actor, channel) => users.own(actor).includes(channel),
}
