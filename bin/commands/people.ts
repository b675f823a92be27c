// People of another system, from a file, as POST /users/import takes them.

import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { notFound } from '../../shared/kit/declare/errors.ts'
import { makeChange } from '../../shared/kit/store/change.ts'
import { findOrganisationBySlug } from '../../shared/organisations/queries.ts'
import { importPeople } from '../../shared/people/actions/import.ts'
import type { ImportReport } from '../../shared/people/import/schema.ts'
import { UsageError, type Command } from './command.ts'
import { folderOfCaller } from './folder.ts'

export const peopleImport: Command = {
  most: 1,
  options: {
    org: { value: 'SLUG', about: 'into which organisation' },
    'dry-run': { about: 'only say what would be done, and every problem with its line' },
    invite: { about: 'send those who are new a mail to choose a password' },
  },
  async run({ operands: [file], need, has }, tools) {
    if (!file)
      throw new UsageError('Say which file: .csv with a header, or .ndjson with a JSON object a line.')
    const [slug, isPreview] = [need('org'), has('dry-run')]
    const text = await readFile(path.resolve(folderOfCaller(), file), 'utf8')
    const runtime = await tools.runtime()
    const organisation = await findOrganisationBySlug(runtime.db, slug)
    if (!organisation) throw notFound(`Organisation ${slug}`)
    const orgId = organisation.id
    const report = await makeChange(runtime, { requestId: 'bellhop-people-import', orgId }, (change) =>
      importPeople(
        change,
        { orgId },
        { text, format: formatOf(file), isPreview, invites: has('invite') },
        tools.progress,
      ),
    )
    return { lines: linesOf(report), data: { ...report }, isBad: report.problems.length > 0 }
  },
}

const formatOf = (file: string) => (/\.(nd)?jsonl?$/i.test(file) ? 'application/x-ndjson' : 'text/csv')

function linesOf({ created, changed, unchanged, invited, isPreview, problems }: ImportReport): string[] {
  const counts = `${created} new, ${changed} changed, ${unchanged} as before, ${invited} invited`
  const found = problems.map(
    ({ line, field, message }) => `line ${line}${field ? `, ${field}` : ''}: ${message}`,
  )
  return [...found, isPreview ? `Nothing was done. It would be: ${counts}.` : `Done: ${counts}.`]
}
