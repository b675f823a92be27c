// Webhooks: where an organisation's own systems hear of facts; tried out, and sent again what failed.

import { html, nothing, type TemplateResult } from 'lit'
import type { ReplyOf } from '../client/src/index.ts'
import { client, ownDraft } from './client.ts'
import { badge, emptyState, problemNote, skeleton, type Tone } from './elements/basic.ts'
import { confirmation } from './elements/confirmation.ts'
import { field, Form } from './elements/form.ts'
import { icon } from './elements/icon.ts'
import { tick } from './elements/inputs.ts'
import { closeAround, modal } from './elements/modal.ts'
import { pressed } from './elements/pending.ts'
import { problemLines } from './elements/problem-lines.ts'
import { secretNote } from './elements/secret.ts'
import { ago } from './elements/time.ts'
import { say } from './elements/toast.ts'
import { attempt, Loaded } from './loaded.ts'
import { Part } from './page.ts'
import { t } from './texts/console.ts'
import { programsText } from './texts/programs.ts'

type Webhook = ReplyOf<'getWebhooks'>[number]
type Delivery = ReplyOf<'getWebhooksByIdFacts'>[number]
const TONES: Readonly<Record<Delivery['status'], Tone>> = {
  PENDING: 'wait',
  SENT: 'good',
  DELIVERED: 'good',
  FAILED: 'bad',
  SKIPPED: 'neutral',
}

class ProgramsWebhooks extends Part {
  readonly #webhooks = new Loaded(this, () => client.api.getWebhooks(), ['webhook'])
  readonly #facts = new Loaded(this, readFacts)
  readonly #form = new Form(this, { url: '' }, ownDraft('webhook'))
  /** Of nothing chosen it hears all. */
  #events = new Set<string>()
  #isNew = false
  #secret: string | undefined
  #opened: { webhook: Webhook; facts: readonly Delivery[] } | undefined
  /** Whether it is to be removed is asked. */
  #removed: Webhook | undefined

  override render(): TemplateResult {
    const { value, problem } = this.#webhooks
    if (!value) return problem === undefined ? skeleton() : html`${problemNote(problem)}`
    return html`<div class="stack">
      <p>
        <button class="primary" @click=${() => this.#show(true)}>
          ${icon('plus')}${programsText.addWebhook}
        </button>
      </p>
      ${
        value.length === 0
          ? html`<div class="card">
              ${emptyState('programs', programsText.noWebhooks, programsText.noWebhooksWhy)}
            </div>`
          : html`<ul class="lines card" aria-label=${programsText.tabs.webhooks}>
              ${value.map((webhook) => this.#drawWebhook(webhook))}
            </ul>`
      }
      ${this.#drawDialog()}
    </div>`
  }

  #drawWebhook(webhook: Webhook): TemplateResult {
    const { url, events, channel, disabledAt, failingSince } = webhook
    return html`<li>
      <button class="line" @click=${() => this.#open(webhook)}>
        <span class="line-main">
          <span class="strong clip">${url}</span>
          <span class="quiet">${events?.join(' ') ?? channel}</span>
        </span>
        <span class="line-side">
          ${failingSince ? html`<span class="quiet">${programsText.failing} ${ago(failingSince)}</span>` : nothing}
          ${disabledAt ? badge(programsText.disabled, 'bad') : badge(programsText.works, 'good')}
        </span>
      </button>
    </li>`
  }

  #drawDialog(): TemplateResult | typeof nothing {
    const close = (): void => this.#show(false)
    if (this.#secret !== undefined)
      return modal(programsText.addWebhook, secretNote(programsText.secretMade, this.#secret), close)
    const removed = this.#removed
    if (removed)
      return confirmation({
        title: programsText.removeTitle(new URL(removed.url).host),
        why: programsText.removeWhy,
        act: programsText.remove,
        isDanger: true,
        work: () =>
          this.#do(() => client.api.deleteWebhooksById({ path: { id: removed.id } }), programsText.removed),
        close,
      })
    if (this.#opened) return modal(this.#opened.webhook.url, this.#drawOpened(this.#opened), close)
    return this.#isNew ? modal(programsText.addWebhook, this.#drawForm(close), close) : nothing
  }

  #drawForm(close: () => void): TemplateResult {
    const form = this.#form
    return html`<form @submit=${this.#make} novalidate>
      ${field({ form, name: 'url', label: programsText.url, required: true })}
      <fieldset class="scopes">
        <legend>${programsText.events}</legend>
        <p class="hint">${programsText.eventsHint}</p>
        ${problemNote(this.#facts.problem)}
        ${this.#facts.value?.map((fact) => tick(fact, this.#events.has(fact), (isOn) => this.#hear(fact, isOn)))}
      </fieldset>
      ${form.problemAt('url') ? nothing : problemLines(form.problem)}
      <div class="dialog-actions">
        <button type="button" @click=${close}>${t.action.cancel}</button>
        <button class="primary" ?disabled=${form.isBusy}>${programsText.addWebhook}</button>
      </div>
    </form>`
  }

  #drawOpened({ webhook, facts }: { webhook: Webhook; facts: readonly Delivery[] }): TemplateResult {
    const path = { id: webhook.id }
    const turn = (isEnabled: boolean) => (): Promise<unknown> =>
      client.api.patchWebhooksById({ path, body: { isEnabled } }).then(() => this.#webhooks.reload())
    const isOff = webhook.disabledAt !== null
    const done = isOff ? programsText.enabled : programsText.turnedOff
    return html`<div class="stack">
      <div class="row">
        ${
          webhook.events
            ? html`<button
                @click=${this.#doAndClose(() => client.api.postWebhooksByIdTest({ path }), programsText.tested)}
              >
                ${programsText.test}
              </button>`
            : nothing
        }
        <button @click=${this.#doAndClose(() => replay(webhook))}>${programsText.replay}</button>
        <button @click=${this.#doAndClose(turn(isOff), done, turn(!isOff))}>
          ${isOff ? programsText.enable : programsText.turnOff}
        </button>
        <button class="danger" @click=${() => this.#ask(webhook)}>${programsText.remove}</button>
      </div>
      ${webhook.disabledReason ? html`<p class="problem">${webhook.disabledReason}</p>` : nothing}
      <h3>${programsText.deliveries}</h3>
      ${
        facts.length === 0
          ? html`<p class="quiet">${programsText.noDeliveries}</p>`
          : html`<ul class="stack">
              ${facts.map(drawDelivery)}
            </ul>`
      }
    </div>`
  }

  #ask(webhook: Webhook): void {
    this.#removed = webhook
    this.requestUpdate()
  }

  #hear(fact: string, isOn: boolean): void {
    if (isOn) this.#events.add(fact)
    else this.#events.delete(fact)
    this.requestUpdate()
  }

  #show(isNew: boolean): void {
    this.#isNew = isNew
    this.#secret = undefined
    this.#opened = undefined
    this.#removed = undefined
    this.requestUpdate()
  }

  async #open(webhook: Webhook): Promise<void> {
    await attempt(async () => {
      const facts = await client.api.getWebhooksByIdFacts({ path: { id: webhook.id }, query: { limit: 20 } })
      this.#opened = { webhook, facts }
      this.requestUpdate()
    })
  }

