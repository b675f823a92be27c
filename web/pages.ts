// The pages of the console: where they are, who has them, and where they are loaded from, when they are first opened.

import type { TemplateResult } from 'lit'
import { html } from 'lit'
import type { Me } from './client.ts'
import type { IconName } from './elements/icon.ts'
import type { Address } from './router.ts'
import type { SECTIONS } from './sections.ts'
import { t } from './texts/console.ts'

type Role = Me['role']

const HOUSE = ['ADMIN', 'SUPERVISOR', 'OWNER', 'STAFF', 'EMPLOYEE', 'DRIVER'] as const
const MEMBERS = [...HOUSE, 'CUSTOMER'] as const

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
  {
    section: 'bookings',
    title: t.sections.bookings,
    icon: 'bookings',
    roles: MEMBERS,
    load: () => import('./pages/bookings.ts'),
    show: (address) => html`<bellhop-bookings-page .address=${address}></bellhop-bookings-page>`,
  },
  {
    section: 'approvals',
    title: t.sections.approvals,
    icon: 'approvals',
    roles: HOUSE,
    load: () => import('./pages/approvals.ts'),
    show: (address) => html`<bellhop-approvals-page .address=${address}></bellhop-approvals-page>`,
  },
  {
    section: 'chat',
    title: t.sections.chat,
    icon: 'chat',
    load: () => import('./pages/chat.ts'),
    show: (address) => html`<bellhop-chat-page .address=${address}></bellhop-chat-page>`,
  },
]

export const pagesOf = (role: Role): readonly PageEntry[] =>
  PAGES.filter(({ roles }) => roles === undefined || roles.includes(role))
