// In which language the console speaks: as chosen here, else as the browser likes it. Choosing another one loads the page anew.

export const LANGUAGES = { vi: 'Tiếng Việt', en: 'English' } as const
export type Language = keyof typeof LANGUAGES

const KEY = 'bellhop.language'

function findLanguage(): Language {
  const liked = [localStorage.getItem(KEY) ?? '', ...navigator.languages].map((each) => each.slice(0, 2))
  return liked.find((each) => each === 'vi' || each === 'en') ?? 'vi'
}

export const language: Language = findLanguage()

/** @param texts in every language the same ones: what is missing in one does not compile */
export const inLanguage = <Texts>(texts: { en: Texts } & Record<Language, NoInfer<Texts>>): Texts =>
  texts[language]

export function chooseLanguage(chosen: Language): void {
  localStorage.setItem(KEY, chosen)
  if (chosen !== language) location.reload()
}

/** Whoever chose nothing in this browser reads the language in which they are told things. */
export function preferLanguage(preferred: Language | null): void {
  if (preferred && localStorage.getItem(KEY) === null) chooseLanguage(preferred)
}
