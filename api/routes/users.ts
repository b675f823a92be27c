import { getApprovalPolicy, setApprovalPolicy } from '../../shared/approvals/actions/policy.ts'
import { ApprovalPolicy, PolicyAsk } from '../../shared/approvals/policy/schema.ts'
import { shareBooking } from '../../shared/bookings/queries.ts'
import { listThoseWhoShareRoom } from '../../shared/chat/queries/members.ts'
import { erasePerson } from '../../shared/erasure/actions.ts'
import { notFound } from '../../shared/kit/declare/errors.ts'
import { withTotal } from '../../shared/kit/store/keyset.ts'
import { addPerson, invitePerson } from '../../shared/people/actions/accounts.ts'
import { changePerson } from '../../shared/people/actions/change.ts'
import { handOver } from '../../shared/people/actions/hand-over.ts'
import { getHoldings } from '../../shared/people/queries.ts'
import { HandedOver, HandOver, Holdings, PersonPut } from '../../shared/people/schema.ts'
import { choice, id, prose, shape, Type } from '../../shared/kit/declare/schema.ts'
import { setCalendar } from '../../shared/organisations/actions/calendar.ts'
import { setPassword } from '../../shared/users/actions/people.ts'
import { countUsers, getPersonBrief, getUser, listPeople, listUsers } from '../../shared/users/queries.ts'
import {
  externalId,
  Invitation,
  NewPassword,
  NewUser,
  PersonBrief,
  PersonListed,
  User,
  UserPatch,
} from '../../shared/users/schema.ts'
import { putPerson } from '../../shared/people/actions/put.ts'
import { importPeople } from '../../shared/people/actions/import.ts'
import { IMPORT_FORMATS, ImportReport } from '../../shared/people/import/schema.ts'
import { IMPORT_BODY_LIMIT, LARGE_BODY_LIMIT } from '../http/body.ts'
import { versionTag } from '../http/etag.ts'
import type { Route } from '../http/route.ts'
import { list, read, write } from '../http/route-builders.ts'
import { ORGANISATION_ROLES, ROLES } from '../../shared/organisations/roles.ts'
import {
  CalendarAsk,
  OpeningCalendar,
  Organisation,
  OrganisationPatch,
} from '../../shared/organisations/schema.ts'
import { getCalendar, getOrganisationFor } from '../../shared/organisations/queries.ts'
import { changeOrganisation } from '../../shared/organisations/actions/organisation.ts'

const ById = shape({ id: id('Person.') })
const etag = versionTag

