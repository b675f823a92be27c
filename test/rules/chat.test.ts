import { expect } from 'chai'
import { excerptOf } from '../../shared/kit/text/excerpt.ts'
import {
  cleanContent,
  mayArchive,
  mayDelete,
  mayGovern,
  mustConverse,
  pairKey,
  pairOf,
  receiptOf,
} from '../../shared/chat/rules.ts'
import { scheduleChangeText } from '../../shared/bookings/schedule.ts'
import {
  NewMessage,
  PAIR_TYPES,
  ROOM_KINDS,
  type PairType,
  type RoomPermissions,
} from '../../shared/chat/schema.ts'
import { AppError } from '../../shared/kit/declare/errors.ts'
import { compileSchema } from '../../shared/kit/declare/schema.ts'
import { ROLES, type Role } from '../../shared/organisations/roles.ts'

const somebody = (role: Role, id: string = role) => ({ id, role })

describe('a pair', () => {
  const FITTING: Readonly<Record<PairType, readonly [Role, string, Role, string]>> = {
    customer_hotel_owner: ['CUSTOMER', 'customer', 'OWNER', 'hotel_owner'],
    customer_admin: ['CUSTOMER', 'customer', 'ADMIN', 'admin'],
    hotel_owner_admin: ['OWNER', 'hotel_owner', 'ADMIN', 'admin'],
  }

  for (const type of PAIR_TYPES) {
    it(`${type} takes its two roles in either order, and no other of the ${ROLES.length ** 2}`, () => {
      const [first, firstInRoom, second, secondInRoom] = FITTING[type]
      for (const one of ROLES)
        for (const other of ROLES) {
          const made = attempt(() => pairOf(type, [somebody(one, 'a'), somebody(other, 'b')]))
          if (one === first && other === second)
            expect(made).to.have.deep.members([
              { userId: 'a', roleInRoom: firstInRoom },
              { userId: 'b', roleInRoom: secondInRoom },
            ])
          else if (one === second && other === first)
            expect(made).to.have.deep.members([
              { userId: 'b', roleInRoom: firstInRoom },
              { userId: 'a', roleInRoom: secondInRoom },
            ])
          else expect(made, `${one} and ${other}`).to.equal(422)
        }
    })
  }

  it('is the same whatever the order, and another one about another resource', () => {
    expect(pairKey('a', 'b')).to.equal(pairKey('b', 'a'))
    expect(pairKey('a', 'b', 'hotel')).to.equal(pairKey('b', 'a', 'hotel'))
    expect(
      new Set([
        pairKey('a', 'b'),
        pairKey('a', 'c'),
        pairKey('a', 'b', 'hotel'),
        pairKey('a', 'b', 'inn'),
        pairKey('a', 'b', undefined),
      ]),
    ).to.have.length(4)
  })

  it('converses when both work here', () => {
    for (const role of ROLES) {
      const outcome = attempt(() => mustConverse(somebody('EMPLOYEE'), somebody(role)))
      expect(outcome, role).to.equal(role === 'CUSTOMER' || role === 'GUEST' ? 403 : undefined)
    }
  })
})

