import { expect } from 'chai'
import { readSet } from '../../bench/faq/set.ts'
import {
  prepareFaqs,
  scoreFaqs,
  type FaqWords,
  type PreparedFaqs,
  type Score,
} from '../../shared/inbox/faq/score.ts'
import { foldText } from '../../shared/kit/text/fold.ts'
import { inOnePiece } from '../../shared/kit/process/slices.ts'

const { faqs, asked } = readSet()
const scoresOf = (text: string, of: PreparedFaqs): Score[] => inOnePiece(scoreFaqs(text, of))
const prepared = (list: readonly FaqWords[]): PreparedFaqs => inOnePiece(prepareFaqs(list))
const hotel = prepared(faqs.hotel)
const businesses = Object.values(faqs).map((each) => ({ each, index: prepared(each) }))

const best = (text: string): Score | undefined => scoresOf(text, hotel)[0]
const FIXED: readonly (readonly [string, (text: string) => string])[] = [
  ['as it is', (text) => text],
  ['in capitals', (text) => text.toUpperCase()],
  ['as another keyboard composes it', (text) => text.normalize('NFD')],
  ['without accents', (text) => foldText(text)],
  ['without accents and in capitals', (text) => foldText(text).toUpperCase()],
  ['without punctuation', (text) => text.replaceAll(/[?!,.]/g, '')],
  ['with more of it', (text) => ` …${text.replaceAll(' ', ' - ')}???`],
  ['after a greeting', (text) => `Xin chào shop ơi, cho em hỏi ${text} Em cảm ơn ạ!`],
]

