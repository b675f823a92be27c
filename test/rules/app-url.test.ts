import { expect } from 'chai'
import { appUrlFor } from '../../shared/notifications/delivery/app-url.ts'

interface About {
  type: string
  bookingId: string | null
  data: Record<string, unknown>
}
const NOTHING: About = { type: 'TRIP_STARTED', bookingId: null, data: {} }
const HERE = { PORT: 3000, PUBLIC_URL: undefined }

describe('where the button of a mail leads', () => {
  const cases: [string, Partial<About>, string][] = [
    ['a request to decide', { bookingId: 'b1', data: { approvalId: 'a1' } }, 'approvals/a1'],
    ['a trip', { bookingId: 'b1' }, 'bookings/b1'],
    ['a ticket', { data: { ticketId: 't1', roomId: 'r1' } }, 'tickets/t1'],
    ['a message', { type: 'NEW_MESSAGE', data: { roomId: 'r1' } }, 'chat/r1'],
    ['a customer who waits', { type: 'INBOX_ATTENTION', data: { roomId: 'r1' } }, 'desk/r1'],
    ['anything else', {}, ''],
  ]
  for (const [what, about, path] of cases)
    it(`of ${what} is ${path || 'the first page'}, in the console and in an app of the company`, () => {
      const told = { ...NOTHING, ...about }
      expect(appUrlFor({ ...HERE, APP_URL: undefined }, told)).to.equal(`http://localhost:3000/${path}`)
      expect(appUrlFor({ ...HERE, APP_URL: 'https://app.example/go/' }, told)).to.equal(
        `https://app.example/go/${path}`,
      )
    })
})
