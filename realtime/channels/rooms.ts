// Whoever is in a room hears it; and of the staff whoever wants to, where it is open to them.

import { roomChannel } from '../../shared/chat/events.ts'
import { maySeeRoom } from '../../shared/chat/queries/members.ts'
import type { ChannelDomain } from './channel-domain.ts'

export const rooms: ChannelDomain = {
  own: ({ membership }, actor) => membership.channelsOf(actor.id),
  async mayHear({ runtime }, actor, channel) {
    const [, roomId] = /^room:([0-9a-f-]{36})$/.exec(channel) ?? []
    return roomId !== undefined && roomChannel(roomId) === channel && maySeeRoom(runtime.db, actor, roomId)
  },
}
