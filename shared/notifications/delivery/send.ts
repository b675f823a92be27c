// What is carried to the outside: everything that it takes, so that nothing is looked up on the way.

import { excerptOfAnswer, type DeliveryResult } from '../../kit/outside/delivery-result.ts'
import type { Email } from '../../kit/outside/mailer.ts'
import type { ExternalWork } from '../../kit/outside/external-work.ts'
import { destinationSharesOf } from './destination-shares.ts'
import { pushRequest, type PushTarget } from './push.ts'

export interface OutboundMessage {
  deliveryId: string
  by:
    | { mail: Email }
    | { push: PushTarget; message: string; isUrgent: boolean; lane: string }
    | { url: string; headers: Record<string, string>; body: string; lane: string }
}

export async function sendMessage(outside: ExternalWork, { by }: OutboundMessage): Promise<DeliveryResult> {
  if ('mail' in by)
    return outside.mailer?.send(by.mail) ?? { isDone: false, said: 'no mail server is configured' }
  try {
    return 'push' in by ? await push(outside, by) : await outside.outgoing.post(by.url, by)
  } finally {
    destinationSharesOf(by).leave(by.lane)
  }
}

async function push(
  { config, outgoingPush }: ExternalWork,
  { push: target, message, isUrgent }: { push: PushTarget; message: string; isUrgent: boolean },
): Promise<DeliveryResult> {
  try {
    return await outgoingPush.post(target.endpoint, pushRequest(config, target, message, isUrgent))
  } catch (error) {
    return {
      isDone: false,
      isFinal: true,
      said: excerptOfAnswer(error instanceof Error ? error.message : String(error)),
    }
  }
}
