import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { faultsOf } from '../support/axe.ts'
import { SIZES, type Consoles, withConsoles } from '../support/console.ts'
import { tripOnItsDay } from '../support/people.ts'
import type { World } from '../support/world.ts'

describe('an approval policy in the console', function () {
  let w: World
  let consoles: Consoles
  withConsoles((opened) => ({ w, consoles } = opened), { each: true })

  const rule = (page: Page, number: number) =>
    page.getByRole('group', { name: `Rule ${number}`, exact: true })

  for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[])
    it(`is written in a form, tried out, and holds for the next booking, ${size}`, async () => {
      const page = await consoles.open('admin', '/organisation?view=policies', { size })
      for (let left = 3; left > 1; left--) await page.getByRole('button', { name: 'Remove rule 1' }).click()
      // The one that fits always: nobody decides any more.
      await rule(page, 1).getByRole('button', { name: 'Remove step 1' }).click()
      await rule(page, 1).getByLabel('Name of the rule').fill('Others')
      await page.getByRole('button', { name: 'Add a rule' }).click()
      await rule(page, 1).getByLabel('Name of the rule').fill('Large groups')
      // With the keyboard alone.
      await rule(page, 1).getByRole('button', { name: 'Add a condition' }).focus()
      await page.keyboard.press('Enter')
      await rule(page, 1).getByLabel('What is looked at').selectOption('passengerCount')
      await rule(page, 1).getByLabel('Compared').selectOption('atLeast')
      await rule(page, 1).getByLabel('With').fill('5')
      await rule(page, 1).getByLabel('How long they have').fill('soon')
      await rule(page, 1).getByLabel('Then').selectOption('cancel')
      await page.getByRole('button', { name: 'Save' }).click()
      await rule(page, 1).locator('.field-problem').waitFor()
      // A browser itself notes that it was refused.
      expect(consoles.troubles.splice(0).filter((trouble) => !trouble.includes('400'))).to.deep.equal([])
      await rule(page, 1).getByLabel('How long they have').fill('4h')
      await rule(page, 1).getByRole('button', { name: 'Add a step' }).click()
      const second = rule(page, 1).getByRole('group', { name: 'Step 2', exact: true })
      await second.getByLabel('Person or group 1').selectOption('role')
      await second.getByLabel('Which').selectOption('OWNER')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Saved.', { exact: true }).waitFor()
      expect(await faultsOf(page)).to.deep.equal([])

      const tried = page.getByRole('region', { name: 'Try it out' })
      await tried.getByLabel('Day').fill('2031-03-12')
      await tried.getByLabel('Passengers').fill('6')
      await tried.getByRole('button', { name: 'Show the route' }).click()
      await tried.getByText('Large groups').first().waitFor()
      expect(await tried.getByRole('listitem').count()).to.equal(2)
      // An ADMIN has no manager.
      await tried.getByText('Nobody can be asked.').waitFor()
      expect(await faultsOf(page)).to.deep.equal([])

      const { body: policy } = await (await w.as('admin')).get('/organisation/approval-policies')
      expect(policy.rules).to.deep.equal([
        {
          name: 'Large groups',
          when: { fact: 'passengerCount', atLeast: 5 },
          steps: [
            { approvers: [{ manager: 1 }], need: 'any', ttl: '4h', onExpiry: 'cancel' },
            { approvers: [{ role: 'OWNER' }], need: 'any' },
          ],
        },
        { name: 'Others', steps: [] },
      ])
      const employee = await w.as('employee')
      const asked = async (passengerCount: number): Promise<string> =>
        (await employee.post('/bookings', { ...tripOnItsDay(), passengerCount })).body.status
      expect([await asked(6), await asked(4)]).to.deep.equal(['PENDING_APPROVAL', 'PENDING'])
      expect(consoles.troubles).to.deep.equal([])
    })

  it('that says more than the form can show is kept as it is', async () => {
    const admin = await w.as('admin')
    const rules = [
      {
        name: 'Odd',
        when: { not: { fact: 'isBusinessTrip', equals: true } },
        steps: [{ approvers: [{ userIds: [await w.idOf('owner'), await w.idOf('director')] }], need: 2 }],
      },
      { name: 'Others', steps: [], copyTo: [{ manager: 1 }] },
    ]
    expect((await admin.put('/organisation/approval-policies', { rules })).status).to.equal(200)
    const page = await consoles.open('admin', '/organisation?view=policies')
    await rule(page, 1).getByText('conditions within it').waitFor()
    await rule(page, 2).getByLabel('Name of the rule').fill('All others')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Saved.', { exact: true }).waitFor()
    const { body } = await admin.get('/organisation/approval-policies')
    expect(body.rules).to.deep.equal([rules[0], { ...rules[1], name: 'All others' }])
    expect(consoles.troubles).to.deep.equal([])
  })
})
