// Who decides in a step, how many of them, until when, and what happens then.

import { html, nothing, type TemplateResult } from 'lit'
import { icon } from './elements/icon.ts'
import { pick, tick, write } from './elements/inputs.ts'
import { LEVELS, ROLES, type Approver, type Drawing, type Step } from './policy-draft.ts'
import { peopleText } from './texts/people.ts'
import { policyText as text } from './texts/policy.ts'

const MOST_MANAGERS = 10
const upTo = (most: number): number[] => Array.from({ length: most }, (_, n) => n + 1)
const WHO = ['manager', 'above', 'role', 'userIds', 'departmentHead'] as const
const HOURS = ['', 'clock', 'open'] as const
const ENDS = ['', 'approve', 'cancel', 'escalate', 'next'] as const

export function drawStep(step: Step, at: number, drawing: Drawing, remove: () => void): TemplateResult {
  const { changed } = drawing
  const need = String(step.need ?? 'any')
  return html`<fieldset class="stack part">
    <legend>${text.step(at + 1)}</legend>
    ${drawApprovers(text.asked, text.addWho, step.approvers, drawing, 1)}
    <div class="fields">
      ${pick(text.need, need, needsOf(step), (chosen) => {
        step.need = chosen === 'any' || chosen === 'all' ? chosen : Number(chosen)
        changed()
      })}
      ${write(text.ttl, step.ttl ?? '', (typed) => setText(step, 'ttl', typed, changed), { hint: text.durationHint })}
      ${pick(
        text.hours,
        step.hours ?? '',
        HOURS.map((each) => [each, text.hoursOf[each]]),
        (chosen) => {
          const hours = HOURS.find((each) => each === chosen)
          if (hours) step.hours = hours
          else delete step.hours
          changed()
        },
      )}
      ${pick(
        text.onExpiry,
        step.onExpiry ?? '',
        ENDS.map((each) => [each, text.onExpiryOf[each]]),
        (chosen) => {
          const end = ENDS.find((each) => each === chosen)
          if (end) step.onExpiry = end
          else delete step.onExpiry
          changed()
        },
      )}
    </div>
    ${drawReminders(step, changed)}
    ${tick(text.pauses, step.pausesOnQuestion ?? false, (isOn) => {
      step.pausesOnQuestion = isOn
      changed()
    })}
    <p><button type="button" @click=${remove}>${text.removeStep(at + 1)}</button></p>
  </fieldset>`
}

function needsOf({ need }: Step): (readonly [string, string])[] {
  const most = Math.max(5, typeof need === 'number' ? need : 0)
  const numbers = upTo(most).slice(1)
  return [
    ['any', text.needs.any],
    ...numbers.map((each) => [String(each), text.needs.number(each)] as const),
    ['all', text.needs.all],
  ]
}

/** What is left empty is not said. */
function setText<Name extends string>(
  of: { [name in Name]?: string },
  name: Name,
  typed: string,
  changed: () => void,
): void {
  if (typed.trim()) of[name] = typed.trim() as (typeof of)[Name]
  else delete of[name]
  changed()
}

function drawReminders(step: Step, changed: () => void): TemplateResult {
  const { first = '', every = '', max } = step.reminders ?? {}
  const set = (next: NonNullable<Step['reminders']>): void => {
    const said = Object.entries(next).filter(([, value]) => value !== '' && value !== undefined)
    if (said.length > 0) step.reminders = Object.fromEntries(said)
    else delete step.reminders
    changed()
  }
  const known = step.reminders ?? {}
  return html`<div class="fields">
    ${write(text.first, first, (typed) => set({ ...known, first: typed.trim() }), { hint: text.durationHint })}
    ${write(text.every, every, (typed) => set({ ...known, every: typed.trim() }), { hint: text.durationHint })}
    ${write(
      text.max,
      max === undefined ? '' : String(max),
      (typed) => {
        const { max: _before, ...others } = known
        set(typed === '' ? others : { ...others, max: Number(typed) })
      },
      { type: 'number', hint: text.usual },
    )}
  </div>`
}

/** @param least of them stay */
export function drawApprovers(
  title: string,
  add: string,
  approvers: Approver[],
  drawing: Drawing,
  least = 0,
): TemplateResult {
  const change = (act: () => unknown): void => {
    act()
    drawing.changed()
  }
  return html`<fieldset class="stack">
    <legend>${title}</legend>
    ${approvers.map(
      (each, at) =>
        html`<div class="fields with-end">
          ${pick(
            text.who(at + 1),
            WHO.find((who) => each[who] !== undefined) ?? 'manager',
            WHO.map((who) => [who, text.whos[who]]),
            (chosen) => change(() => approvers.splice(at, 1, newApprover(chosen, drawing))),
          )}
          ${drawWhich(each, (next) => change(() => approvers.splice(at, 1, next)), drawing)}
          ${
            approvers.length > least
              ? html`<button
                  type="button"
                  class="icon-button"
                  aria-label=${text.removeWho(at + 1)}
                  @click=${() => change(() => approvers.splice(at, 1))}
                >
                  ${icon('close')}
                </button>`
              : nothing
          }
        </div>`,
    )}
    <p>
      <button type="button" @click=${() => change(() => approvers.push({ manager: 1 }))}>
        ${icon('plus')}${add}
      </button>
    </p>
  </fieldset>`
}

function newApprover(who: string, { people }: Drawing): Approver {
  const [first] = people
  if (who === 'above') return { above: 'MGR' }
  if (who === 'role') return { role: 'OWNER' }
  if (who === 'departmentHead') return { departmentHead: true }
  return who === 'userIds' && first ? { userIds: [first.id] } : { manager: 1 }
}

function drawWhich(
  { manager, above, role, userIds }: Approver,
  tell: (next: Approver) => void,
  { people }: Drawing,
): TemplateResult | typeof nothing {
  if (manager !== undefined)
    return pick(
      text.which,
      String(manager),
      upTo(MOST_MANAGERS).map((each) => [String(each), text.managers(each)]),
      (chosen) => tell({ manager: Number(chosen) }),
    )
  if (above)
    return pick(
      text.which,
      above,
      LEVELS.map((each) => [each, each]),
      (chosen) => tell({ above: LEVELS.find((each) => each === chosen) ?? above }),
    )
  if (role)
    return pick(
      text.which,
      role,
      ROLES.map((each) => [each, peopleText.roles[each]]),
      (chosen) => tell({ role: ROLES.find((each) => each === chosen) ?? role }),
    )
  if (!userIds) return nothing
  return html`<div class="stack">
    ${people
      .filter(({ id }) => userIds.includes(id))
      .concat(
        userIds.filter((id) => !people.some((each) => each.id === id)).map((id) => ({ id, fullName: id })),
      )
      .map(({ id, fullName }) =>
        tick(fullName, true, () => {
          if (userIds.length > 1) tell({ userIds: userIds.filter((each) => each !== id) })
        }),
      )}
    ${pick(
      text.which,
      '',
      [
        ['', text.addWho],
        ...people
          .filter(({ id }) => !userIds.includes(id))
          .map(({ id, fullName }) => [id, fullName] as const),
      ],
      (chosen) => {
        if (chosen) tell({ userIds: [...userIds, chosen] })
      },
    )}
  </div>`
}
