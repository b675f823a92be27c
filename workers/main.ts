import { DATABASE_LIMITS } from '../shared/kit/db.ts'
import { runProcess } from '../shared/kit/process.ts'
import { openWorkers } from './workers.ts'

await runProcess('worker', async (runtime) => {
  const workers = await openWorkers(runtime, () => process.exit(1))
  return () => workers.close()
}, DATABASE_LIMITS.jobs)
