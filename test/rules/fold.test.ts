import { expect } from 'chai'
import { partsOf, queriesOf, searchTermsIn, termsOf } from '../../shared/chat/terms.ts'
import { foldText, foldCase, gramsOf, piecesOf, wordsOf } from '../../shared/kit/text/fold.ts'

const VOWELS = 'aăâeêioôơuưy'
const TONES = ['', '\u0300', '\u0301', '\u0303', '\u0309', '\u0323']
const LETTERS = [...[...VOWELS].flatMap((vowel) => TONES.map((tone) => (vowel + tone).normalize('NFC'))), 'đ']

describe('text where accents do not count', () => {
  it('is the same for every Vietnamese letter, small and capital, however the keyboard composed it', () => {
    const plain = { ă: 'a', â: 'a', ê: 'e', ô: 'o', ơ: 'o', ư: 'u', đ: 'd' } as const
    const isMarked = (letter: string): letter is keyof typeof plain => letter in plain
    for (const letter of LETTERS) {
      const vowel = letter
        .normalize('NFD')
        .replaceAll(new RegExp(`[${TONES.join('')}]`, 'g'), '')
        .normalize('NFC')
      const expected = isMarked(vowel) ? plain[vowel] : vowel
      for (const form of [
        letter,
        letter.toUpperCase(),
        letter.normalize('NFD'),
        letter.toUpperCase().normalize('NFD'),
      ])
        expect(foldText(form), form).to.equal(expected)
    }
    expect(new Set(LETTERS).size).to.equal(73)
  })

  it('keeps its accents where only letter case is left out', () => {
    expect(foldCase('ĐƯỜNG'.normalize('NFD'))).to.equal('đường')
    expect(foldCase('chào')).not.to.equal(foldCase('chao'))
  })

  it('is the same in full width, in other typefaces, with ligatures, and with signs in it that nobody sees', () => {
    for (const [written, meant] of [
      ['Ｘｅ　２９Ａ', 'xe 29a'],
      ['𝐗𝐞', 'xe'],
      ['ﬁn', 'fin'],
      ['chà\u200bo', 'chao'],
      ['c\u00adhà\u2060o\ufeff', 'chao'],
      ['ｶﾞｽ', 'ガス'],
      ['Łódź', 'lodz'],
      ['Straße', 'strasse'],
    ] as const)
      expect(foldText(written)).to.equal(meant)
    expect(foldText('한국'.normalize('NFD'))).to.equal('한국')
    expect(wordsOf('\u3164\u200b')).to.deep.equal([])
  })

  it('keeps the marks that are letters in other scripts, and takes off those that are accents', () => {
    expect(foldText('ที่')).to.equal('ที่')
    expect(foldText('が')).not.to.equal(foldText('か'))
    expect(foldText('Ά й é ش\u0651')).to.equal(foldText('Α и e ش'))
  })

  it('is cut where a script without spaces begins, and such a run into pieces of three letters', () => {
    expect(wordsOf('iPhone用ケースです、東京')).to.deep.equal(['iPhone', '用ケースです', '東京'])
    expect(gramsOf('東京都')).to.deep.equal(['東京都', '京都', '都'])
  })

  it('is made of words, with other signs between them, and put together again it is the text', () => {
    const text = 'Xe 29A-123.45, về *nhà* 🙂!'
    expect(wordsOf(text)).to.deep.equal(['Xe', '29A', '123', '45', 'về', 'nhà'])
    expect(
      piecesOf(text)
        .map((piece) => piece.text)
        .join(''),
    ).to.equal(text)
    expect(wordsOf('về'.normalize('NFD'))).to.have.length(1)
    expect(wordsOf(' …!? ')).to.deep.equal([])
  })
})

describe('what a message is found by', () => {
  const room = 'abcdef12-0000-4000-8000-000000000000'

  it('is each of its words as written, and without accents where it has any, each in its room', () => {
    expect(termsOf(room, 'Chào OK chào')).to.have.members(['abcdef=chào', 'abcdef~chao', 'abcdef=ok'])
    expect(termsOf(room, 'ＯＫ\u200b, o\u00adk 你好')).to.have.members([
      'abcdef=ok',
      'abcdef=你好',
      'abcdef=好',
    ])
  })

  it('is listed for the organisation, too, with its day, where there is a word in it', () => {
    const listed = { orgId: '123456ab-0000-4000-8000-000000000000', at: new Date('2026-03-01T23:59:59Z') }
    expect(termsOf(room, 'OK', listed)).to.have.members(['abcdef=ok', '#123456=ok', '@1234562026-03-01'])
    expect(termsOf(room, '…', listed)).to.deep.equal([])
  })

  it('asks for whole words, but for the last one while it is being typed', () => {
    expect(queriesOf(room, searchTermsIn('Chào an')).exact).to.equal(`'abcdef=chào' & 'abcdef=an':*`)
    expect(queriesOf(room, searchTermsIn('Chào an ')).exact).to.equal(`'abcdef=chào' & 'abcdef=an'`)
    expect(queriesOf(room, searchTermsIn('chào ')).loose).to.equal(`('abcdef~chao' | 'abcdef=chao')`)
  })

  it('asks for pieces of three letters where words stand without spaces, and for their beginning where fewer are given', () => {
    expect(queriesOf(room, searchTermsIn('東京タワー')).exact).to.equal(
      `'abcdef=東京タ' & 'abcdef=京タワ' & 'abcdef=タワー'`,
    )
    expect(queriesOf(room, searchTermsIn('東京 ')).exact).to.equal(`'abcdef=東京':*`)
  })

  it('takes nothing of what is asked for as a command', () => {
    const { exact } = queriesOf(room, searchTermsIn(`a' & !b | (c:*) \\ <-> "d" `))
    expect(exact).to.equal(`'abcdef=a' & 'abcdef=b' & 'abcdef=c' & 'abcdef=d'`)
  })

  it('is shown in parts, without markup, whatever the text holds', () => {
    const text = '<b>Chào</b> chị, chao ôi: chào'
    const parts = partsOf(text, searchTermsIn('chao '))
    expect(parts.map((part) => part.text).join('')).to.equal(text)
    expect(parts.filter(({ isMatch }) => isMatch).map((part) => part.text)).to.deep.equal([
      'Chào',
      'chao',
      'chào',
    ])
    expect(partsOf('Chờ xe chở', searchTermsIn('ch')).filter(({ isMatch }) => isMatch)).to.have.length(2)
    for (const [content, q, found] of [
      ['明日東京駅で会う', '東京', '東京'],
      ['ｶﾞｽ料金の件', 'ガス', 'ｶﾞｽ'],
      ['ไปสนามบินกี่โมง', 'สนามบิน', 'สนามบิน'],
      ['고객센터에서'.normalize('NFD'), '센터', '센터'.normalize('NFD')],
    ] as const) {
      expect(
        partsOf(content, searchTermsIn(q))
          .filter(({ isMatch }) => isMatch)
          .map((part) => part.text),
      ).to.deep.equal([found])
      expect(
        partsOf(content, searchTermsIn(q))
          .map((part) => part.text)
          .join(''),
      ).to.equal(content)
    }
  })
})
