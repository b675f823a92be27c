// Reads about second factors, and who needs one.

import { rowsOf, type Db } from '../kit/store/db.ts'
import type { SecondFactor } from './schema.ts'

/** A person who is not there has none, and none is asked of them. */
export async function getSecondFactor(db: Db, userId: string): Promise<SecondFactor> {
  const [found] = await rowsOf<SecondFactor>(
    db,
    `select f.confirmed_at is not null as is_on, f.confirmed_at as since,
       coalesce(jsonb_exists(o.settings->'secondFactorRoles', u.role), false) as is_demanded,
       (select count(*) from recovery_codes c where c.user_id = u.id)::int as recovery_codes_left
     from users u join organisations o on o.id = u.org_id left join second_factors f on f.user_id = u.id where u.id = :userId`,
    { userId },
  )
  return found ?? { isOn: false, since: null, isDemanded: false, recoveryCodesLeft: 0 }
}
