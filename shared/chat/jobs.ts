import { declareJob } from '../kit/declare/job.ts'
import { id, shape } from '../kit/declare/schema.ts'

/** Twice: tells what is left, which is nothing; what was told and not yet noted is told once, by its key. Late: tells it then. */
export const fanOutRoomJob = declareJob('chat.fanOut', shape({ roomId: id('Room.') }))

/** Twice: the row is gone. Late: who has read it meanwhile is not told. */
export const notifyAbsentJob = declareJob('chat.notifyAbsent', shape({ messageId: id('Message.') }))

/** Twice: nothing is left. Late: looks at the person as they are then. */
export const leaveRoomsJob = declareJob(
  'chat.leaveRooms',
  shape({ orgId: id('Organisation.'), userId: id('Who left, or has another role.') }),
)

/** Copies of a message that was deleted or changed. Twice: they hold nothing more of it. Late: stay until then. */
export const deleteCopiesJob = declareJob('chat.forgetCopies', shape({ messageId: id('Message.') }))

/** Twice: what is forgotten is passed over. Late: forgets more. */
export const expireMessagesJob = declareJob('maintenance.forgetMessages', shape({}))
