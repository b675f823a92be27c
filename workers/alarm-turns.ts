// Organisations take turns with their alarms, too. Which place an alarm has shows only shortly before it rings, when all that
// ring with it are known: then the rows are counted, and whose are many stand back in the queue, one place each.
// Promise: costs one statement in a look, and no command while nobody's alarms are many.

import { rowsOf } from '../shared/kit/store/db.ts'
import { repeatEvery } from '../shared/kit/process/repeat.ts'
import type { Runtime } from '../shared/kit/process/runtime.ts'
import { queueOf } from '../shared/kit/store/queue.ts'
import { plusMs } from '../shared/kit/time/time.ts'
import { ALARMS_AHEAD, FREE } from '../shared/kit/store/turns.ts'

/** Each alarm is seen before it rings, even if one look fails. */
const LOOK = ALARMS_AHEAD / 3
/** Jobs of a queue that get their places in one command. */
const BATCH = 1000

export function startAlarmTurns(runtime: Runtime): () => Promise<void> {
  return repeatEvery(runtime, 'turns of alarms', LOOK, () => placeAlarms(runtime, runtime.clock.now()))
}

/** @param since alarms due from then on; undefined: also those that nobody rang while no worker was there */
export async function placeAlarms(runtime: Runtime, since?: Date): Promise<void> {
  const many = await rowsOf<{ id: string; name: string; place: number }>(
    runtime.db,
    `select id, name, place from (
       select id, name, row_number() over (partition by split_part(name, '.', 1), org_id order by due_at, id) - :free as place
       from jobs where failed_at is null and due_at is not null
       and coalesce(due_at, created_at) between coalesce(:since::timestamptz, '-infinity') and :until) as ringing
     where place > 0`,
    { free: FREE, since: since ?? null, until: plusMs(runtime.clock.now(), ALARMS_AHEAD) },
  )
  for (const { name } of runtime.queues.all) {
    const mine = many.filter((row) => queueOf(row.name) === name)
    for (let at = 0; at < mine.length; at += BATCH)
      await runtime.queues.place(name, mine.slice(at, at + BATCH))
  }
  if (many.length > 0)
    runtime.log.info({ alarms: many.length }, 'many alarms of one organisation ring soon; they take turns')
}
