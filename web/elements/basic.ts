// The small things that pages are made of, as functions that draw them.

import { html, nothing, type TemplateResult } from 'lit'
import { ProblemError } from '../../client/src/index.ts'
import { noteOf, sayProblemIn, skeletonIn, type Drawn } from '../shared/drawings.ts'
import { sayRefusalIn } from '../shared/texts/refusals.ts'
import { t } from '../texts/console.ts'
import { language } from '../texts/language.ts'
import { icon } from './icon.ts'

export { avatar, badge, emptyState, type Tone } from '../shared/drawings.ts'

/** The head of a page: its one heading, and what can be done there. */
export const pageHead = (title: string, actions: Drawn = nothing, back?: string): TemplateResult => html`
  <header class="page-head">
    ${back ? html`<a class="icon-button" href=${back} aria-label=${t.action.back}>${icon('back')}</a>` : nothing}
    <h1 tabindex="-1">${title}</h1>
    <div class="actions">${actions}</div>
  </header>
`

export const skeleton = (rows?: number): TemplateResult => skeletonIn(language, rows)

/** In the reader's language. An address that was mistyped is one at which there is nothing. */
export function sayProblem(error: unknown): string {
  if (!(error instanceof ProblemError) || error.status === 0) return sayProblemIn(language, error)
  const isAddress = error.errors?.some(({ path }) => path.startsWith('/params/'))
  return isAddress ? t.shell.notFoundWhy : sayRefusalIn(language, error)
}

export const problemNote = (error: unknown): Drawn =>
  error === undefined ? nothing : noteOf(sayProblem(error))
