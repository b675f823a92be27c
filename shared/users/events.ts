import { declareEvent } from '../kit/declare/event.ts'
import { PeopleChanged, PresenceState, SessionEnded } from './schema.ts'

/** For the realtime nodes, which close its sockets; no client hears it. */
export const sessionEndedEvent = declareEvent(
  'session.ended',
  SessionEnded,
  'A session ended by logout, reuse of a refresh token, or deactivation.',
)

export const peopleChangedEvent = declareEvent(
  'people.changed',
  PeopleChanged,
  'Somebody came, left or changed; to ADMINs, and to whoever finds them in the directory. Who they are now is read.',
)

export const presenceChangedEvent = declareEvent(
  'presence.changed',
  PresenceState,
  'Somebody came online or went; to themselves, whoever shares a room with them, and the staff.',
  { isEphemeral: true },
)
