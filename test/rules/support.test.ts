import { expect } from 'chai'
import {
  fieldChangesBetween,
  maySeeTicket,
  mustBeAllowed,
  mustBeType,
  newsOf,
  patchTicket,
  timelineOf,
} from '../../shared/support/rules.ts'
import type { Ticket, TicketPatch } from '../../shared/support/schema.ts'
import { ROLES, STAFF_ROLES, type Role } from '../../shared/organisations/roles.ts'

type Fields = Pick<Ticket, 'status' | 'response' | 'priority' | 'assigneeId' | 'rating'>
const OPEN: Fields = { status: 'open', response: null, priority: 'medium', assigneeId: null, rating: null }
const CLOSED: Fields = { ...OPEN, status: 'closed' }
const owner = { id: 'owner', role: 'DRIVER' as Role }

describe('who may do what with a ticket', () => {
  const refusal = (
    actor: { id: string; role: Role },
    patch: TicketPatch,
    status: Ticket['status'] = 'open',
  ): string => {
    try {
      mustBeAllowed(actor, { userId: 'owner', status }, patch)
      return 'may'
    } catch (error) {
      return String(error)
    }
  }

  for (const role of ROLES) {
    const isStaff = STAFF_ROLES.some((each) => each === role)
    it(`${role}: ${isStaff ? 'sees it and works on it' : 'sees it only as its owner'}`, () => {
      expect(maySeeTicket({ id: 'somebody', role }, { userId: 'owner' })).to.equal(isStaff)
      expect(maySeeTicket({ id: 'owner', role }, { userId: 'owner' })).to.equal(true)
      expect(refusal({ id: 'somebody', role }, { status: 'closed' }) === 'may').to.equal(isStaff)
    })
  }

  it('only its owner rates it, the staff does not', () => {
    expect(refusal(owner, { rating: 5 }, 'closed')).to.equal('may')
    expect(refusal({ id: 'somebody', role: 'ADMIN' }, { rating: 5 }, 'closed')).to.include(
      'Only its owner rates',
    )
  })

  it('it is rated once it is closed, and not before', () => {
    expect(refusal(owner, { rating: 5 }, 'open')).to.include('Only a closed ticket')
    expect(refusal(owner, { rating: 5 }, 'in_progress')).to.include('Only a closed ticket')
  })

  for (const patch of [
    { status: 'closed' },
    { response: 'x' },
    { priority: 'low' },
    { assigneeId: null },
  ] as TicketPatch[]) {
    it(`its owner does not change ${Object.keys(patch).join()}, not even beside a rating`, () => {
      expect(refusal(owner, { ...patch, rating: 5 }, 'closed')).to.include(
        `Only the staff changes ${Object.keys(patch).join()}`,
      )
    })
  }
})

describe('types of tickets', () => {
  it('are those of every organisation and its own', () => {
    for (const type of ['battery_issue', 'station_issue', 'other'])
      expect(() => mustBeType(type, {})).not.to.throw()
    expect(() => mustBeType('lost_item', {})).to.throw()
    expect(() => mustBeType('lost_item', { ticketTypes: ['lost_item'] })).not.to.throw()
  })
})

describe('what a change comes to', () => {
  const cases: readonly [string, Fields, TicketPatch, string, string][] = [
    ['taking it up', OPEN, { status: 'in_progress' }, 'changed', 'working'],
    [
      'an answer, whatever else',
      OPEN,
      { status: 'in_progress', response: 'Tới ngay' },
      'changed',
      'answered',
    ],
    ['an answer taken back', { ...OPEN, response: 'Tới ngay' }, { response: null }, 'changed', 'changed'],
    ['giving it to somebody', OPEN, { assigneeId: 'a' }, 'changed', 'assigned'],
    ['taking it from them', { ...OPEN, assigneeId: 'a' }, { assigneeId: null }, 'changed', 'changed'],
    ['closing it with an answer', OPEN, { status: 'closed', response: 'Xong' }, 'closed', 'answered'],
    ['opening it again', CLOSED, { status: 'in_progress' }, 'reopened', 'reopened'],
    ['a rating', CLOSED, { rating: 4 }, 'rated', 'changed'],
    ['another priority', OPEN, { priority: 'urgent' }, 'changed', 'changed'],
  ]
  for (const [name, before, patch, what, news] of cases) {
    it(name, () => {
      const after = patchTicket(before, patch)
      expect([timelineOf(before, after), newsOf(before, after)]).to.deep.equal([what, news])
    })
  }

  it('names each field that became something else, and no other', () => {
    const after = patchTicket(
      { ...OPEN, response: 'Cũ' },
      { status: 'in_progress', response: ' Mới ', priority: 'medium' },
    )
    expect(fieldChangesBetween({ ...OPEN, response: 'Cũ' }, after)).to.deep.equal([
      { field: 'status', from: 'open', to: 'in_progress' },
      { field: 'response', from: 'Cũ', to: 'Mới' },
    ])
    expect(fieldChangesBetween(OPEN, patchTicket(OPEN, { response: '  ' }))).to.deep.equal([])
  })

  it('opened again, it has lost its rating', () => {
    expect(patchTicket({ ...CLOSED, rating: 5 }, { status: 'open' }).rating).to.equal(null)
    expect(patchTicket({ ...CLOSED, rating: 5 }, { response: 'Thêm' }).rating).to.equal(5)
  })
})
