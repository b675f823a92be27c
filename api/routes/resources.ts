import { addServing, changeServing, retireServing } from '../../shared/bookings/actions/release.ts'
import { mustBePeriod, Period } from '../../shared/bookings/availability.ts'
import { isServedBy, listSchedule } from '../../shared/bookings/queries.ts'
import { Booking } from '../../shared/bookings/schema.ts'
import { withTotal } from '../../shared/kit/store/keyset.ts'
import { notFound } from '../../shared/kit/declare/errors.ts'
import { choice, id, line, shape, Type } from '../../shared/kit/declare/schema.ts'
import { countResources, getResource, listResources } from '../../shared/resources/queries.ts'
import { NewResource, Resource, RESOURCE_KINDS, ResourcePatch } from '../../shared/resources/schema.ts'
import { isStaff, STAFF_ROLES } from '../../shared/organisations/roles.ts'
import type { Route } from '../http/route.ts'
import { list, read, write } from '../http/route-builders.ts'

const ById = shape({ id: id('Resource.') })

export const resourceRoutes: Route[] = [
  list('/resources', {
    scope: 'resources:read',
    asItself: true,
    summary: 'Vehicles, stations and properties, by kind and name',
    access: STAFF_ROLES,
    item: Resource,
    query: shape({
      kind: Type.Optional(choice(RESOURCE_KINDS, 'Only these.')),
      q: Type.Optional(line('Part of a name or plate.')),
    }),
    handle: async ({ db }, { query: { limit, offset, cursor, ...filter }, caller }) => {
      const part = { limit, offset, cursor }
      return withTotal(await listResources(db, caller, filter, part), part, () =>
        countResources(db, caller.orgId, filter),
      )
    },
  }),
  write('post', '/resources', {
    scope: 'resources:write',
    asItself: true,
    summary: 'Add a resource',
    access: STAFF_ROLES,
    body: NewResource,
    reply: Resource,
    handle: (change, { body, caller }) => addServing(change, caller, body),
  }),
  read('/resources/:id', {
    scope: 'resources:read',
    asItself: true,
    summary: 'A resource, for the staff and whoever asked for or drives its bookings',
    params: ById,
    reply: Resource,
    handle: async ({ db }, { params, caller }) => {
      const maySee = isStaff(caller.role) || (await isServedBy(db, caller, params.id))
      if (!maySee) throw notFound('Resource')
      return getResource(db, caller.orgId, params.id)
    },
  }),
  list('/resources/:id/schedule', {
    scope: 'bookings:read',
    asItself: true,
    isFollowed: true,
    summary: 'What a resource serves in a time, by beginning',
    access: STAFF_ROLES,
    params: ById,
    item: Booking,
    query: shape(Period),
    refuses: ['invalid'],
    handle: async ({ db }, { params, query: { from, to, ...part }, caller }) => {
      mustBePeriod({ from, to })
      await getResource(db, caller.orgId, params.id)
      return listSchedule(db, caller.orgId, { resourceId: params.id, from, to }, part)
    },
  }),
  write('patch', '/resources/:id', {
    scope: 'resources:write',
    asItself: true,
    summary: 'Change a resource',
    access: STAFF_ROLES,
    params: ById,
    body: ResourcePatch,
    reply: Resource,
    handle: (change, { params, body, caller }) => changeServing(change, caller, params.id, body),
  }),
  write('delete', '/resources/:id', {
    scope: 'resources:write',
    asItself: true,
    summary: 'Retire a resource: it becomes INACTIVE',
    access: STAFF_ROLES,
    params: ById,
    reply: Resource,
    handle: (change, { params, caller }) => retireServing(change, caller, params.id),
  }),
]