  #make = async (event: Event): Promise<void> => {
    event.preventDefault()
    const events = this.#events.size > 0 ? [...this.#events] : ['*']
    const made = await this.#form.submit(({ url }) => client.api.postWebhooks({ body: { url, events } }))
    if (!made) return
    this.#form.reset()
    this.#events.clear()
    this.#secret = made.secret
    await this.#webhooks.reload()
  }

  #doAndClose(...deed: Parameters<typeof attempt>): (event: Event) => Promise<void> {
    return pressed(async (button) => {
      if (await this.#do(...deed)) closeAround(button)
    })
  }

  async #do(...deed: Parameters<typeof attempt>): Promise<boolean> {
    const isDone = await attempt(...deed)
    if (isDone) void this.#webhooks.reload()
    return isDone
  }
}
customElements.define('bellhop-programs-webhooks', ProgramsWebhooks)

async function replay({ id }: Webhook): Promise<void> {
  // What failed within the days that are kept.
  const since = new Date(Date.now() - 30 * 86_400_000).toISOString()
  const { count } = await client.api.postWebhooksByIdReplay({ path: { id }, body: { since } })
  say(programsText.replayed(count))
}

/** Of what a webhook may hear, as the API's own document says. */
async function readFacts(): Promise<string[]> {
  const { components }: { components: { messages: Record<string, { 'x-fact'?: boolean }> } } = await (
    await fetch('/asyncapi.json')
  ).json()
  return Object.entries(components.messages).flatMap(([name, message]) => (message['x-fact'] ? [name] : []))
}

const drawDelivery = ({ event, at, status, attempts, lastError }: Delivery): TemplateResult =>
  html`<li>
    <p class="row">
      ${badge(programsText.status[status], TONES[status])} <code>${event}</code>
      <span class="quiet">${ago(at)} · ${programsText.attempts(attempts)}</span>
    </p>
    ${lastError ? html`<p class="quiet">${lastError}</p>` : nothing}
  </li>`
