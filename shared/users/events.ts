import { event } from '../kit/event.ts'
import { SessionEnded } from './schema.ts'

/** For the realtime nodes, which close its sockets; no client hears it. */
export const sessionEnded = event('session.ended', SessionEnded, 'A session ended by logout, reuse of a refresh token, or deactivation.')
