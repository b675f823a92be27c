// What a text may hold so that it can be kept and read back, and what a reader sees of it. Pure.

import { malformed, type Problem } from '../declare/errors.ts'

/** Deeper than anything that people or programs here mean; far from where a recursion ends the process. */
const MAX_DEPTH = 32

/**
 * One sign that a reader sees: no blank, control, format or filler (zero width spaces, Hangul fillers,
 * variation selectors, blank Braille).
 */
export const VISIBLE = '[^\\s\\p{Cc}\\p{Cf}\\p{DI}\\u2800]'
/** Ends a line, or turns the direction of writing: in a mail's subject or in a list it would pass for something else. */
const BREAKING = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_C}]/u

const visible = new RegExp(VISIBLE, 'u')

export const isBlank = (text: string): boolean => !visible.test(text)
export const isOneLine = (text: string): boolean => !BREAKING.test(text)

/** Text of several lines, or with marks in it, where only one line has room: a header of a mail ends at a line's end. */
export function oneLineOf(text: string): string {
  return text
    .replaceAll(/\p{Bidi_C}/gu, '')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
}

/**
 * JSON that PostgreSQL keeps as it is and that every program reads back: no U+0000, no half of a surrogate pair, no number
 * beyond what JSON can write, at most MAX_DEPTH levels. Goes before anything recursive.
 * @throws AppError 400 with the first problems
 */
export function mustBeKeepable(value: unknown, at: string): void {
  const problems: Problem[] = []
  const left: { value: unknown; at: string; depth: number }[] = [{ value, at, depth: 0 }]
  for (let next = left.pop(); next; next = left.pop()) {
    const message = faultOf(next.value, next.depth)
    if (message !== undefined) problems.push({ path: next.at, message })
    else if (typeof next.value === 'object' && next.value !== null)
      left.push(...innerOf(next.value, next, problems))
  }
  if (problems.length > 0) throw malformed(problems)
}

function innerOf(
  value: object,
  { at, depth }: { at: string; depth: number },
  problems: Problem[],
): { value: unknown; at: string; depth: number }[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    const message = Array.isArray(value) ? undefined : faultOf(key, depth)
    if (message === undefined) return [{ value: inner, at: `${at}/${pointerOf(key)}`, depth: depth + 1 }]
    problems.push({ path: `${at}/${pointerOf(key.toWellFormed().replaceAll('\0', '\uFFFD'))}`, message })
    return []
  })
}

function faultOf(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') {
    if (value.includes('\0')) return 'holds a character that cannot be kept (U+0000)'
    return value.isWellFormed() ? undefined : 'holds half a character (a lone surrogate)'
  }
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'is a number beyond all bounds'
  return depth > MAX_DEPTH ? `is nested deeper than ${MAX_DEPTH} levels` : undefined
}

/** A key as it stands in a JSON pointer (RFC 6901), cut where it is longer than any field of ours. */
export function pointerOf(key: string): string {
  const short = key.length > 100 ? `${key.slice(0, 100).toWellFormed()}…` : key
  return short.replaceAll('~', '~0').replaceAll('/', '~1')
}
