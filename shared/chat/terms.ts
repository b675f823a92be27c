// What a message is found by. Pure.
// Every term begins with its room, so that a search reads what was said in the rooms it looks into and nothing else,
// however often a word was said elsewhere: in a million messages a common word stands in hundreds of thousands.

import { fold, foldCase, piecesOf, wordsOf } from '../kit/fold.ts'

/** Longer words are found by their beginning. An entry of the index takes 2 KB; nobody types so much. */
const WORD_LENGTH = 50
const EXACT = '='
const FOLDED = '~'

/** Six digits of the room's id: two rooms may share them, hence a search asks for the room itself, too. */
const prefixOf = (roomId: string): string => roomId.slice(0, 6)

const cut = (word: string): string => [...word].slice(0, WORD_LENGTH).join('')
const exactly = (word: string): string => cut(foldCase(word))
const loosely = (word: string): string => cut(fold(word))

/** Each word as it is written; and where that has accents, without them. */
export function termsOf(roomId: string, content: string): string[] {
  const room = prefixOf(roomId)
  const terms = wordsOf(content).flatMap((word) => {
    const [exact, folded] = [exactly(word), loosely(word)]
    return folded === exact || folded === '' ? [`${room}${EXACT}${exact}`] : [`${room}${EXACT}${exact}`, `${room}${FOLDED}${folded}`]
  })
  return [...new Set(terms)]
}

/** What somebody looks for: all of these words. The last one may still be growing. */
export interface Sought {
  words: readonly string[]
  isLastWhole: boolean
}

/** More words only make what they find less. */
const MAX_WORDS = 12

/** A word is whole once something stands behind it. */
export function soughtIn(text: string): Sought {
  const words = wordsOf(text.normalize('NFC'))
  return { words: words.slice(0, MAX_WORDS), isLastWhole: words.length > MAX_WORDS || piecesOf(text).at(-1)?.isWord === false }
}

/** The same question twice, as PostgreSQL's tsquery: with the accents as given, and with any. */
export function queriesOf(roomId: string, { words, isLastWhole }: Sought): { exact: string; loose: string } {
  const room = prefixOf(roomId)
  const all = (termOf: (word: string, rest: string) => string): string =>
    words.map((word, at) => termOf(word, at === words.length - 1 && !isLastWhole ? ':*' : '')).join(' & ')
  return {
    exact: all((word, rest) => `'${room}${EXACT}${exactly(word)}'${rest}`),
    loose: all((word, rest) => `('${room}${FOLDED}${loosely(word)}'${rest} | '${room}${EXACT}${loosely(word)}'${rest})`),
  }
}

export interface Part {
  text: string
  isMatch: boolean
}

/** The text in parts, those that are looked for marked: no markup that a client would have to trust. */
export function partsOf(content: string, { words, isLastWhole }: Sought): Part[] {
  const folded = words.map(loosely)
  const last = isLastWhole ? undefined : folded.at(-1)
  const isSought = (word: string): boolean => folded.includes(word) || (last !== undefined && word.startsWith(last))
  const parts: Part[] = []
  for (const piece of piecesOf(content)) {
    const isMatch = piece.isWord && isSought(loosely(piece.text))
    const before = parts.at(-1)
    if (before && before.isMatch === isMatch) before.text += piece.text
    else parts.push({ text: piece.text, isMatch })
  }
  return parts
}
