// How large a file is, as people say it.

import type { Language } from './language.ts'

export function sizeIn(language: Language, bytes: number): string {
  const isLarge = bytes >= 1_000_000
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: isLarge ? 'megabyte' : 'kilobyte',
    maximumFractionDigits: isLarge ? 1 : 0,
  }).format(Math.max(bytes / (isLarge ? 1_000_000 : 1000), isLarge ? 0 : 1))
}
