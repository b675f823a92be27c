// Approve or reject, with a note: the same wherever a request waits.

import { html, nothing, type TemplateResult } from 'lit'
import { client, myself, type Approval } from './client.ts'
import { field, Form } from './elements/form.ts'
import { icon } from './elements/icon.ts'
import { modal } from './elements/modal.ts'
import { say } from './elements/toast.ts'
import { Part } from './page.ts'
import { approvalText } from './texts/approval.ts'
import { t } from './texts/console.ts'

type Decision = 'approve' | 'reject'

class Decide extends Part {
  static override properties = { approval: { attribute: false } }
  declare approval: Approval
  #form = new Form(this, { notes: '' })
  #asked: Decision | undefined

  override render(): TemplateResult | typeof nothing {
    if (!mayDecide(this.approval) && this.#asked === undefined) return nothing
    return html`
      <div class="row">
        <button class="primary" @click=${() => this.#ask('approve')}>
          ${icon('check')}${approvalText.approve}
        </button>
        <button @click=${() => this.#ask('reject')}>${approvalText.reject}</button>
      </div>
      ${this.#asked ? this.#drawDialog(this.#asked) : nothing}
    `
  }

  #drawDialog(decision: Decision): TemplateResult {
    const isRejection = decision === 'reject'
    const close = (): void => this.#ask(undefined)
    const form = this.#form
    return modal(
      isRejection ? approvalText.rejectTitle : approvalText.approveTitle,
      html`<form @submit=${this.#submit} novalidate>
        <p class="quiet">${this.approval.subject.title}</p>
        ${field({
          form,
          name: 'notes',
          label: isRejection ? approvalText.reason : approvalText.noteOptional,
          type: 'textarea',
          required: isRejection,
        })}
        ${form.note(['notes'])}
        <div class="dialog-actions">
          <button type="button" @click=${close}>${t.action.cancel}</button>
          <button class=${isRejection ? 'danger' : 'primary'} ?disabled=${form.isBusy}>
            ${isRejection ? approvalText.reject : approvalText.approve}
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
    const path = { id: this.approval.id }
    const decided = await this.#form.submit(({ notes }) => {
      const body = notes.trim() ? { notes } : {}
      return decision === 'approve'
        ? client.api.postApprovalsByIdApprove({ path, body })
        : client.api.postApprovalsByIdReject({ path, body })
    })
    if (!decided) return
    this.#ask(undefined)
    say(decision === 'approve' ? approvalText.approved : approvalText.rejected)
  }
}
customElements.define('bellhop-decide', Decide)

/** Asked of me, or of somebody in whose place I decide, and by me not decided yet. */
export function mayDecide({ status, steps, requesterId, delegate }: Approval): boolean {
  const { id } = myself()
  if (status !== 'PENDING' || requesterId === id) return false
  const open = steps.filter(({ state }) => state === 'open').flatMap(({ deciders }) => deciders)
  return delegate?.id === id || open.some(({ person, decision }) => person.id === id && decision === null)
}
