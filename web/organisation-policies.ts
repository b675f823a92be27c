// Who approves what: the rules in a form, checked by the server, and beside it what becomes of a request under those that are saved.

import { html, nothing, type TemplateResult } from 'lit'
import { ProblemError } from '../client/src/index.ts'
import { client, myself } from './client.ts'
import { problemNote, skeleton } from './elements/basic.ts'
import { Form } from './elements/form.ts'
import { icon } from './elements/icon.ts'
import { write } from './elements/inputs.ts'
import { problemLines } from './elements/problem-lines.ts'
import { say } from './elements/toast.ts'
import { Loaded } from './loaded.ts'
import { Part } from './page.ts'
import { drawConditions } from './policy-conditions.ts'
import { newStep, readRules, type Drawing, type Rule } from './policy-draft.ts'
import './policy-simulator.ts'
import { drawApprovers, drawStep } from './policy-steps.ts'
import { t } from './texts/console.ts'
import { organisationText } from './texts/organisation.ts'
import { policyText } from './texts/policy.ts'

const MOST_PEOPLE = 100

class OrganisationPolicies extends Part {
  readonly #policy = new Loaded(this, () => client.api.getOrganisationApprovalPolicies())
  readonly #people = new Loaded(this, () => client.api.getPeople({ query: { limit: MOST_PEOPLE } }))
  readonly #form = new Form(this, {})
  #rules: Rule[] | undefined
  /** As it is typed. */
  #json: string | undefined
  #wrongJson: string | undefined

  override render(): TemplateResult {
    const policy = this.#policy.value
    if (!policy) return this.#policy.problem ? html`${problemNote(this.#policy.problem)}` : skeleton()
    const rules = (this.#rules ??= structuredClone(policy.rules))
    return html`<div class="beside">
      <form class="card padded" @submit=${this.#save} novalidate>
        <p class="quiet">${organisationText.version(policy.version)}. ${policyText.why}</p>
        <fieldset class="stack" ?disabled=${myself().role !== 'ADMIN'}>
          ${rules.map((rule, at) => this.#drawRule(rules, rule, at))}
          <p>
            <button
              type="button"
              @click=${() => this.#change(() => rules.splice(-1, 0, { name: '', steps: [newStep()] }))}
            >
              ${icon('plus')}${policyText.addRule}
            </button>
          </p>
          ${this.#drawJson(rules)}
        </fieldset>
        ${problemLines(this.#form.problem)}
        ${
          myself().role === 'ADMIN'
            ? html`<div class="dialog-actions">
                <button class="primary" ?disabled=${this.#form.isBusy}>${t.action.save}</button>
              </div>`
            : nothing
        }
      </form>
      <bellhop-policy-simulator></bellhop-policy-simulator>
    </div>`
  }

  #change = (act: () => unknown): void => {
    act()
    this.#json = this.#wrongJson = undefined
    this.requestUpdate()
  }

  #drawRule(rules: Rule[], rule: Rule, at: number): TemplateResult {
    const isLast = at === rules.length - 1
    const drawing: Drawing = {
      people: this.#people.value ?? [],
      changed: () => this.#change(() => undefined),
    }
    const move = (to: number) => () => this.#change(() => rules.splice(to, 0, ...rules.splice(at, 1)))
    const deed = (label: string, draws: 'previous' | 'next' | 'close', act: () => void): TemplateResult =>
      html`<button type="button" class="icon-button turned" aria-label=${label} @click=${act}>
        ${icon(draws)}
      </button>`
    const n = at + 1
    return html`<fieldset class="stack part">
      <legend>${policyText.rule(n)}</legend>
      <div class="row">
        ${write(policyText.name, rule.name, (name) => this.#change(() => (rule.name = name)))}
        ${at > 0 && !isLast ? deed(policyText.up(n), 'previous', move(at - 1)) : nothing}
        ${at < rules.length - 2 ? deed(policyText.down(n), 'next', move(at + 1)) : nothing}
        ${isLast ? nothing : deed(policyText.removeRule(n), 'close', () => this.#change(() => rules.splice(at, 1)))}
      </div>
      ${this.#problemsAt(at)}
      ${isLast ? html`<p class="quiet">${policyText.last}</p>` : drawConditions(rule, drawing)}
      ${rule.steps.map((step, place) =>
        drawStep(step, place, drawing, () => this.#change(() => rule.steps.splice(place, 1))),
      )}
      ${rule.steps.length === 0 ? this.#drawTold(rule, drawing) : nothing}
      <p>
        <button type="button" @click=${() => this.#change(() => addStep(rule))}>
          ${icon('plus')}${policyText.addStep}
        </button>
      </p>
    </fieldset>`
  }

  #drawTold(rule: Rule, drawing: Drawing): TemplateResult {
    rule.copyTo ??= []
    return html`<p class="quiet">${policyText.noSteps}</p>
      ${drawApprovers(policyText.told, policyText.addTold, rule.copyTo, drawing)}`
  }

  /** Beside the rule; all of them stand at the foot with their places. */
  #problemsAt(at: number): TemplateResult | typeof nothing {
    const { problem } = this.#form
    const found = problem instanceof ProblemError ? (problem.errors ?? []) : []
    const own = found.filter(({ path }) => path.startsWith(`/body/rules/${at}/`))
    return own.length === 0
      ? nothing
      : html`<p class="field-problem">${own.map(({ message }) => message).join('; ')}</p>`
  }

  #drawJson(rules: Rule[]): TemplateResult {
    return html`<details>
      <summary>${policyText.json}</summary>
      <label class="field code">
        <span>${organisationText.rules}</span>
        <textarea
          .value=${this.#json ?? JSON.stringify(rules, undefined, 2)}
          @input=${this.#readJson}
        ></textarea>
      </label>
      ${this.#wrongJson ? html`<p class="problem" role="alert">${this.#wrongJson}</p>` : nothing}
    </details>`
  }

  #readJson = ({ target }: Event): void => {
    if (!(target instanceof HTMLTextAreaElement)) return
    const read = readRules((this.#json = target.value))
    if (typeof read === 'string') this.#wrongJson = read
    else [this.#rules, this.#wrongJson] = [read, undefined]
    this.requestUpdate()
  }

  #save = async (event: Event): Promise<void> => {
    event.preventDefault()
    const [version, rules] = [this.#policy.value?.version, this.#rules]
    if (!rules || this.#wrongJson) return
    const saved = await this.#form.submit(() =>
      client.api.putOrganisationApprovalPolicies({
        header: { 'If-Match': `"${version}"` },
        body: { rules: rules.map(withoutEmpty) },
      }),
    )
    if (!saved) return
    say(organisationText.saved)
    await this.#policy.reload()
    this.#change(() => (this.#rules = undefined))
  }
}
customElements.define('bellhop-organisation-policies', OrganisationPolicies)

function addStep(rule: Rule): void {
  delete rule.copyTo
  rule.steps.push(newStep())
}

/** Nobody who is told is not said. */
function withoutEmpty({ copyTo, ...rule }: Rule): Rule {
  return copyTo?.length ? { ...rule, copyTo } : rule
}
