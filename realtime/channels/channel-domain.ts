import type { Actor } from '../../shared/users/schema.ts'

/** What a domain with channels says about them. */
export interface ChannelDomain {
  /** What a socket hears from the moment it opens. */
  own(actor: Actor): readonly string[]
  mayHear(actor: Actor, channel: string): boolean
}
