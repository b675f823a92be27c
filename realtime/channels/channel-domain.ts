import type { Actor } from '../../shared/organisations/roles.ts'
import type { Door } from '../door.ts'

/** What a domain with channels says about them. */
export interface ChannelDomain {
  /** What a socket hears from the moment it opens. */
  own(door: Door, actor: Actor): Promise<readonly string[]>
  mayHear(door: Door, actor: Actor, channel: string): Promise<boolean>
}
