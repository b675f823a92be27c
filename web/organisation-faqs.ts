// What the desk answers by itself, and beside it what it would answer to a text.

import { html, nothing, type TemplateResult } from 'lit'
import type { ReplyOf } from '../client/src/index.ts'
import { client, ownDraft } from './client.ts'
import { badge, emptyState, problemNote } from './elements/basic.ts'
import { field, Form } from './elements/form.ts'
import { icon } from './elements/icon.ts'
import { liveList } from './elements/live-list.ts'
import { modal } from './elements/modal.ts'
import { say } from './elements/toast.ts'
import { attempt } from './loaded.ts'
import { Followed, Part } from './page.ts'
import { t } from './texts/console.ts'
import { organisationText } from './texts/organisation.ts'

type Faq = ReplyOf<'getChatFaqs'>[number]
type Match = ReplyOf<'postChatFaqsMatch'>[number]
const FIELDS = ['question', 'answer', 'keywords', 'confidenceThreshold'] as const
const EMPTY = { question: '', answer: '', keywords: '', confidenceThreshold: '70' }
const TONES = { answered: 'good', offered: 'wait', left: 'neutral' } as const

class OrganisationFaqs extends Part {
  readonly #faqs = new Followed(this, () => client.live.faqs())
  readonly #match = new Form(this, { text: '' })
  #form = new Form(this, EMPTY, ownDraft('faq'))
  #edited: Faq | 'new' | undefined
  #matches: readonly Match[] | undefined

  override render(): TemplateResult {
    return html`<div class="beside">
      <section class="stack">
        <p>
          <button class="primary" @click=${() => this.#edit('new')}>
            ${icon('plus')}${organisationText.addFaq}
          </button>
        </p>
        ${liveList(
          this.#faqs.list,
          (faq) => this.#drawFaq(faq),
          emptyState('chat', organisationText.noFaqs, organisationText.noFaqsWhy),
          organisationText.tabs.faqs,
        )}
      </section>
      <section class="card padded stack">
        <h2>${organisationText.match}</h2>
        <form @submit=${this.#ask} novalidate>
          ${field({ form: this.#match, name: 'text', label: organisationText.matchHint, type: 'textarea' })}
          ${problemNote(this.#match.problemBeside(['text']))}
          <div class="dialog-actions">
            <button ?disabled=${this.#match.isBusy}>${organisationText.match}</button>
          </div>
        </form>
        ${this.#matches ? drawMatches(this.#matches) : nothing}
      </section>
      ${
        this.#edited
          ? modal(
              this.#edited === 'new' ? organisationText.addFaq : organisationText.editFaq,
              this.#drawForm(this.#edited),
              () => this.#edit(undefined),
            )
          : nothing
      }
    </div>`
  }

  #drawFaq(faq: Faq): TemplateResult {
    return html`<li>
      <button class="line" @click=${() => this.#edit(faq)}>
        <span class="line-main">
          <span class="strong">${faq.question}</span>
          <span class="quiet clip">${faq.answer}</span>
        </span>
        <span class="quiet">${organisationText.used(faq.usageCount)}</span>
      </button>
    </li>`
  }

  #drawForm(edited: Faq | 'new'): TemplateResult {
    const form = this.#form
    return html`<form @submit=${this.#save} novalidate>
      ${field({ form, name: 'question', label: organisationText.question, required: true })}
      ${field({ form, name: 'answer', label: organisationText.answer, type: 'textarea', required: true })}
      ${field({ form, name: 'keywords', label: organisationText.keywords })}
      ${field({ form, name: 'confidenceThreshold', label: organisationText.threshold, type: 'number', min: '0' })}
      ${problemNote(form.problemBeside(FIELDS))}
      <div class="dialog-actions">
        ${edited === 'new' ? nothing : html`<button type="button" class="danger" @click=${() => this.#remove(edited)}>${organisationText.remove}</button>`}
        <button class="primary" ?disabled=${form.isBusy}>${t.action.save}</button>
      </div>
    </form>`
  }

  #edit(edited: Faq | 'new' | undefined): void {
    this.#edited = edited
    if (edited === 'new') this.#form = new Form(this, EMPTY, ownDraft('faq'))
    else if (edited) this.#form = new Form(this, textOf(edited))
    this.requestUpdate()
  }

  #save = async (event: Event): Promise<void> => {
    event.preventDefault()
    const edited = this.#edited
    const form = this.#form
    const saved = await form.submit(({ keywords, confidenceThreshold, ...words }) => {
      const body = {
        ...words,
        keywords: keywords
          .split(',')
          .map((word) => word.trim())
          .filter(Boolean),
        confidenceThreshold: Number(confidenceThreshold),
      }
      if (edited === 'new' || !edited) return client.api.postChatFaqs({ body })
      return client.api.putChatFaqsById({
        path: { id: edited.id },
        header: { 'If-Match': `"${edited.version}"` },
        body,
      })
    })
    if (!saved) return
    form.reset()
    if (this.#edited === edited) this.#edit(undefined)
    say(organisationText.saved)
  }

  async #remove(faq: Faq): Promise<void> {
    const { id, question, answer, keywords, confidenceThreshold } = faq
    const body = { question, answer, keywords, confidenceThreshold }
    const isRemoved = await attempt(
      () => client.api.deleteChatFaqsById({ path: { id } }),
      organisationText.removed,
      () => client.api.postChatFaqs({ body }),
    )
    if (isRemoved && this.#edited === faq) this.#edit(undefined)
  }

  #ask = async (event: Event): Promise<void> => {
    event.preventDefault()
    this.#matches = await this.#match.submit((body) => client.api.postChatFaqsMatch({ body }))
    this.requestUpdate()
  }
}
customElements.define('bellhop-organisation-faqs', OrganisationFaqs)

const textOf = ({ question, answer, keywords, confidenceThreshold }: Faq): typeof EMPTY => ({
  question,
  answer,
  keywords: keywords.join(', '),
  confidenceThreshold: String(confidenceThreshold),
})

const drawMatches = (matches: readonly Match[]): TemplateResult =>
  matches.length === 0
    ? html`<p class="quiet" role="status">${organisationText.noMatch}</p>`
    : html`<div role="status">
        <ul class="stack">
          ${matches.map(
            ({ question, score, outcome }) =>
              html`<li class="row">
                ${badge(organisationText.outcome[outcome], TONES[outcome])}
                <span>${question}</span> <span class="quiet">${Math.round(score)}</span>
              </li>`,
          )}
        </ul>
      </div>`
