import { drawClockIn, type Ticket } from '../shared/ticket.ts'
import { language } from '../texts/language.ts'

export type { Ticket }
export const drawClock = (ticket: Parameters<typeof drawClockIn>[1]): ReturnType<typeof drawClockIn> =>
  drawClockIn(language, ticket)
