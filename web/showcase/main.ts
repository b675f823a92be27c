// The page of the widgets: each beside the lines that embed it, and on a demonstration two people who use it side by side.

import { html, nothing, type TemplateResult } from 'lit'
import { problemNote, sayProblem } from '../elements/basic.ts'
import { CONSOLE_DRAWINGS } from '../console-icons.ts'
import { addDrawings, icon } from '../elements/icon.ts'
import { Part } from '../shared/part.ts'
import { LANGUAGES, type Language } from '../shared/language.ts'
import { t } from '../texts/console.ts'
import { chooseLanguage, language } from '../texts/language.ts'
import { applyTheme, chooseTheme, currentTheme, THEMES, type Theme } from '../theme.ts'
import { Person } from './people.ts'
import { SNIPPETS } from './snippets.ts'
import { showcaseText as text } from './texts.ts'

document.documentElement.lang = language
applyTheme()
addDrawings(CONSOLE_DRAWINGS)

const DAY = 86_400_000

class Showcase extends Part {
  static override properties = { script: {}, integrity: {} }
  declare script: string
  declare integrity: string
  readonly #people = {
    employee: new Person('employee'),
    manager: new Person('manager'),
    customer: new Person('customer'),
    staff: new Person('staff'),
  }
  #isPlaying = false
  #room: string | undefined
  #problem: unknown
  #said = ''

  override render(): TemplateResult {
    return html`
      <header class="showcase-head">
        <a class="brand" href="/">${icon('bell')}<span>${t.name}</span></a>
        <div class="row">${this.#drawTheme()} ${this.#drawLanguage()}</div>
      </header>
      <main id="content" class="showcase">
        <h1>${text.title}</h1>
        <p>${text.lead}</p>
        ${this.#drawPlay()}
        <p class="quiet">${text.rules}</p>
        ${Object.keys(SNIPPETS).map((name) => this.#drawSection(name))}
        <p class="sr-only" role="status">${this.#said}</p>
      </main>
    `
  }

  #drawTheme(): TemplateResult {
    const choose = ({ target }: Event): void => {
      if (!(target instanceof HTMLSelectElement)) return
      chooseTheme(THEMES.find((each) => each === target.value) ?? 'system')
      this.requestUpdate()
    }
    return html`<select aria-label=${t.shell.theme} @change=${choose}>
      ${THEMES.map(
        (each: Theme) =>
          html`<option value=${each} ?selected=${each === currentTheme()}>${t.shell[each]}</option>`,
      )}
    </select>`
  }

  #drawLanguage(): TemplateResult {
    const names: readonly (readonly [Language, string])[] = [
      ['vi', LANGUAGES.vi],
      ['en', LANGUAGES.en],
    ]
    const choose = ({ target }: Event): void => {
      const chosen = names.find(([each]) => target instanceof HTMLSelectElement && each === target.value)
      if (chosen) chooseLanguage(chosen[0])
    }
    return html`<select aria-label=${t.shell.language} @change=${choose}>
      ${names.map(([each, name]) => html`<option value=${each} ?selected=${each === language}>${name}</option>`)}
    </select>`
  }

  #drawPlay(): TemplateResult | typeof nothing {
    if (this.#isPlaying) return nothing
    return html`
      <p class="row">
        <button class="primary" @click=${() => this.#play()}>${icon('person')}${text.play}</button>
        <span class="quiet">${text.playWhy}</span>
      </p>
      ${
        this.#problem === undefined
          ? nothing
          : html`${problemNote(this.#problem)}
              <p>${text.notDemonstration}</p>`
      }
    `
  }

  #drawSection(name: string): TemplateResult {
    const [title, why] = text.sections[name] ?? ['', '']
    const address = new URL(this.script, location.origin).href
    const code = SNIPPETS[name]?.({ address, integrity: this.integrity }) ?? ''
    return html`
      <section class="showcase-part" aria-label=${title}>
        <div class="showcase-words">
          <h2>${title}</h2>
          <p class="quiet">${why}</p>
          <pre tabindex="0"><code>${code}</code></pre>
          <button @click=${() => this.#copy(code)}>${text.copy}</button>
        </div>
        ${this.#isPlaying ? html`<div class="stage">${this.#drawStage(name)}</div>` : nothing}
      </section>
    `
  }

  #drawStage(name: string): unknown {
    const { employee, manager, customer, staff } = this.#people
    switch (name) {
      case 'bell':
        return html`${this.#pane('employee', html`<button @click=${() => this.#ask()}>${text.ask}</button>`)}
        ${this.#pane('manager', this.#bell(manager))}`
      case 'approvals':
        return html`${this.#pane('employee', this.#approvals(employee, 'requester'))}
        ${this.#pane('manager', this.#approvals(manager, 'approver'))}`
      case 'chat':
        return html`${this.#pane('employee', this.#chat(employee, this.#room))}
        ${this.#pane('manager', this.#chat(manager))}`
      case 'customer':
        return html`${this.#pane(
          'guest',
          html`<bellhop-customer-chat
            inline
            org="demo"
            locale=${language}
            theme=${theme()}
          ></bellhop-customer-chat>`,
        )}
        ${this.#pane('staff', this.#chat(staff))}`
      default:
        return html`${this.#pane('customer', this.#tickets(customer))}
        ${this.#pane('staff', this.#tickets(staff))}`
    }
  }

  #pane(who: string, inside: TemplateResult): TemplateResult {
    return html`<div class="card padded pane">
      <h3>${text.people[who]}</h3>
      ${inside}
    </div>`
  }

  #bell({ token }: Person): TemplateResult {
    return html`<bellhop-bell .token=${token} locale=${language} theme=${theme()}></bellhop-bell>`
  }

  #approvals({ token }: Person, as: string): TemplateResult {
    return html`<bellhop-approvals
      .token=${token}
      as=${as}
      locale=${language}
      theme=${theme()}
    ></bellhop-approvals>`
  }

  #chat({ token }: Person, room?: string): TemplateResult {
    return html`<bellhop-chat
      .token=${token}
      .room=${room}
      locale=${language}
      theme=${theme()}
    ></bellhop-chat>`
  }

  #tickets({ token }: Person): TemplateResult {
    return html`<bellhop-tickets .token=${token} locale=${language} theme=${theme()}></bellhop-tickets>`
  }

  async #play(): Promise<void> {
    const { employee, manager } = this.#people
    try {
      const { id: userId } = await manager.client.api.getAuthMe()
      this.#room = (await employee.client.api.postChatConversationsWithUser({ body: { userId } })).id
      this.#isPlaying = true
    } catch (error) {
      this.#problem = error
    }
    this.requestUpdate()
  }

  async #ask(): Promise<void> {
    const { client } = this.#people.employee
    try {
      // The server's clock counts.
      const { at } = await client.command('ping')
      const scheduledDate = new Date(Date.parse(at) + DAY).toISOString().slice(0, 10)
      const body = { scheduledDate, scheduledTime: '08:30', passengerCount: 2, purpose: text.ask }
      await client.api.postBookings({ body })
      this.#say(text.asked)
    } catch (error) {
      this.#say(sayProblem(error))
    }
  }

  /** Where the browser does not let us, it stands there to be marked. */
  async #copy(code: string): Promise<void> {
    await navigator.clipboard.writeText(code).then(
      () => this.#say(text.copied),
      () => undefined,
    )
  }

  #say(words: string): void {
    this.#said = words
    this.requestUpdate()
  }
}
customElements.define('bellhop-showcase', Showcase)

/** As the page has it: what the device has is theirs to know. */
const theme = (): Theme | '' => (currentTheme() === 'system' ? '' : currentTheme())
