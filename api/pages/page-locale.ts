// In which language a page speaks to somebody who is not signed in: as its address says, else as the browser likes it.

import type { Request } from 'express'
import { LOCALES, type Locale } from '../../shared/organisations/schema.ts'

export function pageLocaleOf(req: Request): Locale {
  const asked = LOCALES.find((locale) => locale === req.query['lang'])
  const liked = req.acceptsLanguages([...LOCALES])
  return asked ?? LOCALES.find((locale) => locale === liked) ?? 'vi'
}
