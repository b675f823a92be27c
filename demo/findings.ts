// What a demonstration day was, and what is found in it that should not be.

import type { Name } from './day.ts'
import type { Story } from './reporter.ts'
import type { Cast } from './people.ts'
import type { DelegationSeen } from './wire.ts'

export interface Told {
  implied: number
  found: number
}

export interface Finding {
  problems: string[]
  /** Person → type of notification. */
  told: Map<Name, Map<string, Told>>
  /** Stories whose end is as it should be. */
  right: Set<Story>
  /** Events that a person's socket missed in a gap, and HTTP knows. */
  missed: number
  /** Notifications of that time about bookings of somebody else. */
  strangers: number
}

export interface Day {
  cast: Cast
  stories: readonly Story[]
  onExpiry: 'approve' | 'cancel'
  planned: readonly number[]
  /** Those that were made for this day, one that came too late and was taken back included. */
  delegations: readonly DelegationSeen[]
}
