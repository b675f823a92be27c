import { expect } from 'chai'
import { cleanName } from '../../shared/files/rules.ts'
import { excerptOfAnswer } from '../../shared/kit/outside/delivery-result.ts'
import { cutText, makeStorable } from '../../shared/kit/text/storable.ts'

describe('a text from outside', () => {
  it('loses what no database takes, and nothing else', () => {
    expect(makeStorable('a\0b \ud83d c \ude00 \ud83d\ude00 ế')).to.equal('a\uFFFDb \uFFFD c \uFFFD 😀 ế')
  })

  it('is cut between characters, never inside one', () => {
    expect(cutText('😀😀😀', 3)).to.equal('😀😀😀')
    expect(cutText('😀😀😀😀', 3)).to.equal('😀😀…')
    expect(excerptOfAnswer('😀'.repeat(600))).to.equal(`${'😀'.repeat(499)}…`)
  })

  it('that names a file is one that can be kept', () => {
    expect(cleanName('half \ud83d.txt')).to.equal('half \uFFFD.txt')
    expect(cleanName('a\0.txt')).to.equal('a.txt')
  })
})
