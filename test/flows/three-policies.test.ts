// Three organisations set their own policies, as docs/POLICIES.md shows them: foretold by the simulation, and carried out, while
// people leave and a holiday comes in between.

import { expect } from 'chai'
import type { PolicyRule } from '../../shared/approvals/policy/schema.ts'
import { toldTo } from '../support/story.ts'
import { aWorld, type World } from '../support/world.ts'
import {
  fleetRules,
  hotelRules,
  runFleet,
  runHotel,
  runStations,
  STATION_RULES,
  tellPolicies,
  type PolicyStory,
} from '../support/worked-policies.ts'

describe('a policy of its own', () => {
  let w: World
  let story: PolicyStory
  beforeEach(async () => {
    w = await aWorld({ with: ['api', 'workers'] })
    story = tellPolicies(w)
  })
  afterEach(() => w.end())

  async function setRules(rules: readonly PolicyRule[]): Promise<void> {
    const reply = await (await w.as('admin')).put('/organisation/approval-policies', { rules })
    expect([reply.status, reply.body.detail]).to.deep.equal([200, undefined])
  }

  describe('of a fleet', () => {
    beforeEach(async () => setRules(await fleetRules(w)))

    it('asks the head of the department about private trips, finance about far ones, and nobody on business', async () => {
      const { ask, approve, statusOf } = story
      const business = await ask({ isBusinessTrip: true, distanceKm: 500 })
      expect(await statusOf(business.bookingId)).to.equal('PENDING')
      const near = await ask({ isBusinessTrip: false, distanceKm: 200 })
      expect(await approve('manager', near.id)).to.equal('APPROVED')
      const far = await ask({ isBusinessTrip: false, distanceKm: 201 })
      expect(await approve('manager', far.id)).to.equal('PENDING')
      expect(await statusOf(far.bookingId)).to.equal('PENDING_APPROVAL')
      expect(await approve('supervisor', far.id)).to.equal('APPROVED')
      expect(await statusOf(far.bookingId)).to.equal('PENDING')
    })

    it('goes on with the next head when the one who is asked leaves in the middle', () => runFleet(w))
  })

  describe('of a hotel', () => {
    beforeEach(async () => setRules(await hotelRules(w)))

    it('is content with either of two duty managers', async () => {
      const { ask, approve, statusOf } = story
      const { id, bookingId } = await ask({})
      expect(await approve('staff', id)).to.equal('APPROVED')
      expect(await statusOf(bookingId)).to.equal('PENDING')
      expect(await toldTo(w, 'owner')).not.to.include('APPROVAL_REQUIRED')
    })

    it('asks the owner after a quarter of an hour in which it is open, a holiday later, and the other one alone when one leaves', () =>
      runHotel(w))

    it('decides by its policy once none of the duty managers is left', async () => {
      const { ask, change, statusOf } = story
      const { bookingId } = await ask({})
      for (const name of ['staff', 'supervisor'] as const) await change(name, { isActive: false })
      expect(await statusOf(bookingId)).to.equal('PENDING')
      expect(await toldTo(w, 'admin')).to.include('NO_APPROVER')
    })
  })

  it('of stations asks nobody, and tells the staff', async () => {
    await setRules(STATION_RULES)
    await runStations(w)
  })
})
