// Line drawings on 24 by 24, in the colour of the text. They repeat what words beside them say, and are hidden from screen readers.

import { html, svg, type TemplateResult } from 'lit'
import type { ConsoleIconName } from '../console-icons.ts'

const DRAWINGS = {
  approvals: svg`<path d="m8.5 12 2.5 2.5 4.5-5M12 3l7.5 3v5.5c0 4.5-3 8-7.5 9.5-4.5-1.5-7.5-5-7.5-9.5V6z"/>`,
  chat: svg`<path d="M4 5h16v11H10l-5 4v-4H4zM8 9.5h8M8 12.5h5"/>`,
  tickets: svg`<path d="M4 7h16v3.5a1.7 1.7 0 0 0 0 3V17H4v-3.5a1.7 1.7 0 0 0 0-3zM14 7v10"/>`,
  bell: svg`<path d="M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4"/>`,
  plus: svg`<path d="M12 5v14M5 12h14"/>`,
  close: svg`<path d="m6 6 12 12M18 6 6 18"/>`,
  back: svg`<path d="M19 12H5M11 6l-6 6 6 6"/>`,
  send: svg`<path d="M4 12 20 4l-5 16-4-6.5zM11 13.5 20 4"/>`,
  check: svg`<path d="m5 12.5 4.5 4.5L19 7"/>`,
  checks: svg`<path d="m2 12.5 4 4.5 8-10M11 16l1 1 8.5-10"/>`,
  clock: svg`<path d="M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18M12 7v5l3.5 2"/>`,
  alert: svg`<path d="M12 3.5 2.5 20h19zM12 10v4.5M12 17.3v.01"/>`,
  file: svg`<path d="M6 3h8l4 4v14H6zM14 3v4.5h4"/>`,
  attach: svg`<path d="m20 11-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.5 8.5a1.7 1.7 0 0 1-2.4-2.4L14 7.5"/>`,
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
