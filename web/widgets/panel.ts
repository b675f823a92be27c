// A panel beside the button that opens it; on a phone it comes up from the foot of the screen. Escape closes it.

import { html, type TemplateResult } from 'lit'
import { icon } from '../elements/icon.ts'
import { appeared } from '../shared/appeared.ts'
import type { Language } from '../shared/language.ts'
import { commonTexts } from '../shared/texts/everywhere.ts'

/** The focus goes in when it appears. */
const enter = (element: HTMLElement): void => element.focus()

interface Panel {
  language: Language
  title: string
  body: TemplateResult
  close: () => void
}

/** @param host beside which it stands: to the side where there is room */
export function drawPanel(host: HTMLElement, { language, title, body, close }: Panel): TemplateResult {
  const { left, right } = host.getBoundingClientRect()
  const side = (left + right) / 2 < innerWidth / 2 ? 'start' : 'end'
  const pressed = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') close()
  }
  return html`
    <section
      class="panel"
      part="panel"
      role="dialog"
      aria-label=${title}
      tabindex="-1"
      data-side=${side}
      @keydown=${pressed}
      ${appeared(enter)}
    >
      <header class="dialog-head">
        <h2>${title}</h2>
        <button class="icon-button" aria-label=${commonTexts[language].action.close} @click=${close}>
          ${icon('close')}
        </button>
      </header>
      ${body}
    </section>
  `
}
