// A list that is followed: what stands there while it is read, when it is empty or refused, and how one reads on.

import { html, nothing, type TemplateResult } from 'lit'
import type { LiveList } from '../../client/src/index.ts'
import { t } from '../texts/console.ts'
import { problemNote, skeleton } from './basic.ts'

const PAGE = 50

/** @param choose which of them are shown, where it is not all */
export function liveList<Item>(
  list: LiveList<Item> | undefined,
  draw: (item: Item) => unknown,
  empty: TemplateResult,
  name: string,
  choose?: (items: readonly Item[]) => readonly Item[],
): TemplateResult {
  if (!list || list.status === 'loading') return skeleton()
  if (list.status === 'failed') return html`${problemNote(list.problem)}`
  const items = choose ? choose(list.get()) : list.get()
  if (items.length === 0) return html`<div class="card">${empty}</div>`
  return html`
    <ul class="lines card" aria-label=${name}>
      ${items.map(draw)}
    </ul>
    ${
      items.length % PAGE === 0
        ? html`<button class="more-button" @click=${() => list.more()}>${t.list.more}</button>`
        : nothing
    }
  `
}
