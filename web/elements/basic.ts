// The small things that pages are made of, as functions that draw them.

import { html, nothing, type TemplateResult } from 'lit'
import { ProblemError } from '../../client/src/index.ts'
import { t } from '../texts/console.ts'
import { icon, type IconName } from './icon.ts'

type Drawn = TemplateResult | typeof nothing

/** The head of a page: its one heading, and what can be done there. */
export const pageHead = (title: string, actions: Drawn = nothing, back?: string): TemplateResult => html`
  <header class="page-head">
    ${back ? html`<a class="icon-button" href=${back} aria-label=${t.action.back}>${icon('back')}</a>` : nothing}
    <h1 tabindex="-1">${title}</h1>
    <div class="actions">${actions}</div>
  </header>
`

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
export const skeleton = (rows = 3): TemplateResult => html`
  <div class="skeleton" role="status" aria-label=${t.list.loading}>
    ${Array.from({ length: rows }, () => html`<div class="skeleton-row"></div>`)}
  </div>
`

/** What is said of a problem, in the reader's language where it is one of ours. */
export function sayProblem(error: unknown): string {
  if (!(error instanceof ProblemError)) return t.problem.unexpected
  return error.status === 0 ? t.problem.unreachable : error.detail
}

export const problemNote = (error: unknown): Drawn =>
  error === undefined
    ? nothing
    : html`<p class="problem" role="alert">${icon('alert')} <span>${sayProblem(error)}</span></p>`

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
