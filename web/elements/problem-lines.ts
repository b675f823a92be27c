// Every problem that the server found, each with its place: for texts that have no field of their own for it.

import { html } from 'lit'
import { ProblemError } from '../../client/src/index.ts'
import { sayFieldIn } from '../shared/texts/field-problems.ts'
import { language } from '../texts/language.ts'
import { problemNote } from './basic.ts'

export function problemLines(problem: unknown): ReturnType<typeof problemNote> {
  if (!(problem instanceof ProblemError) || !problem.errors?.length) return problemNote(problem)
  return html`<ul class="problem problem-lines" role="alert">
    ${problem.errors.map(
      ({ path, message }) =>
        html`<li>
          <code>${path.replace(/^\/body\/?/, '')}</code>
          ${sayFieldIn(language, message)}
        </li>`,
    )}
  </ul>`
}
