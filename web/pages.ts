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
const STAFF = ['ADMIN', 'SUPERVISOR', 'OWNER', 'STAFF'] as const
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
  {
    section: 'desk',
    title: t.sections.desk,
    icon: 'desk',
    roles: STAFF,
    load: () => import('./pages/desk.ts'),
    show: (address) => html`<bellhop-desk-page .address=${address}></bellhop-desk-page>`,
  },
  {
    section: 'tickets',
    title: t.sections.tickets,
    icon: 'tickets',
    roles: MEMBERS,
    load: () => import('./pages/tickets.ts'),
    show: (address) => html`<bellhop-tickets-page .address=${address}></bellhop-tickets-page>`,
  },
  {
    section: 'people',
    title: t.sections.people,
    icon: 'people',
    roles: HOUSE,
    load: () => import('./pages/people.ts'),
    show: (address) => html`<bellhop-people-page .address=${address}></bellhop-people-page>`,
  },
  {
    section: 'organisation',
    title: t.sections.organisation,
    icon: 'organisation',
    roles: STAFF,
    load: () => import('./pages/organisation.ts'),
    show: (address) => html`<bellhop-organisation-page .address=${address}></bellhop-organisation-page>`,
  },
  {
    section: 'programs',
    title: t.sections.programs,
    icon: 'programs',
    roles: ['ADMIN'],
    load: () => import('./pages/programs.ts'),
    show: (address) => html`<bellhop-programs-page .address=${address}></bellhop-programs-page>`,
  },
  {
    section: 'audit',
    title: t.sections.audit,
    icon: 'audit',
    roles: ['ADMIN'],
    load: () => import('./pages/audit.ts'),
    show: (address) => html`<bellhop-audit-page .address=${address}></bellhop-audit-page>`,
  },
  {
    section: 'operations',
    title: t.sections.operations,
    icon: 'operations',
    roles: ['ADMIN', 'SUPERVISOR'],
    load: () => import('./pages/operations.ts'),
    show: (address) => html`<bellhop-operations-page .address=${address}></bellhop-operations-page>`,
  },
]

export const pagesOf = (role: Role): readonly PageEntry[] =>
  PAGES.filter(({ roles }) => roles === undefined || roles.includes(role))
