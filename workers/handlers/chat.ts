import { notifyAbsentMembers } from '../../shared/chat/actions/alert.ts'
import { forgetOldMessages } from '../../shared/chat/actions/forget.ts'
import { leaveForeignRooms } from '../../shared/chat/actions/leave.ts'
import { fanOutRoom } from '../../shared/chat/actions/tell.ts'
import { fanOut, forgetCopies, forgetMessages, leaveRooms, notifyAbsent } from '../../shared/chat/jobs.ts'
import { forgetCopiesOf } from '../../shared/erasure/actions.ts'
import { handle } from './handler.ts'

export const chatHandlers = [
  handle(fanOut, (change, { roomId }) => fanOutRoom(change, roomId)),
  handle(forgetCopies, (change, { messageId }) => forgetCopiesOf(change, messageId)),
  handle(forgetMessages, (change) => forgetOldMessages(change)),
  handle(leaveRooms, (change, { orgId, userId }) => leaveForeignRooms(change, orgId, userId)),
  handle(notifyAbsent, (change, { messageId }) => notifyAbsentMembers(change, messageId)),
]
