import { declareEvent } from '../kit/declare/event.ts'
import { ResourceChanged } from './schema.ts'

export const resourceChangedEvent = declareEvent(
  'resource.changed',
  ResourceChanged,
  'A resource came or changed; to the staff. What it is now is read. That it is in use begins and ends with `booking.changed`.',
)
