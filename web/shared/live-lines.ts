// A list that is followed: what stands there while it is read, when it is empty or refused, and how one reads on.
// A line keeps its elements, thus also a dialog in it, when others come before it.

import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import type { LiveList } from '../../client/src/index.ts'
import { problemNoteIn, skeletonIn } from './drawings.ts'
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
  if (!list || list.status === 'loading') return skeletonIn(language)
  if (list.status === 'failed') return html`${problemNoteIn(language, list.problem)}`
  const items = choose ? choose(list.get()) : list.get()
  if (items.length === 0) return html`<div class="card">${empty}</div>`
  return html`
    <ul class="lines card" aria-label=${name}>
      ${repeat(items, ({ id }) => id, draw)}
    </ul>
    ${
      list.hasMore
        ? html`<button class="more-button" @click=${() => list.more()}>
            ${commonTexts[language].list.more}
          </button>`
        : nothing
    }
  `
}
