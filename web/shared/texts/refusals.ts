// How a refusal is said in Vietnamese.

export interface Refusal {
  code: string
  detail: string
}

/** @param words by code, with `{detail}` where it names what the sentence leaves out */
export const sayInVietnamese = (words: Readonly<Record<string, string>>, { code, detail }: Refusal): string =>
  words[code]?.replace('{detail}', () => detail) ?? detail
