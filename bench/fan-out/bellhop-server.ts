// Bellhop's own realtime process. There are no rooms in it yet, so eight more channels for each person stand in for them.

import { users } from '../../realtime/channels/users.ts'
import { openRealtime } from '../../realtime/server.ts'
import { runProcess } from '../../shared/kit/process.ts'
import { answerTheBench } from './answering.ts'
import { roomsOf } from './people.ts'

const { own } = users
users.own = (actor) => [...own(actor), ...roomsOf(actor.id)]

await runProcess('realtime', async (house) => {
  const { port, close } = await openRealtime(house)
  answerTheBench(port)
  return close
})
