// The languages that faces speak.

export const LANGUAGES = { vi: 'Tiếng Việt', en: 'English' } as const
export type Language = keyof typeof LANGUAGES

/** The first of these that we speak: locales, as browsers and pages write them. */
export function spokenOf(liked: readonly string[]): Language {
  const [first] = liked
    .map((each) => each.slice(0, 2).toLowerCase())
    .filter((each) => each === 'vi' || each === 'en')
  return first ?? 'vi'
}

/** @param texts in every language the same ones: what is missing in one does not compile */
export const inLanguages = <Texts>(
  texts: { en: Texts } & Record<Language, NoInfer<Texts>>,
): Readonly<Record<Language, Texts>> => texts
