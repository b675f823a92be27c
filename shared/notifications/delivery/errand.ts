// What is carried to the outside: everything that it takes, so that nothing is looked up on the way.

import { excerptOf, type Attempt } from '../../kit/attempt.ts'
import type { Letter } from '../../kit/mailer.ts'
import type { Outside } from '../../kit/outside.ts'
import { lanesOf } from './lanes.ts'
import { pushRequest, type PushTarget } from './push.ts'

export interface Errand {
  deliveryId: string
  by:
    | { mail: Letter }
    | { push: PushTarget; message: string; isUrgent: boolean; lane: string }
    | { url: string; headers: Record<string, string>; body: string; lane: string }
}

export async function reachOut(outside: Outside, { by }: Errand): Promise<Attempt> {
  if ('mail' in by) return outside.mailer?.send(by.mail) ?? { isDone: false, said: 'no mail server is configured' }
  try {
    return 'push' in by ? await push(outside, by) : await outside.outgoing.post(by.url, by)
  } finally {
    lanesOf(by).leave(by.lane)
  }
}

async function push({ config, outgoingPush }: Outside, { push: target, message, isUrgent }: { push: PushTarget; message: string; isUrgent: boolean }): Promise<Attempt> {
  try {
    return await outgoingPush.post(target.endpoint, pushRequest(config, target, message, isUrgent))
  } catch (error) {
    return { isDone: false, isFinal: true, said: excerptOf(error instanceof Error ? error.message : String(error)) }
  }
}
