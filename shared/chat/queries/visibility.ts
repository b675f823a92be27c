// Who may see a room, as a condition in SQL.

import { isStaff, type Actor } from '../../organisations/roles.ts'

/** Who is in a room, and the staff where it is open to them. For everybody else it does not exist. */
export const MAY_SEE = '(me.user_id is not null or (r.is_open_to_staff and r.org_id = :staffOf))'
export const ME = 'rooms r left join room_members me on me.room_id = r.id and me.user_id = :userId'
export const viewerOf = ({ id, orgId, role }: Viewer): { userId: string; staffOf: string | null } => ({
  userId: id,
  staffOf: isStaff(role) ? orgId : null,
})
export type Viewer = Pick<Actor, 'id' | 'orgId' | 'role'>

/** Counted pages, of clients that ask for them. */
export type CountedPage = { limit: number; offset: number }
