import { expect } from 'chai'
import { peopleIn, SENTENCES, sentenceOf } from '../../shared/audit/sentences.ts'

const MAI = '0b5a2f7e-0000-4000-8000-000000000001'
const NAM = '0b5a2f7e-0000-4000-8000-000000000002'
const ROW = { actorId: MAI, action: 'delegation_created', entity: 'delegation', entityId: null, metadata: { delegateId: NAM } }
const NAMES = new Map([[MAI, 'Trần Thị Mai'], [NAM, 'Lê {Hoàng} <Nam>']])

describe('a sentence of the audit', () => {
  for (const action of Object.keys(SENTENCES)) {
    for (const locale of ['vi', 'en'] as const) {
      it(`can be said of ${action} in ${locale}, with anything or nothing in its metadata`, () => {
        expect(sentenceOf({ ...ROW, action, metadata: {} }, locale, NAMES)).to.match(/\S \S/).and.not.match(/[{}]/)
      })
    }
  }

  it('names people as they are called now, whatever their names look like', () => {
    expect(peopleIn(ROW)).to.have.members([MAI, NAM])
    expect(sentenceOf(ROW, 'en', NAMES)).to.equal('Trần Thị Mai delegated their decisions to Lê {Hoàng} <Nam>')
  })

  it('names the house where nobody did it, and leaves a gap for whom nobody knows', () => {
    expect(sentenceOf({ ...ROW, actorId: null }, 'vi', new Map())).to.equal('Hệ thống đã ủy quyền duyệt cho …')
  })

  it('says how a decision came about', () => {
    const decided = { ...ROW, action: 'approval_decided', metadata: { code: 'X-1', decision: 'rejected' } }
    expect(sentenceOf(decided, 'en', NAMES)).to.equal('Trần Thị Mai rejected X-1')
    expect(sentenceOf({ ...decided, metadata: { code: 'X-1', decision: 'approved', decidedBy: 'policy' } }, 'vi', NAMES)).to.equal('X-1 được chấp thuận theo quy định')
  })

  it('shows the action that only another release knows', () => expect(sentenceOf({ ...ROW, action: 'moon_landed' }, 'en', NAMES)).to.equal('moon_landed'))
})
