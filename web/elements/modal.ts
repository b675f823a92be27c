import type { TemplateResult } from 'lit'
import { modalIn } from '../shared/modal.ts'
import { language } from '../texts/language.ts'

export const modal = (
  title: string,
  body: TemplateResult,
  close: () => void,
  kind?: string,
): TemplateResult => modalIn(language, title, body, close, kind)
