// Approve or reject, with a note: the same wherever a request waits.

import { html, nothing, type TemplateResult } from 'lit'
import { field, Form } from '../elements/form.ts'
import { icon } from '../elements/icon.ts'
import { problemNoteIn } from './drawings.ts'
import { modalIn } from './modal.ts'
import { Part } from './part.ts'
import type { Approval, Place } from './place.ts'
import { approvalTexts } from './texts/approval.ts'
import { commonTexts } from './texts/everywhere.ts'

type Decision = 'approve' | 'reject'

class Decide extends Part {
  static override properties = { place: { attribute: false }, approval: { attribute: false } }
  declare place: Place
  declare approval: Approval
  #form = new Form(this, { notes: '' })
  #asked: Decision | undefined

  override render(): TemplateResult | typeof nothing {
    if (!mayDecide(this.approval, this.place.userId) && this.#asked === undefined) return nothing
    const text = approvalTexts[this.place.language]
    return html`
      <div class="row">
        <button class="primary" @click=${() => this.#ask('approve')}>${icon('check')}${text.approve}</button>
        <button @click=${() => this.#ask('reject')}>${text.reject}</button>
      </div>
      ${this.#asked ? this.#drawDialog(this.#asked) : nothing}
    `
  }

  #drawDialog(decision: Decision): TemplateResult {
    const { language } = this.place
    const text = approvalTexts[language]
    const isRejection = decision === 'reject'
    const close = (): void => this.#ask(undefined)
    const form = this.#form
    return modalIn(
      language,
      isRejection ? text.rejectTitle : text.approveTitle,
      html`<form @submit=${this.#submit} novalidate>
        <p class="quiet">${this.approval.subject.title}</p>
        ${field({
          form,
          name: 'notes',
          label: isRejection ? text.reason : text.noteOptional,
          type: 'textarea',
          required: isRejection,
        })}
        ${problemNoteIn(language, form.problemBeside(['notes']))}
        <div class="dialog-actions">
          <button type="button" @click=${close}>${commonTexts[language].action.cancel}</button>
          <button class=${isRejection ? 'danger' : 'primary'} ?disabled=${form.isBusy}>
            ${isRejection ? text.reject : text.approve}
          </button>
        </div>
      </form>`,
      close,
    )
  }

  #ask(decision: Decision | undefined): void {
    this.#asked = decision
    this.#form.reset()
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const decision = this.#asked
    if (!decision) return
    const { client, language, say } = this.place
    const { api } = client
    const text = approvalTexts[language]
    const path = { id: this.approval.id }
    const decided = await this.#form.submit(({ notes }) => {
      const body = notes.trim() ? { notes } : {}
      return decision === 'approve'
        ? api.postApprovalsByIdApprove({ path, body })
        : api.postApprovalsByIdReject({ path, body })
    })
    if (!decided) return
    this.#ask(undefined)
    say(decision === 'approve' ? text.approved : text.rejected)
  }
}
customElements.define('bellhop-decide', Decide)

/** Asked of me, or of somebody in whose place I decide, and by me not decided yet. */
function mayDecide({ status, steps, requesterId, delegate }: Approval, id: string): boolean {
  if (status !== 'PENDING' || requesterId === id) return false
  const open = steps.filter(({ state }) => state === 'open').flatMap(({ deciders }) => deciders)
  return delegate?.id === id || open.some(({ person, decision }) => person.id === id && decision === null)
}
