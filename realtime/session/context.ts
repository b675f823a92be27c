// What the parts of the realtime door share.

import type { IssuerTokens } from '../../shared/issuers/issuer-tokens.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { RevokedSessions } from './revoked-sessions.ts'
import type { ConnectionLimits } from './connection-limits.ts'
import type { Membership } from './membership.ts'
import type { Presence } from './presence.ts'
import type { Broker } from '../log/broker.ts'
import type { Hub } from './hub.ts'
import type { Topics } from '../transport/topics.ts'
import type { TypingNotices } from './typing.ts'

export interface RealtimeContext {
  readonly runtime: Runtime
  readonly hub: Hub
  readonly broker: Broker
  /** For connections that the transport has no topics for. */
  readonly topics: Topics
  readonly presence: Presence
  readonly connectionLimits: ConnectionLimits
  readonly revokedSessions: RevokedSessions
  readonly issuerTokens: IssuerTokens
  readonly membership: Membership
  readonly typing: TypingNotices
  /** Of servers that are away, which many find out at once. */
  readonly warn: (fields: object, message: string) => void
  /** Names this process to support. */
  readonly node: string
  /** Going away: nobody new is let in, /readyz says no. */
  isClosing: boolean
}
