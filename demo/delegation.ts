// The manager is away for a part of the day, and the director decides in his place.

import { setTimeout as pause } from 'node:timers/promises'
import type { Narrator } from './reporter.ts'
import type { Cast } from './people.ts'
import type { DelegationSeen } from './wire.ts'

interface OpenDelegation {
  takeBack(): Promise<DelegationSeen>
}

/** In the future, and by more than an API that is started anew takes, so that every request routed from `from` on finds it in its place. */
const LEAD = 10_000
/** Its row must stand this long before it begins. */
const MARGIN = 500
const LENGTH = 30 * 60_000

/** All of the manager's; those of earlier days have ended before this one began. */
export async function madeBy({ manager: { http, user } }: Cast): Promise<DelegationSeen[]> {
  const { body } = await http.get<DelegationSeen[]>('/approvals/delegations?limit=100')
  return body.filter(({ delegatorId }) => delegatorId === user.id)
}

/** What a day that was broken off left behind would give the director a share in everything. */
export async function takeBackEarlier({ manager: { http, user } }: Cast): Promise<void> {
  const { body: earlier } = await http.get<DelegationSeen[]>('/approvals/delegations?limit=100')
  for (const each of earlier)
    if (isOpen(each) && each.delegatorId === user.id) await http.delete(`/approvals/delegations/${each.id}`)
}

/** Resolves once it holds. */
export async function delegate(cast: Cast, narrator: Narrator): Promise<OpenDelegation> {
  const { http } = cast.manager
  for (;;) {
    const from = Date.now() + LEAD
    const ask = {
      delegateId: cast.director.user.id,
      from: new Date(from).toISOString(),
      until: new Date(from + LENGTH).toISOString(),
    }
    const { body } = await http.post<DelegationSeen>('/approvals/delegations', ask)
    const takeBack = async (): Promise<DelegationSeen> =>
      (await http.delete<DelegationSeen>(`/approvals/delegations/${body.id}`)).body
    const isInTime = new Date(body.fromAt).getTime() - new Date(body.createdAt).getTime() > MARGIN
    if (isInTime) {
      narrator.say({ code: '', who: 'manager', what: 'lets the director decide from now on' })
      await pause(Math.max(0, from + MARGIN - Date.now()))
      return { takeBack }
    }
    await takeBack()
  }
}

function isOpen({ revokedAt, untilAt }: DelegationSeen): boolean {
  return revokedAt === null && new Date(untilAt).getTime() > Date.now()
}
