import { expect } from 'chai'
import type { KeyHolder } from '../../shared/integrations/schema.ts'
import type { Actor } from '../../shared/organisations/roles.ts'
import type { CallerOf } from '../../api/http/route.ts'

/** True only where each fits the other; else the compiler refuses the line that says true. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

describe('the caller that a handler is given', () => {
  it('is what the access of its route lets in, as the compiler knows it', () => {
    const proofs: {
      open: Same<CallerOf<'open'>, undefined>
      key: Same<CallerOf<'api-key'>, KeyHolder>
      person: Same<CallerOf<'signed-in'>, Actor>
      role: Same<CallerOf<['ADMIN']>, Actor>
    } = {
      open: true,
      key: true,
      person: true,
      role: true,
    }
    expect(Object.values(proofs)).to.deep.equal([true, true, true, true])
  })
})
