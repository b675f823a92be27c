// Every route × every role × the other organisation. One line for each route; a route without a line fails, and a line
// without a route.

import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { declaredRoutes } from '../../api/routes/all.ts'
import { rowsOf } from '../../shared/kit/store/db.ts'
import { ORGANISATION_ROLES, ROLES, type Role } from '../../shared/organisations/roles.ts'
import { aCast, CAST_PASSWORD, type Cast, type Concerned, type Member, type Thing } from '../support/cast.ts'
import { caller, type Caller, type Reply } from '../support/client.ts'
import { KEYS_OF_ROUTES } from '../support/keys-of-routes.ts'
import { makeApiKey } from '../../shared/integrations/actions/keys.ts'
import { SCOPES, type Scope } from '../../shared/integrations/scopes.ts'
import { formWith, PNG } from '../support/upload.ts'
import { TRIP } from '../support/people.ts'
import { aWorld, type World } from '../support/world.ts'

const ALL = ROLES
const STAFF: readonly Role[] = ['ADMIN', 'SUPERVISOR', 'OWNER', 'STAFF']
const MEMBERS = ROLES.filter((role) => role !== 'GUEST')
const ADMIN: readonly Role[] = ['ADMIN']
const NOBODY: readonly Role[] = []

interface Line {
  /** Roles that get in although the thing is nothing to them. */
  may: readonly Role[] | 'open'
  /** What the others of the organisation get; 'role': 403 whatever the path says. */
  else?: 401 | 403 | 404 | 422 | 'role'
  /** Roles of its organisation that may know of the thing, and are told 403 where others are told 404. */
  sees?: readonly Role[]
  /** What stands in the path where it is no thing. */
  at?: string
  /** What stands in the path. Without one, everybody is about their own things. */
  of?: Thing
  /** Whom the thing concerns, and what they get. */
  in?: readonly Concerned[]
  not?: readonly Concerned[]
  /** @param id the thing, for routes that name it here */
  body?: (cast: Cast, by: Member, id: string) => object
  query?: string
}

function colleagueOf(cast: Cast, by: Member): Member | undefined {
  return [...cast.strangers, ...cast.foreigners].find(
    ({ orgId, role }) => orgId === by.orgId && role === (by.role === 'STAFF' ? 'OWNER' : 'STAFF'),
  )
}

let awayDays = 0
/** Each time on a day of its own, so that no circle closes. */
function AWAY(cast: Cast, by: Member): object {
  const from = Date.UTC(2031, 3, 10) + ++awayDays * 86_400_000
  return {
    delegateId: colleagueOf(cast, by)?.id,
    from: new Date(from).toISOString(),
    until: new Date(from + 43_200_000).toISOString(),
  }
}
const PERSON = () => ({
  email: `${randomUUID()}@cast.test`,
  password: 'long-enough',
  fullName: 'Ai Đó',
  role: 'STAFF',
})
const FILE_OF_PEOPLE = () =>
  new Blob([`email,fullName\n${randomUUID()}@cast.test,Ai Đó`], { type: 'text/csv' })
const VEHICLE = () => ({ kind: 'VEHICLE', name: '51A' })
const BROWSER = () => ({
  endpoint: `https://push.example/${randomUUID()}`,
  keys: { p256dh: 'AAAA', auth: 'AAAA' },
})
const PICTURE = () => formWith(PNG, 'ảnh.png')
const FAQ = () => ({ question: 'Mấy giờ mở cửa?', answer: 'Chín giờ.' })
const GREETING = () => ({
  name: 'Chào',
  responseType: 'welcome',
  message: 'Xin chào',
  trigger: { event: 'user-joined' },
})
const WORDS = () => ({ content: 'Xin chào' })
const COLLEAGUE = (cast: Cast, by: Member) => ({ userId: colleagueOf(cast, by)?.id })
const TRUCK = (cast: Cast) => ({ resourceId: cast.resourceId, driverId: cast.concerned.driver.id })

const INVOICE = (by: Member) => ({
  subject: {
    type: 'INVOICE',
    id: randomUUID(),
    title: 'Máy in cho văn phòng',
    fields: [{ label: 'Số tiền', value: '12.000.000 ₫' }],
    url: 'https://books.example/invoices/33',
  },
  requester: { id: by.id },
})

const ASKING: readonly Role[] = ['EMPLOYEE', 'DRIVER', 'CUSTOMER']

/** Under both of its names. */
const ticketsAt = (base: string): Record<string, Line> => ({
  [`POST ${base}`]: { may: ASKING, else: 'role', body: () => ({ description: 'Pin không sạc được' }) },
  [`GET ${base}`]: { may: ALL },
  [`GET ${base}/statistics`]: { may: STAFF, else: 'role' },
  [`GET ${base}/user/:userId`]: {
    may: STAFF,
    else: 404,
    of: 'requester',
    in: ['requester'],
    not: ['driver'],
  },
  [`GET ${base}/station/:stationId`]: { may: ALL, of: 'station' },
  [`GET ${base}/status/:status`]: { may: ALL, at: 'open' },
  [`GET ${base}/:id`]: { may: STAFF, else: 404, of: 'ticket', in: ['requester'], not: ['driver'] },
  [`PATCH ${base}/:id`]: {
    may: STAFF,
    else: 404,
    of: 'ticket',
    not: ['requester'],
    body: () => ({ response: 'Đang tới', priority: 'high' }),
  },
  [`PATCH ${base}/:id/status`]: {
    may: STAFF,
    else: 404,
    of: 'ticket',
    not: ['requester'],
    body: () => ({ status: 'in_progress' }),
  },
  [`PATCH ${base}/:id/rating`]: {
    may: NOBODY,
    else: 404,
    sees: STAFF,
    of: 'closedTicket',
    in: ['requester'],
    body: () => ({ rating: 5 }),
  },
  [`DELETE ${base}/:id`]: { may: STAFF, else: 404, of: 'ticket', not: ['requester'] },
})

