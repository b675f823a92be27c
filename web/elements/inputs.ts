// Fields within their labels, for forms whose parts come and go: each tells what is chosen or typed at once.

import { html, nothing, type TemplateResult } from 'lit'

export type Choices = readonly (readonly [value: string, text: string])[]

export const pick = (
  label: string,
  value: string,
  choices: Choices,
  tell: (value: string) => void,
): TemplateResult =>
  html`<label class="field">
    <span>${label}</span>
    <select
      @change=${({ target }: Event) => {
        if (target instanceof HTMLSelectElement) tell(target.value)
      }}
    >
      ${choices.map(([each, text]) => html`<option value=${each} .selected=${each === value}>${text}</option>`)}
    </select>
  </label>`

export const write = (
  label: string,
  value: string,
  tell: (value: string) => void,
  { type = 'text', hint }: { type?: 'text' | 'number' | 'time'; hint?: string } = {},
): TemplateResult =>
  html`<label class="field">
    <span>${label}</span>
    <input
      type=${type}
      step="any"
      autocomplete="off"
      .value=${value}
      placeholder=${hint ?? nothing}
      @input=${({ target }: Event) => {
        if (target instanceof HTMLInputElement) tell(target.value)
      }}
    />
  </label>`

export const tick = (label: string, value: boolean, tell: (value: boolean) => void): TemplateResult =>
  html`<label class="row">
    <input
      type="checkbox"
      .checked=${value}
      @change=${({ target }: Event) => {
        if (target instanceof HTMLInputElement) tell(target.checked)
      }}
    />
    ${label}
  </label>`
