// What the parts of the realtime door share.

import type { House } from '../shared/kit/house.ts'
import type { Endings } from './endings.ts'
import type { Entrance } from './entrance.ts'
import type { Membership } from './membership.ts'
import type { Presence } from './presence.ts'
import type { Broker } from './socket/broker.ts'
import type { Hub } from './socket/hub.ts'
import type { Topics } from './socket/topics.ts'
import type { Typing } from './typing.ts'

export interface Door {
  readonly house: House
  readonly hub: Hub
  readonly broker: Broker
  /** For connections that the transport has no topics for. */
  readonly topics: Topics
  readonly presence: Presence
  readonly entrance: Entrance
  readonly endings: Endings
  readonly membership: Membership
  readonly typing: Typing
  /** Of servers that are away, which many find out at once. */
  readonly warn: (fields: object, message: string) => void
  /** Names this process to support. */
  readonly node: string
  /** Going away: nobody new is let in, /readyz says no. */
  isClosing: boolean
}
