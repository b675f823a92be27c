// In which language the console speaks: as chosen here, else as the browser likes it. Choosing another one loads the page anew.

import { inLanguages, spokenOf, type Language } from '../shared/language.ts'

const KEY = 'bellhop.language'

export const language: Language = spokenOf([localStorage.getItem(KEY) ?? '', ...navigator.languages])

/** @param texts in every language the same ones: what is missing in one does not compile */
export const inLanguage = <Texts>(texts: { en: Texts } & Record<Language, NoInfer<Texts>>): Texts =>
  inLanguages(texts)[language]

export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(KEY, chosen)
  if (chosen !== language) location.reload()
}

/** Whoever chose nothing in this browser reads the language in which they are told things. */
export function preferLanguage(preferred: Language | null): void {
  if (preferred && localStorage.getItem(KEY) === null) chooseLanguage(preferred)
}
