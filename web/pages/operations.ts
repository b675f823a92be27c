// Whether all of it runs, and where one looks closer.

import { html, nothing, type TemplateResult } from 'lit'
import type { ReplyOf } from '../../client/src/index.ts'
import { client, connection, myself } from '../client.ts'
import { badge, pageHead } from '../elements/basic.ts'
import { Loaded } from '../loaded.ts'
import '../operations-charts.ts'
import '../operations-failures.ts'
import { Page, Watched } from '../page.ts'
import { operationsText } from '../texts/operations.ts'
import { t } from '../texts/console.ts'

type Readiness = ReplyOf<'getReadyz'>
/** Milliseconds. */
const EVERY = 5000

/** Not by the client's name for it: a server that is not ready says why in the same words, and is no failure here. */
async function readReadiness(): Promise<Readiness> {
  return (await fetch('/readyz')).json()
}

class OperationsPage extends Page {
  protected readonly watched = new Watched(this, connection)
  readonly #ready = new Loaded(this, readReadiness)
  readonly #version = new Loaded(this, () => client.api.getVersion())
  readonly #summary = new Loaded(this, () => client.api.getOperationsSummary())
  #timer: ReturnType<typeof setInterval> | undefined

  override connectedCallback(): void {
    super.connectedCallback()
    this.#timer = setInterval(() => {
      void this.#ready.reload()
      void this.#summary.reload()
    }, EVERY)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    clearInterval(this.#timer)
  }

  override render(): TemplateResult {
    const state = connection.get()
    const { failures, installation } = this.#summary.value ?? {}
    return html`
      ${pageHead(t.sections.operations)}
      <div class="sections">
        <section class="card padded stack">
          <h2>${operationsText.ready}</h2>
          ${this.#drawReady()}
          <p>
            ${operationsText.connection}
            ${badge(operationsText.state[state], state === 'live' ? 'good' : 'wait')}
          </p>
        </section>
        ${myself().role === 'ADMIN' ? html`<bellhop-operations-failures .count=${failures}></bellhop-operations-failures>` : nothing}
        ${installation ? html`<bellhop-operations-charts .pulse=${installation}></bellhop-operations-charts>` : nothing}
        <ul class="lines card">
          ${drawLink('/admin/queues', operationsText.board, operationsText.boardWhy)}
          ${drawLink('/docs', operationsText.docs, operationsText.docsWhy)}
        </ul>
      </div>
    `
  }

  #drawReady(): TemplateResult {
    const {
      ready = false,
      checks = {},
      warnings = [],
    } = this.#ready.problem === undefined ? (this.#ready.value ?? {}) : {}
    return html`
      <p class="row">
        ${ready ? badge(operationsText.readyNow, 'good') : badge(operationsText.notReady, 'bad')}
        ${Object.entries(checks).map(([name, said]) => badge(`${name}: ${said}`, said === 'ok' ? 'good' : 'bad'))}
      </p>
      ${warnings.map((warning) => html`<p class="quiet">${warning}</p>`)}
      <p class="quiet">${operationsText.version} ${this.#version.value?.version}</p>
    `
  }
}
customElements.define('bellhop-operations-page', OperationsPage)

const drawLink = (href: string, title: string, why: string): TemplateResult =>
  html`<li>
    <a class="line" href=${href} target="_blank" rel="noopener">
      <span class="line-main"><span class="strong">${title}</span><span class="quiet">${why}</span></span>
    </a>
  </li>`