export const userRoutes: Route[] = [
  list('/users', {
    scope: 'users:read',
    asItself: true,
    summary: 'People of the organisation, by name',
    access: ['ADMIN'],
    item: User,
    query: shape({
      q: Type.Optional(prose('Part of a name, address or phone number.')),
      role: Type.Optional(choice(ROLES, 'Only these.')),
      isActive: Type.Optional(Type.Boolean({ description: 'Only these.' })),
      managerId: Type.Optional(id('Only these.')),
      externalId: Type.Optional(prose('Only these.')),
    }),
    handle: async ({ db }, { query: { limit, offset, cursor, ...filter }, caller }) => {
      const part = { limit, offset, cursor }
      return withTotal(await listUsers(db, caller, filter, part), part, () =>
        countUsers(db, caller.orgId, filter),
      )
    },
  }),
  list('/people', {
    scope: 'people:read',
    asItself: true,
    summary: 'Active people, by name; drivers find staff and drivers',
    access: ORGANISATION_ROLES,
    item: PersonListed,
    query: shape({
      q: Type.Optional(prose('Part of a name.')),
      role: Type.Optional(choice(ORGANISATION_ROLES, 'Only these.')),
      ids: Type.Optional(
        Type.Array(id('Person.'), { maxItems: 100, description: 'Also those who have left.' }),
      ),
    }),
    handle: ({ db }, { query, caller }) => listPeople(db, caller, query, query),
  }),
  write('post', '/users', {
    scope: 'users:write',
    asItself: true,
    summary: 'Add a person; without a password they are invited by mail',
    access: ['ADMIN'],
    body: NewUser,
    reply: User,
    handle: (change, { body, caller }) => addPerson(change, caller, body),
  }),
  read('/users/:id', {
    scope: 'users:read',
    asItself: true,
    summary: 'A person: whole for ADMINs and oneself, in brief for whoever shares a booking or room',
    params: ById,
    reply: Type.Union([User, PersonBrief]),
    handle: async ({ db }, { params, caller }) => {
      if (caller.role === 'ADMIN' || caller.id === params.id) return getUser(db, caller.orgId, params.id)
      const share =
        (await shareBooking(db, caller.orgId, caller.id, params.id)) ||
        (await listThoseWhoShareRoom(db, caller.id, [params.id])).length > 0
      if (!share) throw notFound('User')
      return getPersonBrief(db, caller.orgId, params.id)
    },
  }),
  write('put', '/users/external/:externalId', {
    scope: 'users:write',
    asItself: true,
    summary: 'Add or change a person as another system knows them; isActive false: they leave',
    access: ['ADMIN'],
    params: shape({ externalId }),
    body: PersonPut,
    reply: User,
    refuses: ['last_admin'],
    handle: (change, { params, body, caller }) => putPerson(change, caller, params.externalId, body),
  }),
  write('patch', '/users/:id', {
    scope: 'users:write',
    asItself: true,
    summary: 'Change a person',
    access: ['ADMIN'],
    params: ById,
    body: UserPatch,
    reply: User,
    refuses: ['last_admin'],
    handle: (change, { params, body, caller }) => changePerson(change, caller, params.id, body),
  }),
  write('post', '/users/:id/password', {
    summary: "Set a person's password; ends their sessions",
    access: ['ADMIN'],
    params: ById,
    body: NewPassword,
    reply: User,
    idempotent: false,
    handle: (change, { params, body, caller }) => setPassword(change, caller, params.id, body.password),
  }),
  write('post', '/users/import', {
    scope: 'users:write',
    asItself: true,
    summary: 'Add and change many people, all or none; known by externalId, else e-mail',
    access: ['ADMIN'],
    query: shape({
      dryRun: Type.Boolean({
        default: false,
        description: 'Only say what would be done.',
      }),
      invite: Type.Boolean({
        default: false,
        description: 'Mail new people to choose a password.',
      }),
    }),
    body: shape({ type: choice(IMPORT_FORMATS, 'Of the text.'), text: Type.String() }),
    takesText: IMPORT_FORMATS,
    bodyLimit: IMPORT_BODY_LIMIT,
    reply: ImportReport,
    status: 200,
    refuses: ['last_admin'],
    handle: (change, { body, query, caller }) =>
      importPeople(change, caller, {
        text: body.text,
        format: body.type,
        isPreview: query.dryRun,
        invites: query.invite,
      }),
  }),
  write('post', '/users/:id/invite', {
    summary: 'Mail a person without a password a link to choose one; good for a week',
    access: ['ADMIN'],
    params: ById,
    reply: Invitation,
    idempotent: false,
    handle: (change, { params, caller }) => invitePerson(change, caller, params.id),
  }),
  read('/users/:id/holdings', {
    scope: 'users:read',
    asItself: true,
    summary: 'What waits on a person: approvals, tickets, conversations, trips to drive',
    access: ['ADMIN'],
    params: ById,
    reply: Holdings,
    handle: (reading, { params, caller }) => getHoldings(reading, caller.orgId, params.id),
  }),
  write('post', '/users/:id/hand-over', {
    scope: 'users:write',
    summary: 'Hand what waits on a person to a colleague, as far as they may take it',
    access: ['ADMIN'],
    params: ById,
    body: HandOver,
    reply: HandedOver,
    handle: (change, { params, body, caller }) => handOver(change, caller, params.id, body.to),
  }),
  write('post', '/users/:id/erase', {
    summary: 'Forget a person for good: name, addresses, words, files; what they did stays',
    access: ['ADMIN'],
    params: ById,
    reply: User,
    refuses: ['last_admin'],
    handle: (change, { params, caller }) => erasePerson(change, caller.orgId, params.id, caller),
  }),
  read('/organisation', {
    scope: 'organisation:read',
    asItself: true,
    summary: 'My organisation',
    reply: Organisation,
    etag,
    handle: ({ db }, { caller }) => getOrganisationFor(db, caller),
  }),
  write('patch', '/organisation', {
    scope: 'organisation:write',
    asItself: true,
    summary: 'Change the organisation and its policies',
    access: ['ADMIN'],
    body: OrganisationPatch,
    reply: Organisation,
    etag,
    handle: (change, { body, caller, ifMatch }) => changeOrganisation(change, caller, body, ifMatch),
  }),
  read('/organisation/calendar', {
    scope: 'organisation:read',
    asItself: true,
    summary: 'When the organisation is open',
    reply: OpeningCalendar,
    etag,
    handle: ({ db }, { caller }) => getCalendar(db, caller.orgId),
  }),
  write('put', '/organisation/calendar', {
    scope: 'organisation:write',
    asItself: true,
    summary: 'Set when the organisation is open',
    access: ['ADMIN', 'OWNER'],
    body: CalendarAsk,
    bodyLimit: LARGE_BODY_LIMIT,
    reply: OpeningCalendar,
    etag,
    handle: (change, { body, caller, ifMatch }) => setCalendar(change, caller, body, ifMatch),
  }),
  read('/organisation/approval-policies', {
    summary: 'Who approves what now',
    scope: 'organisation:read',
    access: ORGANISATION_ROLES,
    reply: ApprovalPolicy,
    etag,
    handle: ({ db }, { caller }) => getApprovalPolicy(db, caller.orgId),
  }),
  write('put', '/organisation/approval-policies', {
    summary: 'Set who approves what; earlier requests end under earlier rules',
    scope: 'organisation:write',
    access: ['ADMIN'],
    body: PolicyAsk,
    reply: ApprovalPolicy,
    etag,
    handle: (change, { body, caller, ifMatch }) => setApprovalPolicy(change, caller, body, ifMatch),
  }),
]
