// In which language the console speaks: as chosen here, else as the browser likes it. Choosing another one loads the page anew.

import { inLanguages, spokenOf, type Language } from '../shared/language.ts'

const KEY = 'bellhop.language'

export const language: Language = spokenOf([localStorage.getItem(KEY) ?? '', ...navigator.languages])

/** @param texts in every language the same ones: what is missing in one does not compile */
export const inLanguage = <Texts>(texts: { en: Texts } & Record<Language, NoInfer<Texts>>): Texts =>
  inLanguages(texts)[language]

/** @returns whether the page is read again, as it spoke another one */
export function chooseLanguage(chosen: Language): boolean {
  localStorage.setItem(KEY, chosen)
  if (chosen === language) return false
  location.reload()
  return true
}

/** By whoever is about to sign in: it holds for them, whatever they once chose. */
export function chooseBeforeSignIn(chosen: Language): void {
  sessionStorage.setItem(KEY, chosen)
  chooseLanguage(chosen)
}

/** Asked once, by the sign-in. */
export function wasJustChosen(): boolean {
  const was = sessionStorage.getItem(KEY) === language
  sessionStorage.removeItem(KEY)
  return was
}
