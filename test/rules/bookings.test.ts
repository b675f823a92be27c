import { expect } from 'chai'
import {
  approvalTypeOf,
  bookingCode,
  initialStatus,
  mayCancel,
  mayDispatch,
  mayDrive,
  mustBecome,
  mustEndAfterStart,
  mustMatchVersion,
} from '../../shared/bookings/rules.ts'
import { BOOKING_STATUSES, type BookingStatus } from '../../shared/bookings/schema.ts'
import { factsOf } from '../../shared/bookings/subject.ts'
import { FACTS } from '../../shared/approvals/policy/schema.ts'
import { AppError } from '../../shared/kit/declare/errors.ts'
import { POSITION_LEVELS, USER_SEGMENTS, type PositionLevel } from '../../shared/users/schema.ts'
import { ROLES } from '../../shared/organisations/roles.ts'

/** What may follow what; everything else is refused. */
const FOLLOWS: Readonly<Record<BookingStatus, string>> = {
  PENDING_APPROVAL: 'PENDING CANCELLED',
  PENDING: 'PENDING_APPROVAL CONFIRMED ASSIGNED CANCELLED REDIRECTED_EXTERNAL',
  CONFIRMED: 'PENDING_APPROVAL PENDING ASSIGNED CANCELLED REDIRECTED_EXTERNAL',
  ASSIGNED: 'PENDING_APPROVAL PENDING ASSIGNED IN_PROGRESS CANCELLED REDIRECTED_EXTERNAL',
  IN_PROGRESS: 'COMPLETED CANCELLED',
  COMPLETED: '',
  CANCELLED: '',
  REDIRECTED_EXTERNAL: '',
}

/** Per level: DAILY on business, DAILY privately, SOMETIMES on business, SOMETIMES privately, neither on business, neither privately. */
const ROUTES: Readonly<Record<PositionLevel, string>> = {
  STAFF: 'CC_ONLY MANAGER_APPROVAL MANAGER_APPROVAL MANAGER_APPROVAL MANAGER_APPROVAL MANAGER_APPROVAL',
  SENIOR: 'CC_ONLY MANAGER_APPROVAL MANAGER_APPROVAL MANAGER_APPROVAL MANAGER_APPROVAL MANAGER_APPROVAL',
  TEAM_LEAD: 'CC_ONLY MANAGER_APPROVAL MANAGER_APPROVAL MANAGER_APPROVAL MANAGER_APPROVAL MANAGER_APPROVAL',
  MGR: 'AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED',
  SR_MGR: 'AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED',
  DIRECTOR: 'AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED',
  VP: 'AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED',
  C_LEVEL: 'AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED AUTO_APPROVED',
}

function refusal(work: () => void): AppError {
  try {
    work()
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('It was allowed.')
}

describe('the states of a booking', () => {
  it('say all that an approval policy may look at', () => {
    const ask = { scheduledDate: '2031-03-10', scheduledTime: '08:30', passengerCount: 2 }
    const person = {
      role: 'EMPLOYEE',
      positionLevel: 'STAFF',
      userSegment: 'DAILY',
      department: 'IT',
    } as const
    const trip = { ...ask, distanceKm: 201, amount: 5e6, resourceKind: 'VEHICLE' as const }
    expect(Object.keys(factsOf(ask, person, 1))).to.have.members(Object.keys(FACTS))
    expect(factsOf(trip, person, 1)).to.include({ distanceKm: 201, amount: 5e6, resourceKind: 'VEHICLE' })
  })

  for (const from of BOOKING_STATUSES) {
    const allowed = FOLLOWS[from].split(' ').filter(Boolean)
    it(`lets ${from} become ${allowed.join(', ') || 'nothing'}, and refuses the rest by naming both states`, () => {
      for (const to of BOOKING_STATUSES) {
        if (allowed.includes(to)) expect(() => mustBecome({ status: from }, to), to).not.to.throw()
        else
          expect(refusal(() => mustBecome({ status: from }, to))).to.include({
            status: 409,
            message: `A booking that is ${from} cannot become ${to}`,
          })
      }
    })
  }

  it('begins where the approval type says: waiting only when a manager is asked', () => {
    expect((['AUTO_APPROVED', 'CC_ONLY', 'MANAGER_APPROVAL'] as const).map(initialStatus)).to.deep.equal([
      'PENDING',
      'PENDING',
      'PENDING_APPROVAL',
    ])
  })
})

describe('who needs an approval', () => {
  for (const positionLevel of POSITION_LEVELS) {
    it(`decides by level first, then by segment and trip: ${positionLevel}`, () => {
      const routes = [...USER_SEGMENTS, null].flatMap((userSegment) =>
        [true, false].map((isBusiness) => approvalTypeOf({ positionLevel, userSegment }, isBusiness)),
      )
      expect(routes.join(' ')).to.equal(ROUTES[positionLevel])
    })
  }
})

describe('the code of a booking', () => {
  const cases: readonly [string, string, number, string][] = [
    ['demo', '2031-03-10', 1, 'DEMO-20310310-0001'],
    ['demo', '2031-12-31', 9999, 'DEMO-20311231-9999'],
    ['acme', '2031-01-01', 10_000, 'ACME-20310101-10000'],
  ]
  for (const [slug, day, number, code] of cases) {
    it(`is ${code} for number ${number} of the day`, () =>
      expect(bookingCode(slug, day, number)).to.equal(code))
  }
})

describe('what else a booking is held to', () => {
  it('ends on its first day or later', () => {
    expect(() => mustEndAfterStart({ scheduledDate: '2031-03-10' })).not.to.throw()
    expect(() => mustEndAfterStart({ scheduledDate: '2031-03-10', endDate: '2031-03-10' })).not.to.throw()
    expect(
      refusal(() => mustEndAfterStart({ scheduledDate: '2031-03-10', endDate: '2031-03-09' })).status,
    ).to.equal(422)
  })

  it('is changed only by who saw its newest version, or who does not care', () => {
    expect(() => mustMatchVersion({ version: 3 }, undefined)).not.to.throw()
    expect(() => mustMatchVersion({ version: 3 }, 3)).not.to.throw()
    expect(refusal(() => mustMatchVersion({ version: 3 }, 2))).to.include({
      status: 412,
      message: 'The booking was changed meanwhile: it has version 3, not 2',
    })
  })

  it('is dispatched by the staff only', () => {
    expect(ROLES.filter((role) => mayDispatch({ role }))).to.deep.equal([
      'ADMIN',
      'SUPERVISOR',
      'OWNER',
      'STAFF',
    ])
  })

  it('is driven by the driver it has, not by any driver, or by the staff', () => {
    expect(
      ROLES.filter((role) => mayDrive({ id: 'me', role }, { assignedDriverId: 'somebody' })),
    ).to.deep.equal(['ADMIN', 'SUPERVISOR', 'OWNER', 'STAFF'])
    expect(ROLES.every((role) => mayDrive({ id: 'me', role }, { assignedDriverId: 'me' }))).to.equal(true)
  })

  it('is cancelled by whoever asked, or by the staff', () => {
    expect(ROLES.filter((role) => mayCancel({ id: 'me', role }, { requesterId: 'somebody' }))).to.deep.equal([
      'ADMIN',
      'SUPERVISOR',
      'OWNER',
      'STAFF',
    ])
    expect(mayCancel({ id: 'me', role: 'CUSTOMER' }, { requesterId: 'me' })).to.equal(true)
  })
})
