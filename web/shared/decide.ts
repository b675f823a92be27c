// Approve or reject, with a note: the same wherever a request waits. What changes while somebody decides is shown first.

import { html, nothing, type TemplateResult } from 'lit'
import { ProblemError } from '../../client/src/index.ts'
import { field, Form } from '../elements/form.ts'
import { icon } from '../elements/icon.ts'
import { facts, noteOf, problemNoteIn } from './drawings.ts'
import type { Language } from './language.ts'
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
  /** What the person had before them when they pressed. */
  #seen: Approval | undefined
  /** As the server has it, where it said that something else was seen. */
  #read: Approval | undefined

  override render(): TemplateResult | typeof nothing {
    if (!mayDecide(this.approval, this.place.userId) && this.#asked === undefined) return nothing
    const text = approvalTexts[this.place.language]
    return html`
      <div class="row">
        <button class="primary" @click=${() => this.#ask('approve')}>${icon('check')}${text.approve}</button>
        <button @click=${() => this.#ask('reject')}>${text.reject}</button>
      </div>
      ${this.#asked && this.#seen ? this.#drawDialog(this.#asked, this.#seen) : nothing}
    `
  }

  #drawDialog(decision: Decision, seen: Approval): TemplateResult {
    const { language } = this.place
    const now = this.#newest()
    const text = approvalTexts[language]
    const isRejection = decision === 'reject'
    const close = (): void => this.#ask(undefined)
    const form = this.#form
    return modalIn(
      language,
      isRejection ? text.rejectTitle : text.approveTitle,
      html`<form @submit=${this.#submit} novalidate>
        <p class="quiet">${now.subject.title}</p>
        ${field({
          form,
          name: 'notes',
          label: isRejection ? text.reason : text.noteOptional,
          type: 'textarea',
          required: isRejection,
        })}
        ${problemNoteIn(language, form.problemBeside(['notes']))}
        ${now.version === seen.version ? nothing : drawChange(language, seen, now)}
        <div class="dialog-actions">
          <button type="button" @click=${close}>${commonTexts[language].action.cancel}</button>
          ${
            now.version === seen.version
              ? html`<button class=${isRejection ? 'danger' : 'primary'} ?disabled=${form.isBusy}>
                  ${isRejection ? text.reject : text.approve}
                </button>`
              : html`<button type="button" @click=${() => this.#see(now)}>${text.goOn}</button>`
          }
        </div>
      </form>`,
      close,
    )
  }

  #ask(decision: Decision | undefined): void {
    this.#asked = decision
    this.#seen = undefined
    if (decision) this.#seen = this.#newest()
    this.#form.reset()
  }

  #see(approval: Approval): void {
    this.#seen = approval
    this.requestUpdate()
  }

  /** Of the request for which the dialog was opened, also where another one is given meanwhile. */
  #newest(): Approval {
    let newest = this.#seen ?? this.approval
    for (const each of [this.approval, this.#read])
      if (each?.id === newest.id && each.version > newest.version) newest = each
    return newest
  }

  #submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const [decision, seen] = [this.#asked, this.#seen]
    if (!decision || seen?.version !== this.#newest().version) return
    const { language, say } = this.place
    const text = approvalTexts[language]
    if (!(await this.#form.submit(({ notes }) => this.#decide(decision, seen, notes)))) return
    this.#ask(undefined)
    say(decision === 'approve' ? text.approved : text.rejected)
  }

  /** @returns undefined: it has changed since it was seen, which is drawn */
  async #decide(decision: Decision, { id, version }: Approval, notes: string): Promise<Approval | undefined> {
    const { api } = this.place.client
    const input = {
      path: { id },
      header: { 'If-Match': `"${version}"` },
      body: notes.trim() ? { notes } : {},
    }
    try {
      return await (decision === 'approve'
        ? api.postApprovalsByIdApprove(input)
        : api.postApprovalsByIdReject(input))
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 412) throw error
      this.#read = await api.getApprovalsById({ path: { id } })
      return undefined
    }
  }
}
customElements.define('bellhop-decide', Decide)

/** Of what is decided on: what it was, and what it is. */
function drawChange(language: Language, before: Approval, now: Approval): TemplateResult {
  const valuesOf = ({ subject }: Approval): Map<string, string> =>
    new Map(subject.fields.map(({ label, value }) => [label, value]))
  const [was, is] = [valuesOf(before), valuesOf(now)]
  const changed = [...new Set([...was.keys(), ...is.keys()])].filter(
    (label) => was.get(label) !== is.get(label),
  )
  return html`${noteOf(approvalTexts[language].changed)}
  ${facts(changed.map((label) => [label, `${was.get(label) ?? '–'} → ${is.get(label) ?? '–'}`]))}`
}

/** Asked of me, or of somebody in whose place I decide, and by me not decided yet. */
function mayDecide({ status, steps, requesterId, delegate }: Approval, id: string): boolean {
  if (status !== 'PENDING' || requesterId === id) return false
  const open = steps.filter(({ state }) => state === 'open').flatMap(({ deciders }) => deciders)
  return delegate?.id === id || open.some(({ person, decision }) => person.id === id && decision === null)
}
