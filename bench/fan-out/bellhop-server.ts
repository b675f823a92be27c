// Bellhop's own realtime process. Its people are made up and have no rows, so neither have the eight rooms of each.

import { rooms } from '../../realtime/channels/rooms.ts'
import { openRealtime } from '../../realtime/server.ts'
import { runProcess } from '../../shared/kit/process/run.ts'
import { answerTheBench } from './answering.ts'
import { roomsOf } from './people.ts'

rooms.own = async (_door, actor) => roomsOf(actor.id)

await runProcess('realtime', async (runtime) => {
  const { port, close } = await openRealtime(runtime)
  answerTheBench(port)
  return close
})
