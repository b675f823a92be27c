// Every problem that the server found, each with its place: for texts that have no field of their own for it.

import { html } from 'lit'
import { ProblemError } from '../../client/src/index.ts'
import { sayFieldIn } from '../shared/texts/field-problems.ts'
import { language } from '../texts/language.ts'
import { sayPlace } from '../texts/places.ts'
import { problemNote } from './basic.ts'

/** What is wrong at several places is said once. */
export function problemLines(problem: unknown): ReturnType<typeof problemNote> {
  if (!(problem instanceof ProblemError) || !problem.errors?.length) return problemNote(problem)
  const { errors } = problem
  const placesOf = (message: string): Set<string> =>
    new Set(errors.filter((each) => each.message === message).map(({ path }) => sayPlace(path)))
  return html`<ul class="problem problem-lines" role="alert">
    ${[...new Set(errors.map(({ message }) => message))].map(
      (message) =>
        html`<li>
          <span class="strong">${[...placesOf(message)].join('; ')}</span>
          ${sayFieldIn(language, message)}
        </li>`,
    )}
  </ul>`
}
