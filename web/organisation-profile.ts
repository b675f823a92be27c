// What the organisation is called, where it lies, what it speaks; and when it is open.

import { html, nothing, type TemplateResult } from 'lit'
import { client, myself } from './client.ts'
import { problemNote, skeleton } from './elements/basic.ts'
import { field, Form } from './elements/form.ts'
import { problemLines } from './elements/problem-lines.ts'
import { say } from './elements/toast.ts'
import { readHolidays, readWeek, writeDay, writeHolidays } from './opening-hours.ts'
import { attempt } from './loaded.ts'
import { Followed, Part } from './page.ts'
import { t } from './texts/console.ts'
import { LANGUAGES } from './shared/language.ts'
import { organisationText } from './texts/organisation.ts'

const PROFILE = ['name', 'timezone', 'locale'] as const

class OrganisationProfile extends Part {
  readonly #followed = new Followed(this, () => client.live.organisation())
  #form: Form<(typeof PROFILE)[number]> | undefined

  override render(): TemplateResult {
    const organisation = this.#followed.list?.get()[0]
    if (!organisation) return skeleton(2)
    const { name, timezone, locale } = organisation
    const form = (this.#form ??= new Form(this, { name, timezone, locale }))
    return html`<form class="card padded narrow" @submit=${this.#save} novalidate>
      ${field({ form, name: 'name', label: organisationText.name, required: true })}
      ${field({ form, name: 'timezone', label: organisationText.timezone, required: true })}
      ${field({
        form,
        name: 'locale',
        label: organisationText.locale,
        choices: [
          ['vi', LANGUAGES.vi],
          ['en', LANGUAGES.en],
        ],
      })}
      ${problemNote(form.problemBeside(PROFILE))}
      ${
        myself().role === 'ADMIN'
          ? html`<div class="dialog-actions">
              <button class="primary" ?disabled=${form.isBusy}>${t.action.save}</button>
            </div>`
          : nothing
      }
    </form>`
  }

  #save = async (event: Event): Promise<void> => {
    event.preventDefault()
    const version = this.#followed.list?.get()[0]?.version
    const saved = await this.#form?.submit(({ name, timezone, locale }) =>
      client.api.patchOrganisation({
        header: { 'If-Match': `"${version}"` },
        body: { name, timezone, locale: locale === 'en' ? 'en' : 'vi' },
      }),
    )
    if (saved) say(organisationText.saved)
  }
}
customElements.define('bellhop-organisation-profile', OrganisationProfile)

class OrganisationHours extends Part {
  readonly #followed = new Followed(this, () => client.live.calendar())
  #form: Form<string> | undefined
  #shown = 0

  override render(): TemplateResult {
    const calendar = this.#followed.list?.get()[0]
    if (!calendar) return skeleton(4)
    if (!this.#form || this.#shown !== calendar.version) this.#form = this.#formOf(calendar)
    this.#shown = calendar.version
    const form = this.#form
    return html`<form class="card padded narrow" @submit=${this.#save} novalidate>
      ${calendar.weekly ? nothing : html`<p class="quiet">${organisationText.always}</p>`}
      <p class="hint">${organisationText.dayHint}</p>
      ${WEEK.map((day) => field({ form, name: `day${day}`, label: organisationText.days[day] ?? '' }))}
      ${field({
        form,
        name: 'holidays',
        label: organisationText.holidays,
        hint: organisationText.holidaysHint,
        type: 'textarea',
      })}
      ${form.problem instanceof UnreadLine ? html`<p class="problem" role="alert">${form.problem.message}</p>` : problemLines(form.problem)}
      ${
        ['ADMIN', 'OWNER'].includes(myself().role)
          ? html`<div class="dialog-actions">
              <button class="primary" ?disabled=${form.isBusy}>${t.action.save}</button>
            </div>`
          : nothing
      }
    </form>`
  }

  #formOf({ weekly, holidays }: Parameters<typeof textOf>[0]): Form<string> {
    return new Form(this, textOf({ weekly, holidays }))
  }

  #save = async (event: Event): Promise<void> => {
    event.preventDefault()
    const before = this.#followed.list?.get()[0]
    const put = ({ weekly, holidays }: ReturnType<typeof readCalendar>, version: number) =>
      client.api.putOrganisationCalendar({
        header: { 'If-Match': `"${version}"` },
        body: { weekly, holidays },
      })
    const saved = await this.#form?.submit(async (values) => put(readCalendar(values), this.#shown))
    if (saved && before) say(organisationText.saved, () => void attempt(() => put(before, saved.version)))
  }
}
customElements.define('bellhop-organisation-hours', OrganisationHours)

/** Monday first. */
const WEEK = [1, 2, 3, 4, 5, 6, 0]
class UnreadLine extends Error {}

function textOf({
  weekly,
  holidays,
}: {
  weekly: Parameters<typeof writeDay>[0]
  holidays: Parameters<typeof writeHolidays>[0]
}): Record<string, string> {
  const days = WEEK.map((day) => [`day${day}`, writeDay(weekly, day)] as const)
  return { ...Object.fromEntries(days), holidays: writeHolidays(holidays) }
}

function readCalendar(values: Readonly<Record<string, string>>) {
  try {
    const days = [0, 1, 2, 3, 4, 5, 6].map((day) => values[`day${day}`] ?? '')
    return { weekly: readWeek(days), holidays: readHolidays(values['holidays'] ?? '') }
  } catch (error) {
    throw new UnreadLine(organisationText.wrongLine(error instanceof Error ? error.message : ''))
  }
}
