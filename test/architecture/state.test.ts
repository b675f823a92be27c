// What a module keeps between calls belongs to nobody who opens and closes it: two worlds in one process share it. So it is
// the exception, and says here why it is the process's own.

import { expect } from 'chai'
import { PRODUCT, readSources } from '../support/sources.ts'

const KEPT = /^(?:export )?(?:let (\w+)|const (\w+)[^=\n]* = [^\n]*new (?!Date)[A-Z]\w*(?:<[^\n]*>)?\(\))/gm

const DECLARED = 'what modules declare while they are loaded; nothing is added later'
const SAME_FOR_EVERYBODY = 'remembers what a pure function answers'

const REASONS: Readonly<Record<string, string>> = {
  'realtime/socketio/namespace-translator.ts: newest': SAME_FOR_EVERYBODY,
  'shared/bookings/figures.ts: kept': 'by the pool they were read from, and bounded',
  'shared/inbox/faq/matching.ts: kept': 'the memory of the process bounds it, whoever asks',
  'shared/inbox/faq/spell-correction.ts: general': SAME_FOR_EVERYBODY,
  'shared/inbox/faq/words.ts: longest': DECLARED,
  'shared/kit/declare/event.ts: declared': DECLARED,
  'shared/kit/declare/job.ts: declared': DECLARED,
  'shared/kit/store/at-once.ts: known': DECLARED,
  'shared/kit/store/causes.ts: texts': SAME_FOR_EVERYBODY,
  'shared/kit/store/statement.ts: numbered': SAME_FOR_EVERYBODY,
  'shared/kit/text/locale.ts: parsed': SAME_FOR_EVERYBODY,
  'shared/kit/text/locale.ts: writers': SAME_FOR_EVERYBODY,
  'shared/kit/time/calendar.ts: readCalendars': SAME_FOR_EVERYBODY,
  'shared/kit/time/zone.ts: offsets': SAME_FOR_EVERYBODY,
  'shared/notifications/delivery/destination-shares.ts: KINDS': 'the sockets of the process bound it',
  'shared/users/passwords.ts: nobody': SAME_FOR_EVERYBODY,
  'shared/users/tokens.ts: keyObjects': SAME_FOR_EVERYBODY,
  'workers/crash-suspects.ts: lastSuspect': 'what a suspect ends is the process, with all its queues',
}

describe('what a module keeps between calls', () => {
  it('is listed, with the reason why it is the process’s own', () => {
    const kept = readSources(PRODUCT).flatMap(({ name, text }) =>
      [...text.matchAll(KEPT)].map((match) => `${name}: ${match[1] ?? match[2]}`),
    )
    expect(kept.toSorted()).to.deep.equal(Object.keys(REASONS).toSorted())
  })
})
