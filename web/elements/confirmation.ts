// What cannot be taken back is asked once more, with what becomes of it.

import { html, type TemplateResult } from 'lit'
import { t } from '../texts/console.ts'
import { closeAround, modal } from './modal.ts'
import { pressed } from './pending.ts'

interface Asked {
  title: string
  why: string
  /** What the button says that does it. */
  act: string
  isDanger?: boolean
  /** Shows by itself what is refused. */
  work: () => Promise<unknown>
  close: () => void
}

export const confirmation = ({ title, why, act, isDanger = false, work, close }: Asked): TemplateResult =>
  modal(
    title,
    html`<div class="stack">
      <p>${why}</p>
      <div class="dialog-actions">
        <button type="button" @click=${close}>${t.action.back}</button>
        <button
          class=${isDanger ? 'danger' : 'primary'}
          @click=${pressed(async (button) => {
            await work()
            closeAround(button)
          })}
        >
          ${act}
        </button>
      </div>
    </div>`,
    close,
  )
