// The small things that pages are made of, as functions that draw them.

import { html, nothing, type TemplateResult } from 'lit'
import { noteOf, sayProblemIn, sayRefusalsBy, skeletonIn, type Drawn } from '../shared/drawings.ts'
import { sayRefusalIn } from '../texts/refusals.ts'
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

/** An address that was mistyped is one at which there is nothing. */
sayRefusalsBy((_, refusal) => {
  const isAddress = refusal.errors?.some(({ path }) => path.startsWith('/params/'))
  return isAddress ? t.shell.notFoundWhy : sayRefusalIn(language, refusal)
})

export const sayProblem = (error: unknown): string => sayProblemIn(language, error)

export const problemNote = (error: unknown): Drawn =>
  error === undefined ? nothing : noteOf(sayProblem(error))
