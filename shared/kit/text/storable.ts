// Texts from outside (answers of webhooks, mail servers and push services, names of files, headers) as a database takes them.
// Whoever takes one in calls this, so that nothing later can fail of it.

// oxlint-disable-next-line no-control-regex
const UNSTORABLE = /[\u0000\p{Surrogate}]/gu

/** PostgreSQL takes neither U+0000 nor half characters: in their place stands the sign for what cannot be shown. */
export function makeStorable(text: string): string {
  return text.replaceAll(UNSTORABLE, '\uFFFD')
}

/** Never inside a character. @param length in characters, the mark of the cut included */
export function cutText(text: string, length: number): string {
  const characters = [...text]
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text
}
