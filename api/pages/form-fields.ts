// Fields of the pages that need no JavaScript: a label, a hint, and what was wrong with what was given.

import { escapeHtml } from '../../shared/kit/text/html.ts'

export interface Field {
  name: string
  label: string
  /** How it is to be written; after a mistake, what is to be mended. */
  hint?: string
  type?: 'text' | 'email' | 'password'
  /** What stands in it already. */
  value?: string
  isWrong?: boolean
  /** Of which one is chosen: value and label. */
  choices?: readonly (readonly [value: string, label: string])[]
  /** HTML attributes besides. */
  more?: Readonly<Record<string, string>>
}

export function fieldHtml(field: Field): string {
  const { name, label, hint, isWrong = false } = field
  const hintId = `${name}-hint`
  const about = hint
    ? `<span class="${isWrong ? 'problem' : 'quiet'}" id="${hintId}">${escapeHtml(hint)}</span>`
    : ''
  const attributes = attributesOf({
    name,
    id: name,
    ...field.more,
    ...(hint && { 'aria-describedby': hintId }),
    ...(isWrong && { 'aria-invalid': 'true' }),
  })
  return `<div class="field"><label for="${name}">${escapeHtml(label)}</label>${controlOf(field, attributes)}${about}</div>`
}

function controlOf({ type = 'text', value = '', choices }: Field, attributes: string): string {
  if (!choices)
    return `<input type="${type}" required${type === 'password' ? '' : ` value="${escapeHtml(value)}"`} ${attributes}>`
  const options = choices.map(
    ([each, label]) =>
      `<option value="${escapeHtml(each)}"${each === value ? ' selected' : ''}>${escapeHtml(label)}</option>`,
  )
  return `<select ${attributes}>${options.join('')}</select>`
}

function attributesOf(all: Readonly<Record<string, string>>): string {
  return Object.entries(all)
    .map(([name, value]) => `${name}="${escapeHtml(value)}"`)
    .join(' ')
}
