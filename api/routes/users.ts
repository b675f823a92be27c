import { shareBooking } from '../../shared/bookings/queries.ts'
import { listThoseWhoShareRoom } from '../../shared/chat/queries.ts'
import { erasePerson } from '../../shared/erasure/actions.ts'
import { notFound } from '../../shared/kit/errors.ts'
import { changePerson } from '../../shared/people/actions.ts'
import { choice, id, prose, shape, Type } from '../../shared/kit/schema.ts'
import { setCalendar } from '../../shared/users/actions/calendar.ts'
import { addUser, changeOrganisation, setPassword } from '../../shared/users/actions/people.ts'
import { countUsers, getCalendar, getOrganisationFor, getPersonBrief, getUser, listPeople, listUsers } from '../../shared/users/queries.ts'
import { CalendarAsk, HOUSE_ROLES, NewPassword, NewUser, OpeningCalendar, Organisation, OrganisationPatch, PersonBrief, PersonListed, ROLES, User, UserPatch } from '../../shared/users/schema.ts'
import { LARGE_BODY_LIMIT } from '../http/body.ts'
import { versionTag } from '../http/etag.ts'
import { change, list, read, type Route } from '../http/route.ts'

const ById = shape({ id: id('Person.') })
const etag = versionTag

export const userRoutes: Route[] = [
  list('/users', {
    summary: 'People of the organisation, by name', access: ['ADMIN'], item: User,
    query: shape({
      q: Type.Optional(prose('Part of a name, an address or a telephone number, as one types it.')), role: Type.Optional(choice(ROLES, 'Only these.')),
      isActive: Type.Optional(Type.Boolean({ description: 'Only those who are, or who are not.' })), managerId: Type.Optional(id('Only whom this person manages.')),
    }),
    handle: async ({ db }, { query, actor }) => {
      const { limit, offset, ...filter } = query
      return { items: await listUsers(db, actor, filter, { limit, offset }), total: await countUsers(db, actor.orgId, filter) }
    },
  }),
  list('/people', {
    summary: 'The directory: active people of the house, by name; drivers find staff and drivers', access: HOUSE_ROLES, item: PersonListed,
    query: shape({ q: Type.Optional(prose('Part of a name, with accents or without.')), role: Type.Optional(choice(HOUSE_ROLES, 'Only these.')) }),
    handle: async ({ db }, { query, actor }) => ({ items: await listPeople(db, actor, query, query) }),
  }),
  change('post', '/users', { summary: 'Add a person', access: ['ADMIN'], body: NewUser, reply: User, handle: (change, { body, actor }) => addUser(change, actor, body) }),
  read('/users/:id', {
    summary: 'A person: whole for ADMINs and oneself, in brief for whoever shares a booking or a room with them', params: ById, reply: Type.Union([User, PersonBrief]),
    handle: async ({ db }, { params, actor }) => {
      if (actor.role === 'ADMIN' || actor.id === params.id) return getUser(db, actor.orgId, params.id)
      const share = await shareBooking(db, actor.orgId, actor.id, params.id) || (await listThoseWhoShareRoom(db, actor.id, [params.id])).length > 0
      if (!share) throw notFound('User')
      return getPersonBrief(db, actor.orgId, params.id)
    },
  }),
  change('patch', '/users/:id', { summary: 'Change a person', access: ['ADMIN'], params: ById, body: UserPatch, reply: User, handle: (change, { params, body, actor }) => changePerson(change, actor, params.id, body) }),
  change('post', '/users/:id/password', {
    summary: 'Set a person\'s password; ends their sessions', access: ['ADMIN'], params: ById, body: NewPassword, reply: User, idempotent: false,
    handle: (change, { params, body, actor }) => setPassword(change, actor, params.id, body.password),
  }),
  change('post', '/users/:id/erase', {
    summary: 'Forget a person for good: name, addresses, words and files; what they did stays, by nobody', access: ['ADMIN'], params: ById, reply: User,
    handle: (change, { params, actor }) => erasePerson(change, actor.orgId, params.id, actor),
  }),
  read('/organisation', { summary: 'My organisation', reply: Organisation, etag, handle: ({ db }, { actor }) => getOrganisationFor(db, actor) }),
  change('patch', '/organisation', { summary: 'Change the organisation and its policies', access: ['ADMIN'], body: OrganisationPatch, reply: Organisation, etag, handle: (change, { body, actor, ifMatch }) => changeOrganisation(change, actor, body, ifMatch) }),
  read('/organisation/calendar', { summary: 'When the organisation is open', reply: OpeningCalendar, etag, handle: ({ db }, { actor }) => getCalendar(db, actor.orgId) }),
  change('put', '/organisation/calendar', {
    summary: 'Set when the organisation is open', access: ['ADMIN', 'OWNER'], body: CalendarAsk, bodyLimit: LARGE_BODY_LIMIT, reply: OpeningCalendar, etag,
    handle: (change, { body, actor, ifMatch }) => setCalendar(change, actor, body, ifMatch),
  }),
]
