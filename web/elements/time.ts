// Times in the console: all of them in the organisation's zone, as bookings have them.

import type { TemplateResult } from 'lit'
import { timesIn } from '../shared/times.ts'
import { language } from '../texts/language.ts'

export { dateOf } from '../shared/times.ts'

export const day = (date: string): string => timesIn(language).day(date)
export const ago = (instant: string): TemplateResult => timesIn(language).ago(instant)
export const clockOf = (instant: string): string => timesIn(language).clockOf(instant)
