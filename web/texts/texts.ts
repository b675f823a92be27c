// In which language the console speaks: as chosen here, else as the browser likes it. Choosing another one loads the page anew.

import { en, type Texts } from './en.ts'
import { vi } from './vi.ts'

export const LANGUAGES = { vi: 'Tiếng Việt', en: 'English' } as const
export type Language = keyof typeof LANGUAGES

const KEY = 'bellhop.language'

function findLanguage(): Language {
  const liked = [localStorage.getItem(KEY) ?? '', ...navigator.languages].map((each) => each.slice(0, 2))
  return liked.find((each) => each === 'vi' || each === 'en') ?? 'vi'
}

export const language: Language = findLanguage()
export const t: Texts = { vi, en }[language]

export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(KEY, chosen)
  location.reload()
}
