// Line drawings that only the console shows, beside those of elements/icon.ts.

import { svg } from 'lit'

export const CONSOLE_DRAWINGS = {
  myDay: svg`<path d="M3 11.5 12 4l9 7.5M5.5 10v10h13V10M10 20v-6h4v6"/>`,
  bookings: svg`<path d="M4 16v-4l2-5.5A2 2 0 0 1 7.9 5h8.2a2 2 0 0 1 1.9 1.5L20 12v4M4 12h16M4 16h16v3h-3v-2H7v2H4zM7.5 14h.01M16.5 14h.01"/>`,
  desk: svg`<path d="M4 14v-2a8 8 0 0 1 16 0v2M4 14h3v5H5a1 1 0 0 1-1-1zM20 14h-3v5h2a1 1 0 0 0 1-1z"/>`,
  person: svg`<path d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4 20.5a8 8 0 0 1 16 0"/>`,
  people: svg`<path d="M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6M18 14.5a6.5 6.5 0 0 1 3.5 5.5"/>`,
  organisation: svg`<path d="M4 20V5l8-2v17M12 8l8 2v10M2.5 20h19M7 8h2M7 12h2M7 16h2M15 13h2M15 16.5h2"/>`,
  programs: svg`<path d="m8 8-4.5 4L8 16M16 8l4.5 4-4.5 4M13.5 5l-3 14"/>`,
  audit: svg`<path d="M6 3h9l4 4v14H6zM14.5 3v4.5H19M9 12h7M9 15.5h7"/>`,
  operations: svg`<path d="M3 12h4l2.5-7 5 14 2.5-7h4"/>`,
  search: svg`<path d="M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14M16 16l4.5 4.5"/>`,
  more: svg`<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3"/>`,
  next: svg`<path d="m9 5 7 7-7 7"/>`,
  previous: svg`<path d="m15 5-7 7 7 7"/>`,
  calendar: svg`<path d="M4 6h16v14H4zM4 10.5h16M8.5 3.5V7M15.5 3.5V7"/>`,
}

export type ConsoleIconName = keyof typeof CONSOLE_DRAWINGS
