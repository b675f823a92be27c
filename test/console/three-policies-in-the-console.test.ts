// The three policies of docs/POLICIES.md are written in the form, tried out beside it, and hold.

import { expect } from 'chai'
import type { Locator, Page } from 'playwright-core'
import type { PolicyRule } from '../../shared/approvals/policy/schema.ts'
import { type Consoles, withConsoles } from '../support/console.ts'
import type { Name } from '../support/people.ts'
import {
  fleetRules,
  hotelRules,
  runFleet,
  runHotel,
  runStations,
  STATION_RULES,
} from '../support/worked-policies.ts'
import type { World } from '../support/world.ts'

describe('three worked policies in the console', function () {
  this.timeout(300_000)
  let w: World
  let consoles: Consoles
  let page: Page
  withConsoles((opened) => ({ w, consoles } = opened), { each: true })

  const rule = (number: number): Locator => page.getByRole('group', { name: `Rule ${number}`, exact: true })
  const step = (of: Locator, number: number): Locator =>
    of.getByRole('group', { name: `Step ${number}`, exact: true })
  const whoIn = (of: Locator): Locator => of.getByRole('combobox', { name: 'Person or group 1' })
  const press = (within: Page | Locator, name: string): Promise<void> =>
    within.getByRole('button', { name, exact: true }).click()

  /** What there is by default, but for one rule without a step. */
  async function begin(name: string): Promise<void> {
    page = await consoles.open('admin', '/organisation?view=policies')
    for (let left = 3; left > 1; left--) await press(page, 'Remove rule 1')
    await press(rule(1), 'Remove step 1')
    await rule(1).getByLabel('Name of the rule').fill(name)
  }

  async function addCondition(of: Locator, fact: string, at = 0): Promise<Locator> {
    await press(of, 'Add a condition')
    await of.getByLabel('What is looked at').nth(at).selectOption(fact)
    return of.getByLabel('With').nth(at)
  }

  /** By their names; the form begins with the first of all. */
  async function askByName(of: Locator, ...wanted: Name[]): Promise<void> {
    const { body: people } = await (await w.as('admin')).get('/people?limit=100')
    const names = await Promise.all(wanted.map(async (name) => (await w.as(name)).user.fullName))
    const [first] = people
    await whoIn(of).selectOption('userIds')
    for (const name of names.filter((each) => each !== first.fullName))
      await of.getByLabel('Which').selectOption({ label: name })
    if (!names.includes(first.fullName)) await of.getByRole('checkbox', { name: first.fullName }).click()
  }

  async function save(rules: readonly PolicyRule[]): Promise<void> {
    await press(page, 'Save')
    await page.getByText('Saved.', { exact: true }).waitFor()
    const { body } = await (await w.as('admin')).get('/organisation/approval-policies')
    const inOrder = (all: readonly PolicyRule[]): unknown =>
      JSON.parse(JSON.stringify(all), (key, value) => (key === 'userIds' ? value.toSorted() : value))
    expect(inOrder(body.rules)).to.deep.equal(inOrder(rules))
  }

  /** @returns what stands there of each step */
  async function tryOut(shown: string, fill: (form: Locator) => Promise<unknown>): Promise<string[]> {
    const tried = page.getByRole('region', { name: 'Try it out' })
    await tried.getByLabel('Day').fill('2031-03-12')
    await fill(tried)
    await press(tried, 'Show the route')
    await tried.getByRole('status').getByText(shown, { exact: true }).waitFor()
    return tried.getByRole('listitem').allInnerTexts()
  }

  const nameOf = async (name: Name): Promise<string> => (await w.as(name)).user.fullName
  /** What comes then takes days, and needs no page. */
  async function leaveConsole(): Promise<void> {
    expect(consoles.troubles).to.deep.equal([])
    await page.close()
  }

  it('a fleet’s, with a head of department who leaves', async () => {
    const rules = await fleetRules(w)
    await begin('Business')
    for (const [number, name] of [
      [1, 'Private, far'],
      [2, 'Private'],
    ] as const) {
      await press(page, 'Add a rule')
      await rule(number).getByLabel('Name of the rule').fill(name)
      await (await addCondition(rule(number), 'isBusinessTrip')).selectOption('false')
      const head = step(rule(number), 1)
      await whoIn(head).selectOption('departmentHead')
      await head.getByLabel('How long they have').fill('1d')
      await head.getByLabel('Then').selectOption('escalate')
    }
    await (await addCondition(rule(1), 'distanceKm', 1)).fill('200.01')
    await press(rule(1), 'Add a step')
    const finance = step(rule(1), 2)
    await askByName(finance, 'supervisor')
    await finance.getByLabel('How long they have').fill('1d')
    await finance.getByLabel('Then').selectOption('cancel')
    await save(rules)

    const far = await tryOut('Private, far', async (form) => {
      await form.getByLabel('Occasion').selectOption('false')
      await form.getByLabel('Distance in km').fill('640')
    })
    expect(far).to.have.length(2)
    expect(far[0]).to.include(await nameOf('manager'))
    expect(far[1]).to.include(await nameOf('supervisor'))
    expect(
      await tryOut('Business', (form) => form.getByLabel('Occasion').selectOption('true')),
    ).to.deep.equal([])
    await leaveConsole()
    await runFleet(w)
  })

  it('a hotel’s, over a holiday', async () => {
    const rules = await hotelRules(w)
    await begin('Duty managers, else the owner')
    await press(rule(1), 'Add a step')
    const duty = step(rule(1), 1)
    await askByName(duty, 'supervisor', 'staff')
    await duty.getByLabel('How long they have').fill('15m')
    await duty.getByLabel('Counted in').selectOption('open')
    await duty.getByLabel('Then').selectOption('escalate')
    await save(rules)
    const [asked, ...more] = await tryOut('Duty managers, else the owner', async () => {})
    expect(more).to.deep.equal([])
    for (const name of ['supervisor', 'staff'] as const) expect(asked).to.include(await nameOf(name))
    await leaveConsole()
    await runHotel(w)
  })

  it('stations’, where nobody decides', async () => {
    await begin('Stations')
    await press(rule(1), 'Tell somebody')
    await whoIn(rule(1)).selectOption('role')
    await rule(1).getByLabel('Which').selectOption('STAFF')
    await save(STATION_RULES)
    expect(await tryOut('Stations', async () => {})).to.deep.equal([])
    await page.getByText('Nobody has to decide.').waitFor()
    await leaveConsole()
    await runStations(w)
  })
})