describe('who may do what in a group', () => {
  const governed = (members: readonly string[], permissions: Partial<RoomPermissions> = {}) => ({
    permissions: {
      canAddMembers: ['ADMIN'],
      canRemoveMembers: ['ADMIN'],
      canDeleteMessages: ['ADMIN'],
      ...permissions,
    } as RoomPermissions,
    members: members.map((userId) => ({
      userId,
      roleInRoom: 'member',
      fullName: userId,
      role: 'STAFF' as const,
    })),
  })
  const POWERS = ['canAddMembers', 'canRemoveMembers', 'canDeleteMessages'] as const

  it('an ADMIN everything, in it or not', () => {
    for (const power of POWERS)
      for (const members of [[], ['ADMIN']])
        expect(mayGovern(somebody('ADMIN'), governed(members), power)).to.equal(true)
  })

  it('a SUPERVISOR adds people to any group, and by default no more than that', () => {
    expect(
      POWERS.map((power) => mayGovern(somebody('SUPERVISOR'), governed(['SUPERVISOR']), power)),
    ).to.deep.equal([true, false, false])
    expect(POWERS.map((power) => mayGovern(somebody('SUPERVISOR'), governed([]), power))).to.deep.equal([
      true,
      false,
      false,
    ])
  })

  for (const role of ROLES.filter((each) => each !== 'ADMIN' && each !== 'SUPERVISOR')) {
    it(`${role}: what the permissions say, and only as a member`, () => {
      for (const power of POWERS) {
        expect(mayGovern(somebody(role), governed([role]), power)).to.equal(false)
        expect(mayGovern(somebody(role), governed([role], { [power]: [role] }), power)).to.equal(true)
        expect(mayGovern(somebody(role), governed([], { [power]: [role] }), power)).to.equal(false)
        expect(
          POWERS.filter((each) => mayGovern(somebody(role), governed([role], { [power]: [role] }), each)),
        ).to.deep.equal([power])
      }
    })
  }

  it('deleting: what one wrote oneself, or as the permissions say; where there are none, ADMINs', () => {
    const theirs = { senderId: 'another' }
    expect(mayDelete(somebody('GUEST'), { senderId: 'GUEST' }, null)).to.equal(true)
    expect(ROLES.filter((role) => mayDelete(somebody(role), theirs, null))).to.deep.equal(['ADMIN'])
    expect(
      ROLES.filter((role) =>
        mayDelete(somebody(role), theirs, {
          canAddMembers: ROLES.slice(),
          canRemoveMembers: ROLES.slice(),
          canDeleteMessages: ['STAFF'],
        }),
      ),
    ).to.deep.equal(['STAFF'])
    expect(mayDelete(somebody('EMPLOYEE'), { senderId: null }, null)).to.equal(false)
  })

  it('archiving: the staff any room, everybody else a conversation of two', () => {
    for (const kind of ROOM_KINDS) {
      const may = ROLES.filter((role) => mayArchive({ role }, { kind }))
      expect(may, kind).to.deep.equal(kind === 'DIRECT' ? ROLES : ['ADMIN', 'SUPERVISOR', 'OWNER', 'STAFF'])
    }
  })
})

describe('the receipts of message 5', () => {
  const mark = (userId: string, deliveredSeq: number, readSeq: number, joinedSeq = 0) => ({
    userId,
    deliveredSeq,
    readSeq,
    joinedSeq,
  })
  const cases: readonly [string, ReturnType<typeof mark>[], string, string[]][] = [
    ['nobody has it', [mark('me', 9, 9), mark('a', 4, 4)], 'SENT', []],
    ['nobody else is there', [mark('me', 9, 9)], 'SENT', []],
    ['a device has it', [mark('me', 0, 0), mark('a', 5, 4), mark('b', 0, 0)], 'DELIVERED', []],
    ['somebody has read it', [mark('me', 0, 0), mark('a', 5, 5), mark('b', 0, 0)], 'READ', ['a']],
    ['all have read it', [mark('me', 0, 0), mark('a', 9, 9), mark('b', 5, 5)], 'READ', ['a', 'b']],
    ['somebody came right after it', [mark('me', 0, 0), mark('new', 5, 5, 5)], 'SENT', []],
    ['somebody came later, and has read on', [mark('me', 0, 0), mark('new', 9, 9, 7)], 'SENT', []],
    [
      'somebody came right before it, and has read it',
      [mark('me', 0, 0), mark('new', 5, 5, 4)],
      'READ',
      ['new'],
    ],
  ]
  for (const [when, marks, status, readBy] of cases) {
    it(`${status} when ${when}`, () =>
      expect(receiptOf({ seq: 5, senderId: 'me' }, marks)).to.deep.equal({ status, readBy }))
  }

  it('count everybody when the system itself speaks', () => {
    expect(receiptOf({ seq: 5, senderId: null }, [mark('a', 5, 5)])).to.deep.equal({
      status: 'READ',
      readBy: ['a'],
    })
  })
})

