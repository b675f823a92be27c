// The sentence of a row of the audit, and whom it names.

import { formatMessage } from '../kit/text/locale.ts'
import type { AuditRow } from './schema.ts'
import { SENTENCES, type Sentence } from './sentences.ts'

type Words = Pick<AuditRow, 'actorId' | 'action' | 'entity' | 'entityId' | 'metadata'>

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/** Ids of those whom a row's sentence may name. */
export function peopleIn(row: Words): string[] {
  return Object.values(idsIn(row))
}

/** @param names what people are called, by their ids. @returns the action itself for one that another release knows */
export function sentenceOf(row: Words, locale: 'vi' | 'en', names: ReadonlyMap<string, string>): string {
  const sentences: Readonly<Record<string, Sentence | undefined>> = SENTENCES
  const pattern = sentences[row.action]?.[locale]
  if (pattern === undefined) return row.action
  const people = Object.entries(idsIn(row)).map(([as, id]) => [as, names.get(id) ?? '…'])
  const known: Record<string, unknown> = {
    actor: (row.metadata['keyId'] === undefined ? HOUSE : PROGRAM)[locale],
    ...row.metadata,
    ...Object.fromEntries(people),
  }
  const named = [...pattern.matchAll(/\{(\w+)(, select)?/g)].map(([, name = '', chooses]) => [
    name,
    chooses ? choiceOf(known[name]) : valueOf(known[name]),
  ])
  return formatMessage(pattern, locale, Object.fromEntries(named))
}

const HOUSE = { vi: 'Hệ thống', en: 'The system' } as const
const PROGRAM = { vi: 'Một chương trình', en: 'A program' } as const

/** By the names that sentences use for them. */
function idsIn({ actorId, entity, entityId, metadata }: Words): Record<string, string> {
  const named = Object.entries(metadata).flatMap(([key, value]) =>
    key.endsWith('Id') && typeof value === 'string' && UUID.test(value) ? [[key.slice(0, -2), value]] : [],
  )
  return {
    ...Object.fromEntries(named),
    ...(actorId && { actor: actorId }),
    ...(entity === 'user' && entityId && { person: entityId }),
  }
}

function valueOf(value: unknown): string | number {
  return typeof value === 'number' || typeof value === 'string' ? value : '…'
}

/** What a sentence chooses its words by has no dots and dashes there. */
function choiceOf(value: unknown): string {
  return String(valueOf(value)).replaceAll(/[.-]/g, '_')
}
