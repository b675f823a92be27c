import { expect } from 'chai'
import { EVENT_TYPES } from '../../shared/integrations/schema.ts'
import { ROLES } from '../../shared/organisations/roles.ts'
import { peopleIn, sentenceOf } from '../../shared/audit/describe.ts'
import { SENTENCES } from '../../shared/audit/sentences.ts'

const MAI = '0b5a2f7e-0000-4000-8000-000000000001'
const NAM = '0b5a2f7e-0000-4000-8000-000000000002'
const ROW = {
  actorId: MAI,
  action: 'delegation_created',
  entity: 'delegation',
  entityId: null,
  metadata: { delegateId: NAM },
}
const NAMES = new Map([
  [MAI, 'Trần Thị Mai'],
  [NAM, 'Lê {Hoàng} <Nam>'],
])

describe('a sentence of the audit', () => {
  for (const action of Object.keys(SENTENCES)) {
    for (const locale of ['vi', 'en'] as const) {
      it(`can be said of ${action} in ${locale}, with anything or nothing in its metadata`, () => {
        expect(sentenceOf({ ...ROW, action, metadata: {} }, locale, NAMES))
          .to.match(/\S \S/)
          .and.not.match(/[{}]/)
      })
    }
  }

  it('names people as they are called now, whatever their names look like', () => {
    expect(peopleIn(ROW)).to.have.members([MAI, NAM])
    expect(sentenceOf(ROW, 'en', NAMES)).to.equal(
      'Trần Thị Mai delegated their decisions to Lê {Hoàng} <Nam>',
    )
  })

  it('names the system where nobody did it, and leaves a gap for whom nobody knows', () => {
    expect(sentenceOf({ ...ROW, actorId: null }, 'vi', new Map())).to.equal(
      'Hệ thống đã ủy quyền duyệt cho …',
    )
  })

  it('says how a decision came about', () => {
    const decided = { ...ROW, action: 'approval_decided', metadata: { code: 'X-1', decision: 'rejected' } }
    expect(sentenceOf(decided, 'en', NAMES)).to.equal('Trần Thị Mai rejected X-1')
    expect(
      sentenceOf(
        { ...decided, metadata: { code: 'X-1', decision: 'approved', decidedBy: 'policy' } },
        'vi',
        NAMES,
      ),
    ).to.equal('X-1 được chấp thuận theo quy định')
  })

  it('calls a booking cancelled only where somebody cancelled it', () => {
    const say = (decidedBy?: string): string =>
      sentenceOf(
        { ...ROW, action: 'booking_cancelled', metadata: { code: 'X-1', ...(decidedBy && { decidedBy }) } },
        'en',
        NAMES,
      )
    expect([say(), say('person'), say('expiry'), say('policy')]).to.deep.equal([
      'X-1 was cancelled',
      'X-1 was rejected',
      'X-1 was not approved in time',
      'X-1 was rejected by the rules',
    ])
  })

  for (const action of Object.keys(SENTENCES)) {
    it(`chooses its words by what stands in the row, and puts in only names, codes and figures: ${action}`, () => {
      const put = Object.fromEntries(
        ['role', 'type', 'decision', 'decidedBy', 'outcome', 'reason', 'status', 'kind', 'entity'].map(
          (name) => [name, `<${name}>`],
        ),
      )
      expect(sentenceOf({ ...ROW, action, metadata: put }, 'vi', NAMES)).to.not.match(/<\w+>/)
    })
  }

  for (const role of ROLES)
    it(`has a word for the role ${role}`, () => mustHaveWord('user_created', { role }))
  for (const type of EVENT_TYPES)
    it(`has a word for ${type} from outside`, () => mustHaveWord('event_received', { type }))

  function mustHaveWord(action: string, metadata: Record<string, unknown>): void {
    for (const locale of ['vi', 'en'] as const) {
      expect(sentenceOf({ ...ROW, action, metadata }, locale, NAMES)).to.not.equal(
        sentenceOf({ ...ROW, action, metadata: { role: 'x', type: 'x' } }, locale, NAMES),
      )
    }
  }

  it('shows the action that only another release knows', () =>
    expect(sentenceOf({ ...ROW, action: 'moon_landed' }, 'en', NAMES)).to.equal('moon_landed'))
})
