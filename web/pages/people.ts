// The directory. ADMINs also see who left, add people, import them, invite them and let them leave.

import { html, nothing, type TemplateResult } from 'lit'
import type { LiveList, ReplyOf } from '../../client/src/index.ts'
import { client, myself, ownDraft } from '../client.ts'
import { avatar, badge, emptyState, pageHead, problemNote } from '../elements/basic.ts'
import { field, Form } from '../elements/form.ts'
import { icon } from '../elements/icon.ts'
import { liveList } from '../elements/live-list.ts'
import { modal } from '../elements/modal.ts'
import { pressed } from '../elements/pending.ts'
import { secretNote } from '../elements/secret.ts'
import { say } from '../elements/toast.ts'
import { attempt } from '../loaded.ts'
import { Followed, Page } from '../page.ts'
import '../people-import.ts'
import '../people-leave.ts'
import { linkTo, navigate } from '../router.ts'
import { t } from '../texts/console.ts'
import { peopleText } from '../texts/people.ts'

type User = ReplyOf<'getUsers'>[number]
/** What is open over the directory: a form, somebody who leaves, or the link of somebody who was invited. */
type Shown = 'add' | 'import' | User | { link: string }
type Person = Pick<User, 'id' | 'fullName' | 'role' | 'department'> & Partial<User>

const ROLES = ['EMPLOYEE', 'DRIVER', 'STAFF', 'SUPERVISOR', 'OWNER', 'ADMIN', 'CUSTOMER'] as const
/** Milliseconds after the last letter. */
const PAUSE = 250

class People extends Page {
  readonly #list = new Followed<LiveList<Person>>(this, () => this.#open())
  readonly #form = new Form(
    this,
    { fullName: '', email: '', role: 'EMPLOYEE', department: '' },
    ownDraft('person'),
  )
  #shown: Shown | undefined
  #asked = ''
  #typing: ReturnType<typeof setTimeout> | undefined

  #open(): LiveList<Person> {
    const q = this.address.query.get('q') ?? ''
    const query = q ? { q } : {}
    return isAdmin() ? client.live.users(query) : client.live.people(query)
  }

  protected override willUpdate(): void {
    const asked = this.address.query.get('q') ?? ''
    if (asked !== this.#asked) this.#list.reopen()
    this.#asked = asked
  }

  override render(): TemplateResult {
    const actions = html`
      <button @click=${() => this.#show('import')}>${peopleText.import}</button>
      <button class="primary" @click=${() => this.#show('add')}>${icon('plus')}${peopleText.add}</button>
    `
    const search = isAdmin() ? peopleText.search : peopleText.searchNames
    return html`
      ${pageHead(t.sections.people, isAdmin() ? actions : nothing)}
      <div class="filters">
        <input
          type="search"
          aria-label=${search}
          placeholder=${search}
          .value=${this.address.query.get('q') ?? ''}
          @input=${this.#search}
        />
      </div>
      ${liveList(
        this.#list.list,
        (person) => this.#drawPerson(person),
        emptyState('people', peopleText.empty, peopleText.emptyWhy),
        t.sections.people,
      )}
      ${this.#drawDialog()}
    `
  }

  #drawPerson(person: Person): TemplateResult {
    const { id, fullName, role, department, email, isActive = true } = person
    const path = { id }
    return html`<li class="line">
      <span class="person line-main-row">
        ${avatar(fullName)}
        <span class="line-main">
          <span class="strong clip">${fullName}</span>
          <span class="quiet clip">${[department, email].filter(Boolean).join(' · ')}</span>
        </span>
      </span>
      <span class="line-side">
        ${isActive ? badge(peopleText.roles[role]) : badge(peopleText.left, 'bad')}
        ${
          !isAdmin() || id === myself().id || !isUser(person)
            ? nothing
            : isActive
              ? html`${
                    person.mayBeInvited
                      ? html`<button @click=${pressed(() => this.#invite(id))}>${peopleText.invite}</button>`
                      : nothing
                  } <button @click=${() => this.#show(person)}>${peopleText.leave}</button>`
              : html`<button
                  @click=${pressed(() => attempt(() => client.api.patchUsersById({ path, body: { isActive: true } }), peopleText.backNow))}
                >
                  ${peopleText.comeBack}
                </button>`
        }
      </span>
    </li>`
  }

  #drawDialog(): TemplateResult | typeof nothing {
    const close = (): void => this.#show(undefined)
    if (this.#shown === undefined) return nothing
    if (this.#shown === 'add') return modal(peopleText.add, this.#drawForm(close), close)
    if (this.#shown === 'import')
      return modal(peopleText.importTitle, html`<bellhop-people-import></bellhop-people-import>`, close)
    if ('link' in this.#shown)
      return modal(peopleText.invite, secretNote(peopleText.inviteLink, this.#shown.link), close)
    const { id, fullName } = this.#shown
    return modal(
      peopleText.leaveTitle(fullName),
      html`<bellhop-people-leave .userId=${id}></bellhop-people-leave>`,
      close,
    )
  }

  #drawForm(close: () => void): TemplateResult {
    const form = this.#form
    return html`<form @submit=${this.#add} novalidate>
      ${field({ form, name: 'fullName', label: peopleText.fullName, required: true })}
      ${field({ form, name: 'email', label: peopleText.email, type: 'email', required: true })}
      <div class="fields">
        ${field({ form, name: 'role', label: peopleText.role, choices: ROLES.map((each) => [each, peopleText.roles[each]] as const) })}
        ${field({ form, name: 'department', label: peopleText.department })}
      </div>
      ${problemNote(form.problemBeside(['fullName', 'email', 'role', 'department']))}
      <div class="dialog-actions">
        <button type="button" @click=${close}>${t.action.cancel}</button>
        <button class="primary" ?disabled=${form.isBusy}>${peopleText.add}</button>
      </div>
    </form>`
  }

  #show(what: Shown | undefined): void {
    this.#shown = what
    this.requestUpdate()
  }

  #search = ({ target }: Event): void => {
    if (!(target instanceof HTMLInputElement)) return
    clearTimeout(this.#typing)
    this.#typing = setTimeout(
      () => navigate(linkTo('people', undefined, { q: target.value.trim() }), { replace: true }),
      PAUSE,
    )
  }

  #add = async (event: Event): Promise<void> => {
    event.preventDefault()
    const added = await this.#form.submit(({ fullName, email, role, department }) =>
      client.api.postUsers({
        body: {
          fullName,
          email,
          role: ROLES.find((each) => each === role) ?? 'EMPLOYEE',
          ...(department.trim() && { department }),
        },
      }),
    )
    if (!added) return
    this.#form.reset()
    if (this.#shown === 'add') this.#show(undefined)
    say(peopleText.added)
  }

  async #invite(id: string): Promise<void> {
    await attempt(async () => {
      const { link } = await client.api.postUsersByIdInvite({ path: { id } })
      if (link) this.#show({ link })
      else say(peopleText.invited)
    })
  }
}
customElements.define('bellhop-people-page', People)

const isAdmin = (): boolean => myself().role === 'ADMIN'
const isUser = (person: Person): person is User => person.email !== undefined
