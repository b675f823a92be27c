import { notifyAbsentMembers } from '../../shared/chat/actions/alert.ts'
import { expireMessages } from '../../shared/chat/actions/expire.ts'
import { leaveForeignRooms } from '../../shared/chat/actions/leave.ts'
import { publishRoomEvents } from '../../shared/chat/actions/publish.ts'
import {
  fanOutRoomJob,
  deleteCopiesJob,
  expireMessagesJob,
  leaveRoomsJob,
  notifyAbsentJob,
} from '../../shared/chat/jobs.ts'
import { deleteCopiesOf } from '../../shared/erasure/actions.ts'
import { handleJob, handleJobsTogether } from './handler.ts'

export const chatHandlers = [
  handleJobsTogether(fanOutRoomJob, (due) =>
    publishRoomEvents(due.map(({ change, payload }) => ({ change, roomId: payload.roomId }))),
  ),
  handleJob(deleteCopiesJob, (change, { messageId }) => deleteCopiesOf(change, messageId)),
  handleJob(expireMessagesJob, (change) => expireMessages(change)),
  handleJob(leaveRoomsJob, (change, { orgId, userId }) => leaveForeignRooms(change, orgId, userId)),
  handleJob(notifyAbsentJob, (change, { messageId }) => notifyAbsentMembers(change, messageId), {
    isGathered: true,
  }),
]
