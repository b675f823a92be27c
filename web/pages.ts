// The pages of the console: where they are, who has them, and where they are loaded from, when they are first opened.

import type { TemplateResult } from 'lit'
import { html } from 'lit'
import type { Me } from './client.ts'
import type { IconName } from './elements/icon.ts'
import type { Address } from './router.ts'
import type { SECTIONS } from './sections.ts'
import { t } from './texts/texts.ts'

type Role = Me['role']

export interface PageEntry {
  section: '' | (typeof SECTIONS)[number]
  title: string
  icon: IconName
  /** Everybody, unless given. */
  roles?: readonly Role[]
  load: () => Promise<unknown>
  show: (address: Address) => TemplateResult
}

const PAGES: readonly PageEntry[] = [
  {
    section: '',
    title: t.sections.myDay,
    icon: 'myDay',
    load: () => import('./pages/my-day.ts'),
    show: (address) => html`<bellhop-my-day .address=${address}></bellhop-my-day>`,
  },
]

export const pagesOf = (role: Role): readonly PageEntry[] =>
  PAGES.filter(({ roles }) => roles === undefined || roles.includes(role))
