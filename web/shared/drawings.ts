// The small things that faces are made of, as functions that draw them.

import { html, nothing, type TemplateResult } from 'lit'
import { ProblemError } from '../../client/src/index.ts'
import { icon, type IconName } from '../elements/icon.ts'
import type { Language } from './language.ts'
import { commonTexts } from './texts/everywhere.ts'

export type Drawn = TemplateResult | typeof nothing

/** What stands where a list would be, and what to do about it. */
export const emptyState = (
  drawing: IconName,
  title: string,
  why: string,
  action: Drawn = nothing,
): TemplateResult => html`
  <div class="empty">
    <span class="empty-icon">${icon(drawing)}</span>
    <p class="empty-title">${title}</p>
    <p class="quiet">${why}</p>
    ${action}
  </div>
`

export type Tone = 'neutral' | 'wait' | 'good' | 'bad' | 'accent'

export const badge = (text: string, tone: Tone = 'neutral'): TemplateResult =>
  html`<span class="badge" data-tone=${tone}>${text}</span>`

/** As large as what will stand there, so that nothing moves when it comes. */
export const skeletonIn = (language: Language, rows = 3): TemplateResult => html`
  <div class="skeleton" role="status" aria-label=${commonTexts[language].list.loading}>
    ${Array.from({ length: rows }, () => html`<div class="skeleton-row"></div>`)}
  </div>
`

type Refusal = Pick<ProblemError, 'code' | 'detail'> & Partial<Pick<ProblemError, 'errors'>>
type SayRefusal = (language: Language, refusal: Refusal) => string

/** As the server says it, unless there are better words. */
const words: { say: SayRefusal } = { say: (_, { detail }) => detail }

/** The console brings words of its own for what is refused; what pages of others embed stays small. */
export function sayRefusalsBy(say: SayRefusal): void {
  words.say = say
}

export const sayRefusal: SayRefusal = (language, refusal) => words.say(language, refusal)

/** What is said of a problem, in the reader's language where it is one of ours. */
export function sayProblemIn(language: Language, error: unknown): string {
  const { unexpected, unreachable } = commonTexts[language].problem
  if (!(error instanceof ProblemError)) return unexpected
  return error.status === 0 ? unreachable : words.say(language, error)
}

export const noteOf = (problem: string): TemplateResult =>
  html`<p class="problem" role="alert">${icon('alert')} <span>${problem}</span></p>`

export const problemNoteIn = (language: Language, error: unknown): Drawn =>
  error === undefined ? nothing : noteOf(sayProblemIn(language, error))

/** First letters of the first and the last word of a name. */
function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/)
  return [words[0], words.length > 1 ? words.at(-1) : '']
    .map((word) => word?.charAt(0) ?? '')
    .join('')
    .toUpperCase()
}

/** Drawn by the styles: the name stands beside it. */
export const avatar = (name: string): TemplateResult =>
  html`<span class="avatar" aria-hidden="true" data-initials=${initialsOf(name)}></span>`

/** Names and values beside each other; what has no value is left out. */
export const facts = (all: readonly (readonly [string, unknown])[]): TemplateResult => html`
  <dl class="facts">
    ${all.map(([name, value]) =>
      value === null || value === undefined || value === '' || value === nothing
        ? nothing
        : html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
    )}
  </dl>
`
