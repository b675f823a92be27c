import { declareEvent } from '../kit/declare/event.ts'
import { Export } from './schema.ts'

export const exportProgressEvent = declareEvent(
  'export.progress',
  Export,
  'An export that you asked for has come further, or is done.',
)
