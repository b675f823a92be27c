// Text as it is compared where accents, letter case, width and what nobody sees do not count: the one place that says how.

/** Seen by nobody: zero-width spaces and joiners, soft hyphens, variation selectors, bidi marks, fillers. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu
/**
 * Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic. The marks of other scripts are
 * letters: without them Thai or が would be other words.
 */
const ACCENT = new RegExp(
  String.raw`[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]`,
  'g',
)
/** Letters that have no mark which could be taken off. */
const PLAIN: Readonly<Record<string, string>> = {
  đ: 'd',
  ð: 'd',
  ł: 'l',
  ø: 'o',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ς: 'σ',
}
const MARKLESS = new RegExp(`[${Object.keys(PLAIN).join('')}]`, 'g')

/** In lower case, without accents, in one width, without what is invisible. */
export function foldText(text: string): string {
  return foldCase(text)
    .normalize('NFKD')
    .replaceAll(ACCENT, '')
    .replaceAll(MARKLESS, (letter) => PLAIN[letter] ?? letter)
    .normalize('NFC')
}

/** The same text as the same letters, whatever the keyboard made of it; accents stay. */
export function foldCase(text: string): string {
  return text.normalize('NFKC').replaceAll(INVISIBLE, '').toLowerCase().normalize('NFKC')
}

/** Scripts that write words without a space between them, or, as Korean, with more than one word between spaces. */
const UNSPACED_SCRIPT = String.raw`\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Hangul}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}`
const LETTER = String.raw`(?!\p{Default_Ignorable_Code_Point})(?=[\p{L}\p{M}\p{N}])`
const UNSPACED = String.raw`${LETTER}[${UNSPACED_SCRIPT}]`
const SPACED = String.raw`${LETTER}[^${UNSPACED_SCRIPT}]`
const runOf = (letter: string): string => String.raw`${letter}(?:${letter}|\p{Default_Ignorable_Code_Point})*`
const WORD = new RegExp(`${runOf(SPACED)}|${runOf(UNSPACED)}`, 'gu')
const STARTS_UNSPACED = new RegExp(`^${UNSPACED}`, 'u')

/** Letters, digits and their marks; all else stands between words, and so does a change to a script without spaces. As written. */
export function wordsOf(text: string): string[] {
  return text.match(WORD) ?? []
}

/** Whether other words may stand inside of it: a run of a script that puts no spaces between them. */
export function isUnspaced(word: string): boolean {
  return STARTS_UNSPACED.test(word)
}

/** Enough to tell words of such a script apart, few enough to list. */
const GRAM = 3

/** What a run without spaces is found by: from each of its letters on, three; fewer at its end. */
export function gramsOf(run: string): string[] {
  const letters = [...run]
  return letters.map((_, at) => letters.slice(at, at + GRAM).join(''))
}

/**
 * What somebody types to find a name, as patterns for `like`, of which all have to fit: each of its words, anywhere in it. An index
 * serves a condition for each of them (`hasParts`), and none `like all`.
 */
export function patternsOf(q: string): string[] {
  return foldText(q)
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map((word) => `%${word.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`)
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

/** In lower case, for the compiler too. */
export function toLower<S extends string>(text: S): Lowercase<S> {
  return text.toLowerCase() as Lowercase<S>
}
