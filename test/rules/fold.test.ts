import { expect } from 'chai'
import { partsOf, queriesOf, soughtIn, termsOf } from '../../shared/chat/terms.ts'
import { fold, foldCase, piecesOf, wordsOf } from '../../shared/kit/fold.ts'

const VOWELS = 'aăâeêioôơuưy'
const TONES = ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323']
const LETTERS = [...[...VOWELS].flatMap((vowel) => TONES.map((tone) => (vowel + tone).normalize('NFC'))), 'đ']

describe('text where accents do not count', () => {
  it('is the same for every Vietnamese letter, small and capital, however the keyboard composed it', () => {
    const plain = { ă: 'a', â: 'a', ê: 'e', ô: 'o', ơ: 'o', ư: 'u', đ: 'd' } as const
    const isMarked = (letter: string): letter is keyof typeof plain => letter in plain
    for (const letter of LETTERS) {
      const vowel = letter.normalize('NFD').replaceAll(new RegExp(`[${TONES.join('')}]`, 'g'), '').normalize('NFC')
      const expected = isMarked(vowel) ? plain[vowel] : vowel
      for (const form of [letter, letter.toUpperCase(), letter.normalize('NFD'), letter.toUpperCase().normalize('NFD')]) expect(fold(form), form).to.equal(expected)
    }
    expect(new Set(LETTERS).size).to.equal(73)
  })

  it('keeps its accents where only letter case is left out', () => {
    expect(foldCase('ĐƯỜNG'.normalize('NFD'))).to.equal('đường')
    expect(foldCase('chào')).not.to.equal(foldCase('chao'))
  })

  it('is made of words, with other signs between them, and put together again it is the text', () => {
    const text = 'Xe 29A-123.45, về *nhà* 🙂!'
    expect(wordsOf(text)).to.deep.equal(['Xe', '29A', '123', '45', 'về', 'nhà'])
    expect(piecesOf(text).map((piece) => piece.text).join('')).to.equal(text)
    expect(wordsOf('về'.normalize('NFD'))).to.have.length(1)
    expect(wordsOf(' …!? ')).to.deep.equal([])
  })
})

describe('what a message is found by', () => {
  const room = 'abcdef12-0000-4000-8000-000000000000'

  it('is each of its words as written, and without accents where it has any, each in its room', () => {
    expect(termsOf(room, 'Chào OK chào')).to.deep.equal(['abcdef=chào', 'abcdef~chao', 'abcdef=ok'])
  })

  it('asks for whole words, but for the last one while it is being typed', () => {
    expect(queriesOf(room, soughtIn('Chào an')).exact).to.equal(`'abcdef=chào' & 'abcdef=an':*`)
    expect(queriesOf(room, soughtIn('Chào an ')).exact).to.equal(`'abcdef=chào' & 'abcdef=an'`)
    expect(queriesOf(room, soughtIn('chào ')).loose).to.equal(`('abcdef~chao' | 'abcdef=chao')`)
  })

  it('takes nothing of what is asked for as a command', () => {
    const { exact } = queriesOf(room, soughtIn(`a' & !b | (c:*) \\ <-> "d" `))
    expect(exact).to.equal(`'abcdef=a' & 'abcdef=b' & 'abcdef=c' & 'abcdef=d'`)
  })

  it('is shown in parts, without markup, whatever the text holds', () => {
    const text = '<b>Chào</b> chị, chao ôi: chào'
    const parts = partsOf(text, soughtIn('chao '))
    expect(parts.map((part) => part.text).join('')).to.equal(text)
    expect(parts.filter(({ isMatch }) => isMatch).map((part) => part.text)).to.deep.equal(['Chào', 'chao', 'chào'])
    expect(partsOf('Chờ xe chở', soughtIn('ch')).filter(({ isMatch }) => isMatch)).to.have.length(2)
  })
})
