import { DATABASE_LIMITS } from '../shared/kit/store/db.ts'
import { runProcess } from '../shared/kit/process/run.ts'
import { openWorkers } from './workers.ts'

await runProcess(
  'worker',
  async (runtime) => {
    const workers = await openWorkers(runtime, () => process.exit(1))
    return () => workers.close()
  },
  DATABASE_LIMITS.jobs,
)