describe('what is written', () => {
  const cleaned: readonly [string, string, string][] = [
    ['loses the space around it', ' \n\t Chào \u00a0\n', 'Chào'],
    ['keeps its lines, tabs and inner spaces', 'một\n\thai  ba', 'một\n\thai  ba'],
    ['has one kind of line break', 'một\r\nhai\rba', 'một\nhai\nba'],
    ['is composed', 'Tie\u0302\u0301ng Vie\u0323\u0302t', 'Tiếng Việt'],
    ['stays composed when a control character stood in between', 'e\u0000\u0301', 'é'],
    ['loses control characters', 'a\u0000b\u0007c\u001b[31md\u007fe\u0085f\u009bg', 'abc[31mdefg'],
    ['keeps emoji, with what joins them', '👨‍👩‍👧 👍🏽 🇻🇳', '👨‍👩‍👧 👍🏽 🇻🇳'],
    ['keeps right-to-left text', 'مرحبا ‏(1)', 'مرحبا ‏(1)'],
    ['is never markup', '<b>&amp;</b>', '<b>&amp;</b>'],
    ['has a sign for half a character', 'a\ud83db\ude00c', 'a\ufffdb\ufffdc'],
    ['can be nothing', '\u0000 \u0007\n', ''],
  ]
  for (const [what, before, after] of cleaned) {
    it(what, () => {
      expect(cleanContent(before)).to.equal(after)
      expect(cleanContent(after), 'twice is once').to.equal(after)
    })
  }

  const takes = (content: unknown): boolean =>
    attempt(() => compileSchema(NewMessage)({ content }, '/body')) !== 400

  it('has 1 to 5000 characters as it is written: a letter with its accents apart is as many, an emoji of one code point is one', () => {
    expect(['x', 'x'.repeat(5000), '😀'.repeat(5000), 'e\u0301'.repeat(2500)].map(takes)).to.deep.equal([
      true,
      true,
      true,
      true,
    ])
    expect(
      ['', ' ', '\n\t', 'x'.repeat(5001), '😀'.repeat(5001), 'e\u0301'.repeat(2501), 5, null, undefined].map(
        takes,
      ),
    ).to.deep.equal(Array.from({ length: 9 }, () => false))
  })

  it('is cut at 100 characters, and never inside of one', () => {
    expect(excerptOf('x'.repeat(100))).to.equal('x'.repeat(100))
    expect(excerptOf('x'.repeat(101))).to.equal(`${'x'.repeat(99)}…`)
    expect(excerptOf('😀'.repeat(100))).to.equal('😀'.repeat(100))
    expect(excerptOf('😀'.repeat(101))).to.equal(`${'😀'.repeat(99)}…`)
    // Five code points each.
    expect(excerptOf('👨‍👩‍👧'.repeat(40))).to.equal(`${'👨‍👩‍👧'.repeat(19)}…`)
    expect(excerptOf(`${'x'.repeat(98)}🇻🇳 và`)).to.equal(`${'x'.repeat(98)}…`)
    expect(excerptOf(`${'x'.repeat(98)}e\u0301 và nữa`)).to.equal(`${'x'.repeat(98)}…`)
    expect([...excerptOf(`e${'\u0301'.repeat(500)}`)]).to.have.length(100)
    expect(excerptOf('')).to.equal('')
  })
})

describe('a change of the schedule', () => {
  const times = { newTime: '19:30', originalTime: '17:00', reason: '  họp muộn ' }
  it('is told in the language of the organisation', () => {
    expect(scheduleChangeText('vi', { ...times, changeType: 'LATE_RETURN' })).to.equal(
      'Về muộn, lúc 19:30 (thay vì 17:00). Lý do: họp muộn',
    )
    expect(scheduleChangeText('vi', { ...times, changeType: 'DEPARTURE_CHANGE' })).to.equal(
      'Đổi giờ khởi hành thành 19:30 (thay vì 17:00). Lý do: họp muộn',
    )
    expect(scheduleChangeText('en', { ...times, changeType: 'LATE_RETURN' })).to.equal(
      'Returning late, at 19:30 (instead of 17:00). Reason: họp muộn',
    )
    expect(
      scheduleChangeText('en', { ...times, changeType: 'DEPARTURE_CHANGE', originalTime: undefined }),
    ).to.equal('Departure moved to 19:30. Reason: họp muộn')
  })
})

/** @returns what it answers, or the status it is refused with */
function attempt<T>(work: () => T): T | number {
  try {
    return work()
  } catch (error) {
    if (error instanceof AppError) return error.status
    throw error
  }
}