const PERIOD = '?from=2031-03-10T00:00:00Z&to=2031-03-11T00:00:00Z'

const MATRIX: Readonly<Record<string, Line>> = {
  'POST /auth/login': { may: 'open' },
  'GET /auth/oidc': { may: 'open' },
  'POST /auth/refresh': { may: 'open' },
  'POST /auth/guest': { may: 'open' },
  'POST /auth/logout': { may: ALL },
  'GET /auth/me': { may: ALL },
  'GET /auth/sessions': { may: ALL },
  'DELETE /auth/sessions/:id': {
    may: NOBODY,
    else: 404,
    of: 'session',
    in: ['requester'],
    not: ['approver'],
  },
  'POST /auth/socket-ticket': { may: ALL },
  'PATCH /auth/me': { may: MEMBERS, else: 'role', body: () => ({ locale: 'vi' }) },
  'GET /auth/totp': { may: MEMBERS, else: 'role' },
  'POST /auth/totp': { may: MEMBERS, else: 'role', body: () => ({ password: CAST_PASSWORD }) },
  'POST /auth/totp/confirm': { may: NOBODY, else: 422, body: () => ({ code: '000000' }) },
  'POST /auth/totp/recovery-codes': {
    may: NOBODY,
    else: 422,
    body: () => ({ password: CAST_PASSWORD }),
  },
  'DELETE /auth/totp': { may: MEMBERS, else: 'role', body: () => ({ password: CAST_PASSWORD }) },
  'POST /auth/login/second-factor': { may: 'open' },
  'POST /auth/login/totp': { may: 'open' },
  'POST /auth/password': {
    may: MEMBERS,
    else: 'role',
    body: () => ({ current: CAST_PASSWORD, next: 'quite-another' }),
  },
  'POST /auth/forgot': { may: 'open' },
  'POST /auth/reset': { may: 'open' },

  'GET /users': { may: ADMIN, else: 'role' },
  'POST /users': { may: ADMIN, else: 'role', body: PERSON },
  'GET /users/:id': { may: ADMIN, else: 404, of: 'requester', in: ['requester', 'approver', 'driver'] },
  'PUT /users/external/:externalId': {
    may: ADMIN,
    else: 'role',
    at: 'NV-7',
    body: (_cast, by) => ({ email: `nv-7@${by.orgId}.test`, fullName: 'Ai Đó' }),
  },
  'PATCH /users/:id': { may: ADMIN, else: 'role', of: 'colleague', body: () => ({ fullName: 'Khác' }) },
  'POST /users/:id/password': {
    may: ADMIN,
    else: 'role',
    of: 'colleague',
    body: () => ({ password: 'quite-another' }),
  },
  'POST /users/import': { may: ADMIN, else: 'role', body: FILE_OF_PEOPLE },
  'DELETE /users/:id/totp': { may: ADMIN, else: 'role', of: 'colleague' },
  'POST /users/:id/invite': { may: ADMIN, else: 'role', of: 'colleague' },
  'GET /users/:id/holdings': { may: ADMIN, else: 'role', of: 'colleague' },
  'POST /users/:id/hand-over': {
    may: ADMIN,
    else: 'role',
    of: 'colleague',
    body: (cast, by) => ({ to: colleagueOf(cast, by)?.id }),
  },
  'POST /users/:id/erase': { may: ADMIN, else: 'role', of: 'colleague' },
  'GET /people': { may: ROLES.filter((role) => role !== 'CUSTOMER' && role !== 'GUEST'), else: 'role' },
  'GET /organisation': { may: ALL },
  'PATCH /organisation': { may: ADMIN, else: 'role', body: () => ({ name: 'Tên mới' }) },
  'GET /organisation/approval-policies': { may: ORGANISATION_ROLES, else: 'role' },
  'PUT /organisation/approval-policies': {
    may: ADMIN,
    else: 'role',
    body: () => ({ rules: [{ name: 'Ai cũng được', steps: [] }] }),
  },
  'GET /organisation/calendar': { may: ALL },
  'PUT /organisation/calendar': {
    may: ['ADMIN', 'OWNER'],
    else: 'role',
    body: () => ({ weekly: [], holidays: [] }),
  },

  'GET /organisation/issuers': { may: ADMIN, else: 'role' },
  'POST /organisation/issuers': {
    may: ADMIN,
    else: 'role',
    body: () => ({
      name: 'Ứng dụng',
      issuer: 'https://id.example',
      audience: randomUUID(),
      jwksUrl: 'https://id.example/keys',
    }),
  },
  'PATCH /organisation/issuers/:id': {
    may: ADMIN,
    else: 'role',
    of: 'issuer',
    body: () => ({ provisioning: 'update' }),
  },
  'DELETE /organisation/issuers/:id': { may: ADMIN, else: 'role', of: 'issuer' },

  'GET /resources': { may: STAFF, else: 'role' },
  'POST /resources': { may: STAFF, else: 'role', body: VEHICLE },
  'GET /resources/:id': { may: STAFF, else: 404, of: 'resource' },
  'GET /resources/:id/schedule': { may: STAFF, else: 'role', of: 'resource', query: PERIOD },
  'PATCH /resources/:id': { may: STAFF, else: 'role', of: 'resource', body: () => ({ name: '51B' }) },
  'DELETE /resources/:id': { may: STAFF, else: 'role', of: 'resource' },

  'GET /availability': { may: STAFF, else: 'role', query: PERIOD },
  'GET /figures': { may: STAFF, else: 'role', query: PERIOD },
  'GET /figures/csv': { may: STAFF, else: 'role', query: PERIOD },
  'GET /calendars': { may: ALL },
  'POST /calendars': { may: MEMBERS, else: 'role', body: () => ({}) },
  'DELETE /calendars/:id': {
    may: NOBODY,
    else: 404,
    of: 'calendarFeed',
    in: ['requester'],
    not: ['approver'],
  },
  'POST /bookings': { may: MEMBERS, else: 'role', body: () => TRIP },
  'GET /bookings': { may: ALL },
  'GET /bookings/driver/:driverId': {
    may: STAFF,
    else: 404,
    of: 'driver',
    in: ['driver'],
    not: ['requester'],
  },
  'GET /bookings/:id': {
    may: STAFF,
    else: 404,
    of: 'assigned',
    in: ['requester', 'approver', 'delegate', 'driver'],
  },
  'PATCH /bookings/:id': {
    may: STAFF,
    else: 404,
    of: 'assigned',
    in: ['requester'],
    not: ['approver', 'driver'],
    body: () => ({ notes: 'Hai vali' }),
  },
  'POST /bookings/:id/assign': {
    may: STAFF,
    else: 404,
    of: 'pending',
    not: ['requester', 'approver'],
    body: TRUCK,
  },
  'POST /bookings/:id/confirm': { may: STAFF, else: 404, of: 'pending', not: ['requester', 'approver'] },
  'POST /bookings/:id/arriving': {
    may: STAFF,
    else: 404,
    of: 'assigned',
    in: ['driver'],
    not: ['requester', 'approver'],
  },
  'POST /bookings/:id/start': {
    may: STAFF,
    else: 404,
    of: 'assigned',
    in: ['driver'],
    not: ['requester', 'approver'],
  },
  'POST /bookings/:id/complete': {
    may: STAFF,
    else: 404,
    of: 'underway',
    in: ['driver'],
    not: ['requester', 'approver'],
  },
  'POST /bookings/:id/reassign': {
    may: STAFF,
    else: 404,
    of: 'underway',
    not: ['requester', 'approver', 'driver'],
    body: (cast) => ({ resourceId: cast.resourceId, reason: 'Xe hỏng' }),
  },
  'POST /bookings/:id/handover': {
    may: STAFF,
    else: 404,
    of: 'underway',
    in: ['driver'],
    not: ['requester', 'approver'],
    body: () => ({ level: 80, note: 'Xe sạch' }),
  },
  'POST /bookings/:id/redirect': {
    may: STAFF,
    else: 404,
    of: 'assigned',
    not: ['requester', 'approver', 'driver'],
  },
  'POST /bookings/:id/cancel': {
    may: STAFF,
    else: 404,
    of: 'assigned',
    in: ['requester'],
    not: ['approver', 'driver'],
    body: () => ({ reason: 'OTHER' }),
  },

  'GET /approvals': { may: ALL },
  'POST /approvals': {
    may: ROLES.filter((role) => role !== 'CUSTOMER' && role !== 'GUEST'),
    else: 'role',
    body: (_cast, by) => INVOICE(by),
  },
  'POST /approvals/decide': {
    may: ALL,
    body: () => ({ decisions: [{ id: randomUUID(), decision: 'approve' }] }),
  },
  'GET /approvals/:id/history': {
    may: ADMIN,
    else: 404,
    of: 'approval',
    in: ['requester', 'approver', 'delegate'],
    not: ['driver'],
  },
  'POST /approvals/:id/ask': {
    may: NOBODY,
    else: 404,
    sees: ADMIN,
    of: 'approval',
    in: ['approver', 'delegate'],
    not: ['requester'],
    body: () => ({ question: 'Vì sao?' }),
  },
  'POST /approvals/:id/answer': {
    may: NOBODY,
    else: 404,
    sees: ADMIN,
    of: 'questioned',
    in: ['requester'],
    not: ['approver', 'delegate'],
    body: () => ({ answer: 'Vì cần' }),
  },
  'POST /approvals/:id/comment': {
    may: ADMIN,
    else: 404,
    of: 'approval',
    in: ['requester', 'approver', 'delegate'],
    body: () => ({ text: 'Gấp' }),
  },
  'POST /approvals/:id/withdraw': {
    may: NOBODY,
    else: 404,
    sees: ADMIN,
    of: 'approval',
    in: ['requester'],
    not: ['approver', 'delegate'],
  },
  'POST /approvals/:id/reassign': {
    may: ADMIN,
    else: 'role',
    of: 'approval',
    not: ['requester', 'approver', 'delegate'],
    body: (cast, by) => ({ toId: colleagueOf(cast, by)?.id, reason: 'Vắng mặt' }),
  },
  'GET /approvals/pending': { may: ALL },
  'GET /approvals/my-requests': { may: ALL },
  'GET /approvals/delegations': { may: ALL },
  'POST /approvals/delegations': { may: MEMBERS, else: 'role', body: AWAY },
  'DELETE /approvals/delegations/:id': {
    may: NOBODY,
    else: 404,
    of: 'delegation',
    in: ['approver'],
    not: ['delegate'],
  },
  'POST /approvals/simulate/subject': {
    may: ROLES.filter((role) => role !== 'CUSTOMER' && role !== 'GUEST'),
    else: 'role',
    body: (_cast, by) => INVOICE(by),
  },
  'POST /approvals/simulate': { may: MEMBERS, else: 'role', body: () => TRIP },
  'GET /approvals/booking/:bookingId': {
    may: ADMIN,
    else: 404,
    of: 'waiting',
    in: ['requester', 'approver', 'delegate'],
  },
  'GET /approvals/:id': {
    may: ADMIN,
    else: 404,
    of: 'approval',
    in: ['requester', 'approver', 'delegate'],
    not: ['driver'],
  },
  'POST /approvals/:id/approve': {
    may: NOBODY,
    else: 403,
    of: 'approval',
    in: ['approver', 'delegate'],
    not: ['requester', 'driver'],
  },
  'POST /approvals/:id/reject': {
    may: NOBODY,
    else: 403,
    of: 'approval',
    in: ['approver', 'delegate'],
    not: ['requester', 'driver'],
    body: () => ({ notes: 'Không' }),
  },
  'POST /approvals/:id/respond': {
    may: NOBODY,
    else: 403,
    of: 'approval',
    in: ['approver', 'delegate'],
    not: ['requester', 'driver'],
    body: () => ({ decision: 'approve' }),
  },

  'GET /notifications': { may: ALL },
  'GET /notifications/user/:userId': {
    may: ADMIN,
    else: 404,
    of: 'requester',
    in: ['requester'],
    not: ['approver'],
  },
  'GET /notifications/unread-count': { may: ALL },
  'PATCH /notifications/:id/read': {
    may: NOBODY,
    else: 404,
    of: 'notification',
    in: ['requester'],
    not: ['approver'],
  },
  'POST /notifications/read-all': { may: ALL },
  'DELETE /notifications/:id': {
    may: NOBODY,
    else: 404,
    of: 'notification',
    in: ['requester'],
    not: ['approver'],
  },
  'GET /notifications/:id/explain': {
    may: ADMIN,
    else: 404,
    of: 'notification',
    in: ['requester'],
    not: ['approver'],
  },
  'POST /notifications/deliveries/:id/retry': {
    may: ADMIN,
    else: 404,
    of: 'deadLetter',
    in: ['requester'],
    not: ['approver'],
  },
  'GET /notifications/preferences': { may: ALL },
  'PUT /notifications/preferences': { may: ALL, body: () => ({ digestAt: '18:00' }) },
  'GET /notifications/push-key': { may: ALL },
  'GET /notifications/subscriptions': { may: ALL },
  'POST /notifications/subscriptions': { may: ALL, body: BROWSER },
  'DELETE /notifications/subscriptions/:id': {
    may: NOBODY,
    else: 404,
    of: 'subscription',
    in: ['requester'],
    not: ['approver'],
  },

  'GET /webhooks': { may: ADMIN, else: 'role' },
  'POST /webhooks': {
    may: ADMIN,
    else: 'role',
    body: () => ({ channel: 'WEBHOOK', url: 'https://hooks.example' }),
  },
  'GET /webhooks/:id': { may: ADMIN, else: 'role', of: 'webhook' },
  'PATCH /webhooks/:id': { may: ADMIN, else: 'role', of: 'webhook', body: () => ({ isEnabled: false }) },
  'DELETE /webhooks/:id': { may: ADMIN, else: 'role', of: 'webhook' },
  'POST /webhooks/:id/rotate': { may: ADMIN, else: 'role', of: 'webhook' },
  'POST /webhooks/:id/replay': {
    may: ADMIN,
    else: 'role',
    of: 'webhook',
    body: () => ({ since: '2031-01-01T00:00:00Z' }),
  },
  'POST /webhooks/:id/test': { may: ADMIN, else: 'role', of: 'webhook' },
  'GET /webhooks/:id/facts': { may: ADMIN, else: 'role', of: 'webhook' },
  'GET /webhooks/:id/deliveries': { may: ADMIN, else: 'role', of: 'webhook' },

  'GET /chat/rooms': { may: ALL },
  'POST /chat/rooms': { may: STAFF, else: 403, body: () => ({ type: 'team' }) },
  'GET /chat/rooms/booking/:bookingId': {
    may: NOBODY,
    else: 404,
    of: 'assigned',
    in: ['requester', 'driver'],
    not: ['approver'],
  },
  'GET /chat/rooms/:id': {
    may: NOBODY,
    else: 404,
    of: 'conversation',
    in: ['requester', 'approver'],
    not: ['driver'],
  },
  'PUT /chat/rooms/:id/archive': {
    may: NOBODY,
    else: 404,
    of: 'conversation',
    in: ['requester', 'approver'],
    not: ['driver'],
  },
  'GET /chat/rooms/:id/messages': {
    may: NOBODY,
    else: 404,
    of: 'conversation',
    in: ['requester', 'approver'],
    not: ['driver'],
  },
  'POST /chat/rooms/:id/messages': {
    may: NOBODY,
    else: 404,
    of: 'conversation',
    in: ['requester', 'approver'],
    not: ['driver'],
    body: WORDS,
  },
  'POST /chat/messages': {
    may: NOBODY,
    else: 404,
    of: 'conversation',
    in: ['requester', 'approver'],
    not: ['driver'],
    body: (_cast, _by, chatRoomId) => ({ chatRoomId, content: 'Xin chào' }),
  },
  'POST /chat/rooms/:id/schedule-change': {
    may: NOBODY,
    else: 404,
    of: 'tripRoom',
    in: ['requester'],
    not: ['driver'],
    body: () => ({ newTime: '19:30', reason: 'họp' }),
  },
  'POST /chat/rooms/:id/read': {
    may: NOBODY,
    else: 404,
    of: 'conversation',
    in: ['requester', 'approver'],
    not: ['driver'],
  },
  'PUT /chat/rooms/:id/messages/read': {
    may: NOBODY,
    else: 404,
    of: 'conversation',
    in: ['requester', 'approver'],
    not: ['driver'],
  },
  'POST /chat/rooms/:id/delivered': {
    may: NOBODY,
    else: 404,
    of: 'conversation',
    in: ['requester', 'approver'],
    not: ['driver'],
  },
  'GET /chat/rooms/:id/online-users': {
    may: NOBODY,
    else: 404,
    of: 'conversation',
    in: ['requester', 'approver'],
    not: ['driver'],
  },
  'PATCH /chat/messages/:id/read': { may: NOBODY, else: 404, of: 'message', in: ['requester', 'approver'] },
  'PATCH /chat/messages/:id': {
    may: NOBODY,
    else: 404,
    of: 'message',
    in: ['requester'],
    not: ['approver'],
    body: WORDS,
  },
  'DELETE /chat/messages/:id': {
    may: NOBODY,
    else: 404,
    of: 'message',
    in: ['requester'],
    not: ['approver'],
  },
  'GET /chat/messages/search': { may: ALL, query: '?q=xin' },
  'GET /chat/unread-count': { may: ALL },
  'GET /chat/health': { may: 'open' },
  'POST /chat/rooms/create': {
    may: ['CUSTOMER', 'GUEST'],
    else: 403,
    body: (cast, by) =>
      STAFF.includes(by.role)
        ? {
            userId: [...cast.strangers, ...cast.foreigners].find(
              ({ role, orgId }) => role === 'STAFF' && orgId === by.orgId,
            )?.id,
          }
        : {},
  },
  'POST /chat/rooms/:id/assign': { may: STAFF, else: 'role', of: 'customerRoom' },
  'PATCH /chat/rooms/:id/inbox': {
    may: STAFF,
    else: 'role',
    of: 'customerRoom',
    body: () => ({ priority: 'high', tags: ['vip'] }),
  },
  'PUT /chat/rooms/:id/reopen': { may: STAFF, else: 'role', of: 'customerRoom' },
  'PUT /chat/rooms/:id/rating': {
    may: NOBODY,
    else: 404,
    sees: STAFF,
    of: 'customerRoom',
    body: () => ({ rating: 5 }),
  },
  'GET /chat/rooms/:id/notes': { may: STAFF, else: 'role', of: 'customerRoom' },
  'POST /chat/rooms/:id/notes': { may: STAFF, else: 'role', of: 'customerRoom', body: WORDS },
  'POST /chat/rooms/:id/auto-responses/:responseId': { may: STAFF, else: 'role', of: 'customerRoom' },
  'GET /chat/faqs': { may: STAFF, else: 'role' },
  'GET /chat/faqs/suggestions': { may: STAFF, else: 'role' },
  'GET /chat/faqs/offers': { may: STAFF, else: 'role' },
  'POST /chat/faqs': { may: STAFF, else: 'role', body: FAQ },
  'POST /chat/faqs/match': { may: STAFF, else: 'role', body: () => ({ text: 'Mấy giờ mở cửa?' }) },
  'GET /chat/faqs/:id': { may: STAFF, else: 'role', of: 'faq' },
  'PUT /chat/faqs/:id': { may: STAFF, else: 'role', of: 'faq', body: FAQ },
  'DELETE /chat/faqs/:id': { may: STAFF, else: 'role', of: 'faq' },
  'GET /chat/auto-responses': { may: STAFF, else: 'role' },
  'POST /chat/auto-responses': { may: STAFF, else: 'role', body: GREETING },
  'GET /chat/auto-responses/:id': { may: STAFF, else: 'role', of: 'autoResponse' },
  'PUT /chat/auto-responses/:id': { may: STAFF, else: 'role', of: 'autoResponse', body: GREETING },
  'DELETE /chat/auto-responses/:id': { may: STAFF, else: 'role', of: 'autoResponse' },
  'GET /chat/conversations': { may: ALL },
  'POST /chat/conversations/with-user': {
    may: ALL.filter((role) => role !== 'CUSTOMER' && role !== 'GUEST'),
    else: 403,
    body: COLLEAGUE,
  },
  'GET /chat/conversations/:id': {
    may: NOBODY,
    else: 404,
    of: 'conversation',
    in: ['requester', 'approver'],
    not: ['driver'],
  },
  'GET /chat/conversations/:id/messages': {
    may: NOBODY,
    else: 404,
    of: 'conversation',
    in: ['requester', 'approver'],
    not: ['driver'],
  },
  'GET /chat/groups': { may: ALL },
  'POST /chat/groups': { may: ADMIN, else: 'role', body: () => ({ name: 'Đội xe' }) },
  'GET /chat/groups/:id': { may: ADMIN, else: 404, of: 'group', in: ['requester'] },
  'PATCH /chat/groups/:id': {
    may: ADMIN,
    else: 404,
    of: 'group',
    not: ['requester'],
    body: () => ({ name: 'Đội khác' }),
  },
  'DELETE /chat/groups/:id': { may: ADMIN, else: 404, of: 'group', not: ['requester'] },
  'GET /chat/groups/:id/members': { may: ADMIN, else: 404, of: 'group', in: ['requester'] },
  'POST /chat/groups/:id/members': {
    may: ['ADMIN', 'SUPERVISOR'],
    else: 404,
    of: 'group',
    not: ['requester'],
    body: (cast) => ({ userId: cast.concerned.driver.id }),
  },
  'DELETE /chat/groups/:id/members/:userId': { may: ADMIN, else: 404, of: 'group', not: ['requester'] },
  'POST /chat/groups/:id/leave': { may: NOBODY, else: 404, of: 'group', in: ['requester'] },
  'POST /chat/attachments': { may: ALL, body: PICTURE },
  'GET /files/:id': { may: NOBODY, else: 404, of: 'file', in: ['requester'], not: ['approver'] },
  'GET /files/:id/address': { may: NOBODY, else: 404, of: 'file', in: ['requester'], not: ['approver'] },

  ...ticketsAt('/supports'),
  ...ticketsAt('/support'),

  'GET /api-keys': { may: ADMIN, else: 'role' },
  'POST /api-keys': { may: ADMIN, else: 'role', body: () => ({ name: 'Cổng thanh toán' }) },
  'POST /api-keys/:id/rotate': { may: ADMIN, else: 'role', of: 'apiKey' },
  'DELETE /api-keys/:id': { may: ADMIN, else: 'role', of: 'apiKey' },
  'POST /auth/token': { may: NOBODY, else: 401 },
  'POST /events': { may: NOBODY, else: 401 },
  'GET /events/:id': { may: NOBODY, else: 401, at: 'e1' },
  'GET /audit/logs': { may: ADMIN, else: 'role' },
  'GET /chat/audit/logs': { may: ADMIN, else: 'role' },
  'GET /audit/verify': { may: ADMIN, else: 'role' },
  'GET /operations/summary': { may: ['ADMIN', 'SUPERVISOR'], else: 'role' },
  'GET /operations/failures': { may: ADMIN, else: 'role' },
  'POST /operations/failures/retry': { may: ADMIN, else: 'role' },
  'POST /operations/failures/:id/retry': { may: ADMIN, else: 'role', of: 'failure' },
  'GET /audit/export': { may: ADMIN, else: 'role', query: '?format=json' },
  'GET /chat/audit/export': { may: ADMIN, else: 'role', query: '?format=json' },
  'POST /audit/exports': { may: ADMIN, else: 'role', body: () => ({ format: 'json' }) },
  'GET /audit/exports/:id': { may: ADMIN, else: 'role', of: 'export' },
  'POST /audit/exports/:id/retry': { may: ADMIN, else: 'role', of: 'failedExport' },
  // By a link that proves itself.
  'GET /audit/exports/:id/file': { may: 'open', else: 404, query: '?token=x' },
}

