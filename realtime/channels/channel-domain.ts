import type { Actor } from '../../shared/organisations/roles.ts'
import type { RealtimeContext } from '../session/context.ts'

/** What a domain with channels says about them. */
export interface ChannelDomain {
  /** What a socket hears from the moment it opens. */
  own(context: RealtimeContext, actor: Actor): Promise<readonly string[]>
  mayHear(context: RealtimeContext, actor: Actor, channel: string): Promise<boolean>
}
