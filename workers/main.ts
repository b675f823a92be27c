import { LIMITS } from '../shared/kit/db.ts'
import { runProcess } from '../shared/kit/process.ts'
import { openWorkers } from './workers.ts'

await runProcess('worker', async (house) => {
  const workers = await openWorkers(house, () => process.exit(1))
  return () => workers.close()
}, LIMITS.jobs)
