// People from a file: looked at first, with every problem at its line, and then all of it or nothing.

import { html, nothing, type TemplateResult } from 'lit'
import type { ReplyOf } from '../client/src/index.ts'
import { client } from './client.ts'
import { problemNote } from './elements/basic.ts'
import { closeAround } from './elements/modal.ts'
import { say } from './elements/toast.ts'
import { Part } from './page.ts'
import { peopleText } from './texts/people.ts'

type Report = ReplyOf<'postUsersImport'>

class PeopleImport extends Part {
  #file: Blob | undefined
  #report: Report | undefined
  #problem: unknown
  #invites = false
  #isBusy = false

  override render(): TemplateResult {
    const isReady = this.#report !== undefined && this.#report.problems.length === 0
    return html`<form @submit=${this.#look} novalidate>
      <p class="quiet">${peopleText.importHow}</p>
      <div class="field">
        <label for="people-file">${peopleText.file}</label>
        <input id="people-file" type="file" accept=".csv,text/csv" @change=${this.#choose} />
      </div>
      <label class="check">
        <input
          type="checkbox"
          .checked=${this.#invites}
          @change=${() => {
            this.#invites = !this.#invites
          }}
        />
        ${peopleText.sendInvitations}
      </label>
      ${this.#report ? drawReport(this.#report) : nothing} ${problemNote(this.#problem)}
      <div class="dialog-actions">
        <button ?disabled=${!this.#file || this.#isBusy}>${peopleText.look}</button>
        <button
          type="button"
          class="primary"
          ?disabled=${!isReady || this.#isBusy}
          @click=${() => void this.#send(false)}
        >
          ${peopleText.doIt}
        </button>
      </div>
    </form>`
  }

  #choose = ({ target }: Event): void => {
    const file = target instanceof HTMLInputElement ? target.files?.[0] : undefined
    this.#file = file && new Blob([file], { type: 'text/csv' })
    this.#report = undefined
    this.requestUpdate()
  }

  #look = (event: Event): void => {
    event.preventDefault()
    void this.#send(true)
  }

  async #send(dryRun: boolean): Promise<void> {
    if (!this.#file) return
    this.#isBusy = true
    this.#problem = undefined
    this.requestUpdate()
    try {
      this.#report = await client.api.postUsersImport({
        query: { dryRun, invite: this.#invites },
        body: this.#file,
      })
      if (!dryRun) this.#done(this.#report)
    } catch (error) {
      this.#problem = error
    } finally {
      this.#isBusy = false
      this.requestUpdate()
    }
  }

  #done({ created, changed }: Report): void {
    say(peopleText.done(created, changed))
    closeAround(this)
  }
}
customElements.define('bellhop-people-import', PeopleImport)

function drawReport({ created, changed, unchanged, problems }: Report): TemplateResult {
  if (problems.length === 0)
    return html`<p role="status">${peopleText.wouldDo(created, changed, unchanged)}</p>`
  return html`
    <p class="strong" role="status">${peopleText.problems(problems.length)}</p>
    <div class="table-wrap" tabindex="0" role="region" aria-label=${peopleText.problem}>
      <table>
        <thead>
          <tr>
            <th scope="col">${peopleText.line}</th>
            <th scope="col">${peopleText.field}</th>
            <th scope="col">${peopleText.problem}</th>
          </tr>
        </thead>
        <tbody>
          ${problems.map(
            ({ line, field, message }) =>
              html`<tr>
                <td>${line}</td>
                <td>${field ?? '–'}</td>
                <td>${message}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  `
}
