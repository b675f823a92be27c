import { expect } from 'chai'
import { SENTENCES } from '../../shared/audit/sentences.ts'
import { ACTION_WORDS } from '../../web/texts/audit-words.ts'

describe('the audit in the console', () => {
  it('has words for every action that is written down, and for no other', () =>
    expect(Object.keys(ACTION_WORDS).toSorted()).to.deep.equal(Object.keys(SENTENCES).toSorted()))
})
