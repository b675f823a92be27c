// A secret that is shown once, with a way to take it along.

import { html, type TemplateResult } from 'lit'
import { programsText } from '../texts/programs.ts'
import { say } from './toast.ts'

export const secretNote = (title: string, secret: string): TemplateResult => html`
  <div class="stack">
    <p class="strong">${title}</p>
    <code class="secret">${secret}</code>
    <p class="quiet">${programsText.shownOnce}</p>
    <div class="dialog-actions">
      <button class="primary" @click=${() => void copy(secret)}>${programsText.copy}</button>
    </div>
  </div>
`

/** Where the browser does not let us, it stands there to be marked. */
async function copy(text: string): Promise<void> {
  await navigator.clipboard.writeText(text).then(
    () => say(programsText.copied),
    () => undefined,
  )
}
