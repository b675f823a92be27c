// Line drawings on 24 by 24, in the colour of the text. They repeat what words beside them say, and are hidden from screen readers.

import { html, svg, type TemplateResult } from 'lit'

const DRAWINGS = {
  myDay: svg`<path d="M3 11.5 12 4l9 7.5M5.5 10v10h13V10M10 20v-6h4v6"/>`,
  bookings: svg`<path d="M4 16v-4l2-5.5A2 2 0 0 1 7.9 5h8.2a2 2 0 0 1 1.9 1.5L20 12v4M4 12h16M4 16h16v3h-3v-2H7v2H4zM7.5 14h.01M16.5 14h.01"/>`,
  approvals: svg`<path d="m8.5 12 2.5 2.5 4.500-5M12 3l7.500 3v5.500c0 4.500-3 8-7.500 9.500-4.500-1.500-7.500-5-7.500-9.500V6z"/>`,
  chat: svg`<path d="M4 5h16v11H10l-5 4v-4H4zM8 9.500h8M8 12.500h5"/>`,
  desk: svg`<path d="M4 14v-2a8 8 0 0 1 16 0v2M4 14h3v5H5a1 1 0 0 1-1-1zM20 14h-3v5h2a1 1 0 0 0 1-1z"/>`,
  tickets: svg`<path d="M4 7h16v3.500a1.700 1.700 0 0 0 0 3V17H4v-3.500a1.700 1.700 0 0 0 0-3zM14 7v10"/>`,
  people: svg`<path d="M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7M2.500 20a6.500 6.500 0 0 1 13 0M16 4.500a3.500 3.500 0 0 1 0 6M18 14.500a6.500 6.500 0 0 1 3.500 5.500"/>`,
  organisation: svg`<path d="M4 20V5l8-2v17M12 8l8 2v10M2.500 20h19M7 8h2M7 12h2M7 16h2M15 13h2M15 16.500h2"/>`,
  programs: svg`<path d="m8 8-4.500 4L8 16M16 8l4.500 4-4.500 4M13.500 5l-3 14"/>`,
  audit: svg`<path d="M6 3h9l4 4v14H6zM14.500 3v4.500H19M9 12h7M9 15.500h7"/>`,
  operations: svg`<path d="M3 12h4l2.500-7 5 14 2.500-7h4"/>`,
  bell: svg`<path d="M6 16V11a6 6 0 0 1 12 0v5l1.500 2h-15zM10 20.500h4"/>`,
  search: svg`<path d="M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14M16 16l4.500 4.500"/>`,
  more: svg`<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3"/>`,
  plus: svg`<path d="M12 5v14M5 12h14"/>`,
  close: svg`<path d="m6 6 12 12M18 6 6 18"/>`,
  back: svg`<path d="M19 12H5M11 6l-6 6 6 6"/>`,
  next: svg`<path d="m9 5 7 7-7 7"/>`,
  previous: svg`<path d="m15 5-7 7 7 7"/>`,
  send: svg`<path d="M4 12 20 4l-5 16-4-6.500zM11 13.500 20 4"/>`,
  check: svg`<path d="m5 12.500 4.500 4.500L19 7"/>`,
  checks: svg`<path d="m2 12.500 4 4.500 8-10M11 16l1 1 8.500-10"/>`,
  clock: svg`<path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5l3.500 2"/>`,
  alert: svg`<path d="M12 3.500 2.500 20h19zM12 10v4.500M12 17.300v.01"/>`,
  person: svg`<path d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 20.500a8 8 0 0 1 16 0"/>`,
  file: svg`<path d="M6 3h8l4 4v14H6zM14 3v4.500h4"/>`,
  attach: svg`<path d="m20 11-8.500 8.500a5 5 0 0 1-7-7L13 4a3.300 3.300 0 0 1 4.700 4.700l-8.500 8.500a1.700 1.700 0 0 1-2.400-2.400L14 7.500"/>`,
  calendar: svg`<path d="M4 6h16v14H4zM4 10.500h16M8.500 3.500V7M15.500 3.500V7"/>`,
} as const

export type IconName = keyof typeof DRAWINGS

export const icon = (name: IconName): TemplateResult =>
  html`<svg
    class="icon"
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    stroke-width="1.8"
    stroke-linecap="round"
    stroke-linejoin="round"
    aria-hidden="true"
  >
    ${DRAWINGS[name]}
  </svg>`
