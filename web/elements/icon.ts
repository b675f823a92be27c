// Line drawings on 24 by 24, in the colour of the text. They repeat what words beside them say, and are hidden from screen readers.

import { html, svg, type TemplateResult } from 'lit'
import type { ConsoleIconName } from '../console-icons.ts'

const DRAWINGS = {
  approvals: svg`<path d="m8.5 12 2.5 2.5 4.500-5M12 3l7.500 3v5.500c0 4.500-3 8-7.500 9.500-4.500-1.500-7.500-5-7.500-9.500V6z"/>`,
  chat: svg`<path d="M4 5h16v11H10l-5 4v-4H4zM8 9.500h8M8 12.500h5"/>`,
  tickets: svg`<path d="M4 7h16v3.500a1.700 1.700 0 0 0 0 3V17H4v-3.500a1.700 1.700 0 0 0 0-3zM14 7v10"/>`,
  bell: svg`<path d="M6 16V11a6 6 0 0 1 12 0v5l1.500 2h-15zM10 20.500h4"/>`,
  plus: svg`<path d="M12 5v14M5 12h14"/>`,
  close: svg`<path d="m6 6 12 12M18 6 6 18"/>`,
  back: svg`<path d="M19 12H5M11 6l-6 6 6 6"/>`,
  send: svg`<path d="M4 12 20 4l-5 16-4-6.500zM11 13.500 20 4"/>`,
  check: svg`<path d="m5 12.500 4.500 4.500L19 7"/>`,
  checks: svg`<path d="m2 12.500 4 4.500 8-10M11 16l1 1 8.500-10"/>`,
  clock: svg`<path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5l3.500 2"/>`,
  alert: svg`<path d="M12 3.500 2.500 20h19zM12 10v4.500M12 17.300v.01"/>`,
  person: svg`<path d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 20.500a8 8 0 0 1 16 0"/>`,
  file: svg`<path d="M6 3h8l4 4v14H6zM14 3v4.500h4"/>`,
  attach: svg`<path d="m20 11-8.500 8.500a5 5 0 0 1-7-7L13 4a3.300 3.300 0 0 1 4.700 4.700l-8.500 8.500a1.700 1.700 0 0 1-2.400-2.400L14 7.500"/>`,
} as const
const all: Record<string, TemplateResult> = { ...DRAWINGS }

export type IconName = keyof typeof DRAWINGS | ConsoleIconName

/** The console brings what no widget draws; what pages of others embed stays small. */
export function addDrawings(more: Readonly<Record<ConsoleIconName, TemplateResult>>): void {
  Object.assign(all, more)
}

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
    ${all[name]}
  </svg>`
