import { expect } from 'chai'
import { redactPayload } from '../../shared/kit/text/redact.ts'

describe('what a person who looks at queues may see', () => {
  const cases: [sentence: string, given: unknown, shown: unknown][] = [
    [
      'ids, names and dates',
      { bookingId: 'b', fullName: 'Mai', at: '2031-03-03', messageId: 'm', passwordChangedAt: 'd' },
      { bookingId: 'b', fullName: 'Mai', at: '2031-03-03', messageId: 'm', passwordChangedAt: 'd' },
    ],
    [
      'nothing that opens a door',
      { accessToken: 't', token: 't', password_hash: 'h', clientSecret: 's' },
      {
        accessToken: '[redacted]',
        token: '[redacted]',
        password_hash: '[redacted]',
        clientSecret: '[redacted]',
      },
    ],
    [
      'nothing that people wrote',
      { notes: 'n', note: 'n', cancellationReason: 'r', messages: ['a'], title: '', TEXT: 't' },
      {
        notes: '[redacted]',
        note: '[redacted]',
        cancellationReason: '[redacted]',
        messages: '[redacted]',
        title: '[redacted]',
        TEXT: '[redacted]',
      },
    ],
    [
      'however deep it stands',
      [{ payload: { list: [{ content: 'c', id: 1 }] } }],
      [{ payload: { list: [{ content: '[redacted]', id: 1 }] } }],
    ],
    ['what stands under a private key, whole', { reason: { code: 1 } }, { reason: '[redacted]' }],
    ['what is no object as it is', [null, 1, 'text', true], [null, 1, 'text', true]],
  ]
  for (const [sentence, given, shown] of cases)
    it(sentence, () => expect(redactPayload(given)).to.deep.equal(shown))
})
