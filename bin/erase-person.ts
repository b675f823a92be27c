// `npm run person:erase -- mai@example.com`, or the person's id: what POST /users/:id/erase does, for whoever operates the installation.

import { erasePerson } from '../shared/erasure/actions.ts'
import { makeChange } from '../shared/kit/store/change.ts'
import { systemClock } from '../shared/kit/process/clock.ts'
import { readConfig } from '../shared/kit/process/config.ts'
import { DATABASE_LIMITS } from '../shared/kit/store/db.ts'
import { openRuntime } from '../shared/kit/process/runtime.ts'
import { openLog } from '../shared/kit/process/log.ts'
import { whenReady } from '../shared/kit/store/redis.ts'

const [who = ''] = process.argv.slice(2)
const config = readConfig()
const runtime = openRuntime(config, systemClock, openLog('erase', config.LOG_LEVEL), DATABASE_LIMITS.jobs)
try {
  await whenReady(runtime.redis)
  const [person] = await runtime
    .db('users')
    .whereRaw('id::text = :who or email = :who', { who: who.trim().toLowerCase() })
    .select('id', 'orgId')
  if (!person) throw new Error('There is no such person. Give an e-mail address or an id.')
  await makeChange(runtime, { requestId: 'person:erase' }, (change) =>
    erasePerson(change, person.orgId, person.id),
  )
  process.stdout.write(`${person.id} was erased; a worker takes away what they said and uploaded.\n`)
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
} finally {
  await runtime.close()
}
