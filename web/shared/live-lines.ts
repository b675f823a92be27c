// A list that is followed: what stands there while it is read, when it is empty or refused, and how one reads on.
// A line keeps its elements, thus also a dialog in it, when others come before it.

import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { LiveList } from '../../client/src/index.ts'
import { noteOf, sayProblemIn, skeletonIn, type Drawn } from './drawings.ts'
import type { Language } from './language.ts'
import { commonTexts } from './texts/everywhere.ts'

export interface Lines<Item> {
  list: LiveList<Item> | undefined
  draw: (item: Item) => unknown
  empty: TemplateResult
  name: string
  /** Which of them are shown, where it is not all. */
  choose?: (items: readonly Item[]) => readonly Item[]
}

export function liveLines<Item extends { id: string }>(
  language: Language,
  { list, draw, empty, name, choose }: Lines<Item>,
): TemplateResult {
  if (!list || isWaitedFor(list)) return html`${drawWaiting(language, list)}`
  const items = choose ? choose(list.get()) : list.get()
  if (items.length === 0) return html`<div class="card">${empty}</div>`
  return html`
    <ul class="lines card" aria-label=${name}>
      ${repeat(items, ({ id }) => id, draw)}
    </ul>
    ${drawMissing(language, list)}
    ${
      list.hasMore && !list.isMissing
        ? html`<button class="more-button" @click=${() => list.more()}>
            ${commonTexts[language].list.more}
          </button>`
        : nothing
    }
  `
}

type Read = Pick<LiveList<unknown>, 'status' | 'problem' | 'isMissing' | 'reread'> | undefined

/** Nothing of it was read, or may be shown. */
export const isWaitedFor = (list: Read): boolean => !list || ['loading', 'failed'].includes(list.status)

/** What stands there meanwhile. */
export const drawWaiting = (language: Language, list: Read, rows?: number): Drawn =>
  list?.isMissing ? drawMissing(language, list) : skeletonIn(language, rows)

/** What should be there and could not be read, and why. @param what that it is missing, in words */
export const drawMissing = (language: Language, list: Read, what = ''): Drawn =>
  list?.isMissing
    ? drawRetry(language, `${what} ${sayProblemIn(language, list.problem)}`, () => list.reread())
    : nothing

/** What went wrong, and a way to try it again. */
export const drawRetry = (language: Language, problem: string, retry: () => unknown): TemplateResult =>
  html`<div class="stack">
    ${noteOf(problem)}
    <button class="more-button" @click=${retry}>${commonTexts[language].problem.retry}</button>
  </div>`
