import { timesIn } from '../shared/times.ts'
import { language } from '../texts/language.ts'

export { dateOf } from '../shared/times.ts'
export const { day, ago, clockOf } = timesIn(language)