describe('the score of an FAQ', () => {
  for (const [how, vary] of FIXED) {
    it(`is at least 95 for each question and alternative of the published set, ${how}`, () => {
      for (const { each, index } of businesses) {
        for (const { id, question, alternativeQuestions } of each) {
          for (const text of [question, ...alternativeQuestions].map(vary)) {
            expect(scoresOf(text, index).find((score) => score.id === id)?.score ?? 0, text).to.be.at.least(
              95,
            )
          }
        }
      }
    })
  }

  it('is 100 for the question itself only, and less than 95 for whatever is not it', () => {
    expect(best('giờ nhận phòng và trả phòng là mấy giờ')?.score).to.equal(100)
    expect(best('gio nhan phong va tra phong la may gio')?.score).to.equal(97)
    expect(best('mấy giờ nhận phòng, mấy giờ trả phòng?')?.score).to.be.within(70, 94)
  })

  it('stays below 40 for what has nothing to do with any of them', () => {
    const unrelated = asked.filter(
      ({ kind, isHeldOut }) => (kind === 'far' || kind === 'chatter') && !isHeldOut,
    )
    for (const { text, business } of unrelated)
      expect(scoresOf(text, prepared(faqs[business]))[0]?.score ?? 0, text).to.be.below(40)
  })

  const ANSWERED: readonly (readonly [string, string, string])[] = [
    ['in other words', 'Do I get my money back if I call off my reservation?', 'en/hotel/cancel-booking'],
    ['with typing errors', 'is brekfast inclueded in the rat', 'en/hotel/breakfast'],
    ['with neighbours swapped', 'whats teh wifi pasword', 'en/hotel/wifi'],
    ['without accents', 'khach san co cho mang thu cung vao khong', 'vi/hotel/pets'],
    ['in the shorthand of chats', 'hủy phòng có đc hoàn tiền ko ad', 'vi/hotel/cancel-booking'],
    ['with the accent on the other letter', 'huỷ phòng có được hoàn tiền không', 'vi/hotel/cancel-booking'],
    ['as one word', 'what time is checkout', 'en/hotel/check-in-time'],
    [
      'in both languages',
      'hello shop, cho em hỏi late check-out phụ thu bao nhiêu ạ',
      'vi/hotel/early-check-in',
    ],
    ['with other endings', 'are you storing our bags before checking in', 'en/hotel/luggage'],
    [
      'behind a long greeting',
      'Dạ em chào anh chị lễ tân ạ, em tên Hương, cho em hỏi chút, khách sạn mình có hồ bơi không ạ? Em cảm ơn nhiều',
      'vi/hotel/pool-gym',
    ],
  ]
  for (const [how, text, id] of ANSWERED) {
    it(`reaches 70 for a question ${how}`, () => {
      expect(best(text)).to.include({ id }).and.to.have.property('score').that.is.at.least(70)
    })
  }

  const SCRIPTS = prepared(
    [
      ['ja/breakfast', '朝食は料金に含まれていますか？'],
      ['ja/parking', '駐車場はありますか？'],
      ['ja/wifi', 'Wi-Fiのパスワードは何ですか？'],
      ['zh/breakfast', '房价包含早餐吗？'],
      ['zh/parking', '酒店有停车场吗？'],
      ['zh/airport', '有机场接送服务吗？'],
      ['th/breakfast', 'ราคาห้องรวมอาหารเช้าหรือไม่'],
      ['th/parking', 'โรงแรมมีที่จอดรถไหม'],
      ['th/pool', 'สระว่ายน้ำเปิดกี่โมง'],
      ['ko/breakfast', '조식이 요금에 포함되어 있나요?'],
      ['ko/parking', '주차장이 있나요?'],
      ['ko/checkin', '체크인은 몇 시부터 가능한가요?'],
      ['en/checkin', 'What time is check-in?'],
      ['vi/breakfast', 'Giá phòng có bao gồm bữa sáng không?'],
    ].map(([id = '', question = '']) => ({ id, question, alternativeQuestions: [], keywords: [] })),
  )
  const WRITTEN: readonly (readonly [string, string, string])[] = [
    ['in Japanese', '駐車場はありますか', 'ja/parking'],
    [
      'in Japanese, among other words',
      'すみません、朝食は料金に含まれていますか教えてください',
      'ja/breakfast',
    ],
    ['in Chinese', '酒店有停车场吗', 'zh/parking'],
    ['in Chinese, among other words', '你好，请问酒店有停车场吗', 'zh/parking'],
    ['in Thai', 'โรงแรมมีที่จอดรถไหม', 'th/parking'],
    ['in Thai, among other words', 'สวัสดีครับ โรงแรมมีที่จอดรถไหมครับ', 'th/parking'],
    ['in Korean', '주차장이 있나요', 'ko/parking'],
    ['in Korean, among other words', '안녕하세요, 조식이 요금에 포함되어 있나요', 'ko/breakfast'],
    ['in full-width letters', 'ＷＨＡＴ ＴＩＭＥ ＩＳ ＣＨＥＣＫ－ＩＮ？', 'en/checkin'],
    ['in half-width kana', 'Wi-Fiのﾊﾟｽﾜｰﾄﾞは何ですか', 'ja/wifi'],
    [
      'in Vietnamese with its accents apart',
      'Giá phòng có bao gồm bữa sáng không'.normalize('NFD'),
      'vi/breakfast',
    ],
    ['with signs that nobody sees', 'Giá phò\u200bng có bao gồm bữa sá\u2060ng không', 'vi/breakfast'],
    ['in Korean with its letters apart', '체크인은 몇 시부터 가능한가요'.normalize('NFD'), 'ko/checkin'],
  ]
  for (const [how, text, id] of WRITTEN) {
    it(`reaches 70 for a question ${how}`, () => {
      expect(scoresOf(text, SCRIPTS)[0]).to.include({ id }).and.to.have.property('score').that.is.at.least(70)
    })
  }
  it('stays below 70 for what nobody answers in those languages', () => {
    for (const text of [
      '予約をキャンセルしたいです',
      '我想取消预订',
      'ขอยกเลิกการจอง',
      '예약을 취소하고 싶어요',
    ])
      expect(scoresOf(text, SCRIPTS)[0]?.score ?? 0, text).to.be.below(70)
  })

  it('does not take an English "the" for "thẻ", nor a word for one that differs in its accents', () => {
    const salon = prepared(faqs.salon)
    expect(scoresOf('the scalp is burning since the treatment', salon).map(({ id }) => id)).not.to.include(
      'vi/salon/payment',
    )
    const cats = prepared([
      { id: 'cats', question: 'Có được mang mèo không?', alternativeQuestions: [], keywords: ['mèo'] },
    ])
    expect(scoresOf('có mẹo gì không', cats)[0]?.score ?? 0).to.be.below(70)
  })

  it('leaves two that fit alike to people', () => {
    const twins = ['red', 'blue'].map((colour) => ({
      id: colour,
      question: `Where is the ${colour} bus?`,
      alternativeQuestions: [],
      keywords: ['bus'],
    }))
    const [first] = scoresOf('where can I find the bus', prepared(twins))
    expect(first?.score ?? 0).to.be.below(70)
    expect(scoresOf('where is the blue bus', prepared(twins))[0]).to.include({ id: 'blue', score: 100 })
  })

  it('says why: the words it went by, the errors it mended, and points that add up', () => {
    const why = best('mấy giơ nhạn phogn, có sauna')?.why
    expect(why?.words.matched).to.include.members(['nhạn', 'phogn'])
    expect(why?.words.mended).to.deep.equal(['phogn'])
    expect(why?.words.accents).to.include('nhạn')
    for (const { text, business } of asked.filter((each) => !each.isHeldOut && each.business === 'hotel')) {
      for (const {
        score,
        why: { isSame, points },
      } of scoresOf(text, hotel)) {
        const total = Object.values(points).reduce((sum, each) => sum + each, 0)
        if (!isSame) expect(score, `${text} ${business}`).to.be.closeTo(Math.min(94, total), 5)
      }
    }
  })

  it('lists all that fit, best first', () => {
    for (const { text, business } of asked.filter((each) => !each.isHeldOut && each.business === 'hotel')) {
      const scores = scoresOf(text, hotel).map(({ score }) => score)
      expect(scores, business).to.deep.equal(scores.toSorted((one, other) => other - one))
      expect(scores.every((score) => Number.isInteger(score) && score > 0 && score <= 100)).to.equal(true)
    }
  })

  const NOTHING = [
    '',
    '   ',
    '???',
    '🙂🙂🙂',
    '12345',
    '24',
    'ạ',
    'xin chào',
    'the',
    '的',
    '\u0000',
    '\ud800',
    '))((*+?[\\',
  ]
  it('is none for a text that asks nothing', () => {
    for (const text of NOTHING)
      expect(
        scoresOf(text, hotel).filter(({ score }) => score >= 40),
        text,
      ).to.deep.equal([])
  })

  it('is none where there are no FAQs, and does without alternatives and keywords', () => {
    expect(scoresOf('wifi?', prepared([]))).to.deep.equal([])
    const only = prepared([
      { id: 'wifi', question: 'Wifi?', alternativeQuestions: [], keywords: [] },
      { id: 'empty', question: '?', alternativeQuestions: ['🙂'], keywords: [''] },
    ])
    expect(scoresOf('WIFI', only)).to.have.length(1)
  })

  it('takes no longer than a question should for the longest and strangest texts', () => {
    const long = [
      'nhận phòng mấy giờ ',
      'xqzwk plorf, ',
      'qwertyuiop',
      'a',
      '🙂',
      'hotle. ',
      'A ',
      '1',
      '.,',
      "'",
      'e\u0301',
    ].map((text) => text.repeat(Math.ceil(5000 / text.length)).slice(0, 5000))
    for (const text of long) {
      const before = process.cpuUsage()
      scoresOf(text, hotel)
      const { user, system } = process.cpuUsage(before)
      expect((user + system) / 1000, text.slice(0, 20)).to.be.below(500)
    }
  })
})
