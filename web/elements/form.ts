// Forms: what is typed is kept through a reload, the server's problems stand at their fields, and a form is sent once.

import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit'
import { ProblemError } from '../../client/src/index.ts'
import { spokenOf, type Language } from '../shared/language.ts'
import { sayFieldIn } from '../shared/texts/field-problems.ts'

export class Form<Name extends string> {
  readonly #host: ReactiveControllerHost & HTMLElement
  readonly #initial: Readonly<Record<Name, string>>
  readonly #key: string | undefined
  #values: Record<Name, string>
  #problem: unknown
  /** What must be filled in, and was not when it was to be sent. */
  #missing: readonly string[] = []
  isBusy = false

  /** @param draft under which name what is typed survives a reload; none: it does not, as a password must not */
  constructor(
    host: ReactiveControllerHost & HTMLElement,
    initial: Readonly<Record<Name, string>>,
    draft?: string,
  ) {
    this.#host = host
    this.#initial = initial
    this.#key = draft && `bellhop.draft.${draft}`
    this.#values = { ...initial, ...(this.#key && JSON.parse(sessionStorage.getItem(this.#key) ?? '{}')) }
  }

  get values(): Readonly<Record<Name, string>> {
    return this.#values
  }

  get problem(): unknown {
    return this.#problem
  }

  set(name: Name, value: string): void {
    this.#values = { ...this.#values, [name]: value }
    if (this.#key) sessionStorage.setItem(this.#key, JSON.stringify(this.#values))
    this.#host.requestUpdate()
  }

  reset(): void {
    this.#values = { ...this.#initial }
    this.#problem = undefined
    this.#missing = []
    if (this.#key) sessionStorage.removeItem(this.#key)
    this.#host.requestUpdate()
  }

  /** What is wrong with a field, as the server or the form itself said. */
  problemAt(name: string): string | undefined {
    if (this.#missing.includes(name)) return sayFieldIn(languageOf(this.#host), 'is missing')
    if (!(this.#problem instanceof ProblemError)) return undefined
    const found = this.#problem.errors?.find(({ path }) => path.split('/')[2] === name)
    return found && sayFieldIn(languageOf(this.#host), found.message)
  }

  /** What is to be said of the form as a whole: nothing, where these fields say it. */
  problemBeside(names: readonly string[]): unknown {
    return names.some((name) => this.problemAt(name)) ? undefined : this.#problem
  }

  /** @returns what became of it; undefined: refused, and shown */
  async submit<Result>(
    send: (values: Readonly<Record<Name, string>>) => Promise<Result>,
  ): Promise<Result | undefined> {
    if (this.isBusy) return undefined
    this.#problem = undefined
    this.#missing = this.#listMissing()
    if (this.#missing.length > 0) {
      this.#showProblem()
      return undefined
    }
    this.isBusy = true
    this.#host.requestUpdate()
    try {
      return await send(this.#values)
    } catch (error) {
      this.#problem = error
      this.#showProblem()
      return undefined
    } finally {
      this.isBusy = false
      this.#host.requestUpdate()
    }
  }

  /** Only what is drawn can be filled in. */
  #listMissing(): string[] {
    const root = this.#host.shadowRoot ?? this.#host
    return [...(ids.get(this) ?? [])]
      .filter(([, id]) => root.querySelector<HTMLInputElement>(`#${id}:required`)?.value.trim() === '')
      .map(([name]) => name)
  }

  #showProblem(): void {
    this.#host.requestUpdate()
    void this.#host.updateComplete.then(() =>
      (this.#host.shadowRoot ?? this.#host).querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
    )
  }
}

/** As whoever draws it says: a widget inside, the console around it. */
function languageOf(host: HTMLElement): Language {
  const inside = host.shadowRoot?.querySelector<HTMLElement>('[lang]')
  return spokenOf([(inside ?? host.closest<HTMLElement>('[lang]'))?.lang ?? ''])
}

interface FieldOptions<Name extends string> {
  form: Form<Name>
  name: Name
  label: string
  type?: 'text' | 'email' | 'password' | 'date' | 'time' | 'number' | 'search' | 'textarea'
  /** What can be chosen, instead of typing: value and what it is called. */
  choices?: readonly (readonly [value: string, text: string])[]
  hint?: string
  required?: boolean
  autocomplete?: string
  min?: string
}

let lastId = 0
const ids = new WeakMap<object, Map<string, string>>()

/** A name for a field of a form, the same at every drawing. */
function idOf(form: object, name: string): string {
  const known = ids.get(form) ?? new Map<string, string>()
  ids.set(form, known)
  const id = known.get(name) ?? `field-${++lastId}`
  known.set(name, id)
  return id
}

export function field<Name extends string>(options: FieldOptions<Name>): TemplateResult {
  const { form, name, label, hint } = options
  const id = idOf(form, name)
  const problem = form.problemAt(name)
  return html`
    <div class="field">
      <label for=${id}>${label}</label>
      ${control(options, id, problem)} ${hint ? html`<p class="hint" id="${id}-hint">${hint}</p>` : nothing}
      ${problem ? html`<p class="field-problem" id="${id}-problem">${problem}</p>` : nothing}
    </div>
  `
}

function control<Name extends string>(
  { form, name, type = 'text', choices, hint, required = false, autocomplete, min }: FieldOptions<Name>,
  id: string,
  problem: string | undefined,
): TemplateResult {
  const value = form.values[name]
  const isInvalid = problem === undefined ? 'false' : 'true'
  const describedBy = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ') || nothing
  const typed = ({ target }: Event): void => {
    if (
      target instanceof HTMLInputElement ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement
    )
      form.set(name, target.value)
  }
  if (choices)
    return html`<select
      id=${id}
      name=${name}
      aria-invalid=${isInvalid}
      aria-describedby=${describedBy}
      @change=${typed}
    >
      ${choices.map(([each, text]) => html`<option value=${each} ?selected=${each === value}>${text}</option>`)}
    </select>`
  if (type === 'textarea')
    return html`<textarea
      id=${id}
      name=${name}
      rows="3"
      .value=${value}
      ?required=${required}
      aria-invalid=${isInvalid}
      aria-describedby=${describedBy}
      @input=${typed}
    ></textarea>`
  return html`<input
    id=${id}
    name=${name}
    type=${type}
    .value=${value}
    ?required=${required}
    min=${min ?? nothing}
    autocomplete=${autocomplete ?? 'off'}
    aria-invalid=${isInvalid}
    aria-describedby=${describedBy}
    @input=${typed}
  />`
}
