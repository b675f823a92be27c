// Where a mail leads into the app: the company's own, or the console.

import { publicUrl } from '../../kit/outside/signature.ts'
import type { Config } from '../../kit/process/config.ts'
import type { StoredNotification } from '../queries.ts'

type About = Pick<StoredNotification, 'type' | 'bookingId' | 'data'>

/** The same paths below either; what has no page of its own leads to the first. */
export function appUrlFor(config: Pick<Config, 'APP_URL' | 'PUBLIC_URL' | 'PORT'>, about: About): string {
  const base = (config.APP_URL ?? publicUrl(config)).replace(/\/+$/, '')
  return `${base}/${pathOf(about).map(encodeURIComponent).join('/')}`
}

function pathOf({ type, bookingId, data: { approvalId, ticketId, roomId } }: About): string[] {
  if (typeof approvalId === 'string') return ['approvals', approvalId]
  if (bookingId !== null) return ['bookings', bookingId]
  if (typeof ticketId === 'string') return ['tickets', ticketId]
  if (typeof roomId !== 'string') return []
  return [type.startsWith('INBOX_') ? 'desk' : 'chat', roomId]
}