/** Whom a thing concerns, but who may not do this with it: told so where they may know of it. */
const refusalOf = (route: string): number =>
  /^(PATCH|DELETE) \/(bookings|supports?)\/:id|^POST \/(bookings|approvals)\/:id|\/schedule-change$|\/chat\/(groups|messages)\/:id/.test(
    route,
  )
    ? 403
    : 404

describe('who may do what', () => {
  let w: World
  let cast: Cast
  before(async () => {
    w = await aWorld({ with: ['api'], env: { RATE_LIMIT_PER_MINUTE: '1000000' } })
    cast = await aCast(w)
    // One ride that the people concerned share.
    await cast.make('assigned')
  })
  after(() => w.end())

  const entered = new Map<Member, Promise<Caller>>()
  /** Whoever is refused ends no session, and goes on in the one that they have; whoever gets in may end all that are theirs. */
  async function enter(route: string, by: Member, expected: number | 'in'): Promise<Caller> {
    if (expected === 'in') {
      if (route.includes(' /auth/')) entered.delete(by)
      return cast.enter(by)
    }
    const known = entered.get(by) ?? cast.enter(by)
    entered.set(by, known)
    return known
  }

  const call = async (route: string, by: Member, id: string, expected: number | 'in'): Promise<Reply> =>
    send(await enter(route, by, expected), route, id, MATRIX[route]?.body?.(cast, by, id))

  function send(who: Caller, route: string, id: string, body?: object): Promise<Reply> {
    const [method = '', path = ''] = route.split(' ')
    const to =
      path
        .replace(/:\w+/, id || (MATRIX[route]?.at ?? ''))
        .replace(':userId', cast.concerned.requester.id)
        .replace(':responseId', cast.responseId) + (MATRIX[route]?.query ?? '')
    if (method === 'GET') return who.get(to)
    if (method === 'DELETE') return who.delete(to, {}, body)
    if (method === 'PUT') return who.put(to, body)
    return method === 'PATCH' ? who.patch(to, body) : who.post(to, body)
  }

  const verdict = ({ status }: Reply): number | 'in' => (status < 400 ? 'in' : status)
  const thingFor = async (of: Thing | undefined): Promise<string> => (of ? cast.make(of) : '')

  /** Everything that somebody who is refused must not change. */
  async function everything(): Promise<unknown> {
    const tables = [
      'organisations',
      'users',
      'resources',
      'bookings',
      'approvals',
      'delegations',
      'notifications',
      'files',
      'rooms',
      'room_members',
      'messages',
      'room_events',
      'inbox_conversations',
      'faqs',
      'auto_responses',
      'tickets',
      'ticket_timeline',
      'api_keys',
      'received_events',
      'exports',
      'preferences',
      'push_subscriptions',
      'webhooks',
      'deliveries',
      'fact_deliveries',
    ]
    // A row that is written carries a younger transaction than before: neither sum nor count can come out the same.
    const sums = tables.map(
      (table) => `select '${table}' as name, count(*)::int, sum(xmin::text::bigint) from ${table}
        ${table === 'api_keys' ? `where name <> '${PROGRAM}'` : ''}`,
    )
    return [
      await rowsOf(w.runtime.db, sums.join(' union all ')),
      await rowsOf(w.runtime.db, 'select id from sessions where ended_at is not null order by id'),
    ]
  }

  /** @returns what each of them got; whoever is refused is tried on one thing, whoever gets in has one of their own */
  async function outcomes(
    route: string,
    members: readonly [string, Member, number | 'in'][],
  ): Promise<Record<string, number | 'in'>> {
    const { of } = MATRIX[route] ?? {}
    const got: Record<string, number | 'in'> = {}
    const shared = await thingFor(of)
    const before = await everything()
    for (const [name, member, expected] of members.filter((each) => each[2] !== 'in'))
      got[name] = verdict(await call(route, member, shared, expected))
    expect(await everything(), 'somebody who was refused changed something').to.deep.equal(before)
    for (const [name, member] of members.filter(([, , expected]) => expected === 'in'))
      got[name] = verdict(await call(route, member, await thingFor(of), 'in'))
    return got
  }

  const programs = new Map<string, Caller>()
  /** A program of one of the two organisations, with a key that is good for these. */
  async function program(scopes: readonly Scope[], orgId = cast.concerned.requester.orgId): Promise<Caller> {
    const name = `${orgId} ${scopes.join(' ')}`
    const known = programs.get(name)
    if (known) return known
    const { key } = await w.change((change) =>
      makeApiKey(change, { orgId }, { name: PROGRAM, scopes: [...scopes] }),
    )
    programs.set(name, caller(w.url, key))
    return caller(w.url, key)
  }

  const stranger = (role: Role): Member => {
    const found = cast.strangers.find((each) => each.role === role)
    if (!found) throw new Error(`Nobody is ${role}.`)
    return found
  }

  /** What a program gets that asks about one thing. */
  const ask = async (route: string, who: Caller, by: Member, thing: string): Promise<number | 'in'> =>
    verdict(await send(who, route, thing, MATRIX[route]?.body?.(cast, by, thing)))

  it('has a line for each route, and a route for each line', () => {
    const routes = declaredRoutes().map(({ method, path }) => `${method.toUpperCase()} ${path}`)
    expect(Object.keys(MATRIX).toSorted()).to.deep.equal(routes.toSorted())
  })

  for (const [
    route,
    { may, else: otherwise = 403, sees = [], of, in: insiders = [], not: outsiders = [] },
  ] of Object.entries(MATRIX)) {
    const refused = otherwise === 'role' ? 403 : otherwise

    if (may === 'open') {
      it(`${route}: open to everybody`, async () =>
        expect((await send(w.anybody, route, randomUUID())).status).to.equal(
          otherwise === 404 ? 404 : route.startsWith('GET') ? 200 : 400,
        ))
      continue
    }

    it(`${route}: ${
      may.length === ROLES.length ? 'everybody' : may.join(', ') || 'no role'
    }${insiders.map((each) => `, the ${each}`).join('')}; nobody without a token`, async () => {
      const members: [string, Member, number | 'in'][] = [
        ...cast.strangers.map((each): [string, Member, number | 'in'] => [
          each.role,
          each,
          may.includes(each.role) ? 'in' : sees.includes(each.role) ? 403 : refused,
        ]),
        ...insiders.map((name): [string, Member, 'in'] => [name, cast.concerned[name], 'in']),
        ...outsiders.map((name): [string, Member, number] => [name, cast.concerned[name], refusalOf(route)]),
      ]
      expect(await outcomes(route, members)).to.deep.equal(
        Object.fromEntries(members.map(([name, , expected]) => [name, expected])),
      )
      expect((await send(w.anybody, route, randomUUID())).status).to.equal(401)
    })

    const [scope, itself] = KEYS_OF_ROUTES[route]?.split(' ') ?? []
    it(`${route}: ${
      scope
        ? `a key with ${scope}, ${itself ? 'in its own name or ' : ''}for a person who may; no other key`
        : 'no key'
    }`, async () => {
      const [admin, thing, before] = [stranger('ADMIN'), await thingFor(of), await everything()]
      // All others at once: no scope takes anything away, so if one of them were enough, they would be.
      const key = await program(SCOPES.filter((each) => each !== scope))
      expect(
        await ask(route, actingFor(key, admin), admin, thing),
        'every other scope, for a person',
      ).to.equal(403)
      expect(await ask(route, key, admin, thing), 'every other scope').to.equal(403)
      if (scope && !itself && !isForProgramsOnly(route))
        expect(await ask(route, await program(SCOPES), admin, thing), 'in its own name').to.equal(403)
      expect(await everything(), 'a key that was refused changed something').to.deep.equal(before)
    })

    const wanted = SCOPES.find((each) => each === scope)
    const isForKeys = wanted !== undefined && !isForProgramsOnly(route)

    if (isForKeys)
      it(`${route}: by a key for a person, as the person; not for an ADMIN unless the key says so`, async () => {
        const forPeople = await program([wanted, 'act-as'])
        const forAll = await program([wanted, 'act-as:admin'])
        const [without, shared, before] = [await program([wanted]), await thingFor(of), await everything()]
        expect(await ask(route, actingFor(forPeople, stranger('ADMIN')), stranger('ADMIN'), shared)).to.equal(
          403,
        )
        expect(await ask(route, actingFor(without, stranger('STAFF')), stranger('STAFF'), shared)).to.equal(
          403,
        )
        const foreign = actingFor(forAll, cast.foreigners[0] ?? stranger('ADMIN'))
        expect(await ask(route, foreign, stranger('ADMIN'), shared), 'for a foreigner').to.equal(400)
        const refusedRole = ROLES.find((role) => !may.includes(role))
        if (refusedRole)
          expect(
            await ask(route, actingFor(forAll, stranger(refusedRole)), stranger(refusedRole), shared),
          ).to.equal(sees.includes(refusedRole) ? 403 : refused)
        expect(await everything()).to.deep.equal(before)
        const insider = insiders.map((name) => cast.concerned[name])[0]
        const allowed = insider ?? may.map(stranger)[0]
        if (allowed)
          expect(await ask(route, actingFor(forAll, allowed), allowed, await thingFor(of))).to.equal('in')
      })

    if (isForKeys && itself)
      it(`${route}: by a key in its own name, only in its own organisation`, async () => {
        const admin = stranger('ADMIN')
        expect(await ask(route, await program([wanted]), admin, await thingFor(of))).to.equal('in')
        const [{ orgId } = admin] = cast.foreigners
        const [thing, before] = [await thingFor(of), await everything()]
        const reply = await send(
          await program([wanted], orgId),
          route,
          thing,
          MATRIX[route]?.body?.(cast, cast.foreigners[0] ?? admin, thing),
        )
        if (of && !(Array.isArray(reply.body) && reply.body.length === 0)) expect(reply.status).to.equal(404)
        else expect(JSON.stringify(reply.body)).not.to.include(cast.concerned.requester.id)
        if (of) expect(await everything()).to.deep.equal(before)
      })

    it(`${route}: ${of ? 'does not exist for' : 'shows nothing to'} another organisation`, async () => {
      const [thing, unknown, before] = [await thingFor(of), randomUUID(), await everything()]
      const got: Record<string, unknown> = {}
      const expected: Record<string, unknown> = {}
      for (const foreigner of cast.foreigners) {
        const passesGate = otherwise !== 'role' || may.includes(foreigner.role)
        const ofNothing = may.includes(foreigner.role) ? 'in' : refused
        const due = of ? (passesGate ? 404 : 403) : ofNothing
        const reply = await call(route, foreigner, thing, due)
        if (of) {
          const { status, body } = await call(route, foreigner, unknown, due)
          expect(
            [reply.status, reply.body.detail, reply.body.length],
            'the answer tells that it exists',
          ).to.deep.equal([status, body.detail, body.length])
        } else {
          expect(JSON.stringify(reply.body))
            .not.to.include(cast.concerned.requester.orgId)
            .and.not.include(cast.concerned.requester.id)
        }
        const isListOfNothing = Array.isArray(reply.body) && reply.body.length === 0
        got[foreigner.role] = of && isListOfNothing ? 404 : verdict(reply)
        expected[foreigner.role] = due
      }
      expect(got).to.deep.equal(expected)
      if (of) expect(await everything()).to.deep.equal(before)
    })
  }
})

function isForProgramsOnly(route: string): boolean {
  return / \/(events|auth\/token)/.test(route)
}

/** Keys of this name are the test's own. */
const PROGRAM = 'A program of the matrix'

/** Of a program that acts for somebody. */
const actingFor = (program: Caller, { id }: Member): Caller => {
  const who = { 'x-act-as': id }
  return {
    get: (path) => program.get(path, who),
    post: (path, body) => program.post(path, body, who),
    put: (path, body) => program.put(path, body, who),
    patch: (path, body) => program.patch(path, body, who),
    delete: (path) => program.delete(path, who),
  }
}
