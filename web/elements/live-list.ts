import type { TemplateResult } from 'lit'
import type { LiveList } from '../../client/src/index.ts'
import { liveLines } from '../shared/live-lines.ts'
import { language } from '../texts/language.ts'

export const liveList = <Item extends { id: string }>(
  list: LiveList<Item> | undefined,
  draw: (item: Item) => unknown,
  empty: TemplateResult,
  name: string,
  choose?: (items: readonly Item[]) => readonly Item[],
): TemplateResult => liveLines(language, { list, draw, empty, name, ...(choose && { choose }) })
