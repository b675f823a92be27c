// Text as it is compared where accents and letter case do not count: the one place that says how.

/** In lower case, without accents. đ is a letter of its own, without a mark that could be taken off. */
export function fold(text: string): string {
  return text.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('đ', 'd')
}

/** The same text as the same bytes, whatever the keyboard made of it; accents stay. */
export function foldCase(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFC')
}

const WORD = /[\p{L}\p{M}\p{N}]+/gu

/** Letters, digits and their marks; all else stands between words. As written. */
export function wordsOf(text: string): string[] {
  return text.match(WORD) ?? []
}

/** A text cut where its words begin and end, so that joining the pieces gives the text. */
export function piecesOf(text: string): { text: string; isWord: boolean }[] {
  const pieces: { text: string; isWord: boolean }[] = []
  let end = 0
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (index > end) pieces.push({ text: text.slice(end, index), isWord: false })
    end = index + word.length
    pieces.push({ text: word, isWord: true })
  }
  if (end < text.length) pieces.push({ text: text.slice(end), isWord: false })
  return pieces
}
