import type { TemplateResult } from 'lit'
import { modalIn } from '../shared/modal.ts'
import { language } from '../texts/language.ts'

/** What was done in a dialog closes it; where it was left meanwhile, what was opened since stays open. */
export function closeAround(inside: Element): void {
  if (inside.isConnected) inside.closest('dialog')?.dispatchEvent(new Event('close'))
}

export const modal = (
  title: string,
  body: TemplateResult,
  close: () => void,
  kind?: string,
): TemplateResult => modalIn(language, title, body, close, kind)
