import { notifyAbsentMembers } from '../../shared/chat/actions/alert.ts'
import { forgetOldMessages } from '../../shared/chat/actions/forget.ts'
import { fanOutRoom } from '../../shared/chat/actions/tell.ts'
import { fanOut, forgetMessages, notifyAbsent } from '../../shared/chat/jobs.ts'
import { handle } from './handler.ts'

export const chatHandlers = [
  handle(fanOut, (change, { roomId }) => fanOutRoom(change, roomId)),
  handle(forgetMessages, (change) => forgetOldMessages(change)),
  handle(notifyAbsent, (change, { messageId }) => notifyAbsentMembers(change, messageId)),
]
