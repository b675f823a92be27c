import { runProcess } from '../shared/kit/process/run.ts'
import { announceFirstRun } from './pages/first-run.ts'
import { startApi } from './server.ts'

await runProcess('api', async (runtime) => {
  const api = await startApi(runtime)
  runtime.log.info({ port: api.port }, 'listening')
  await announceFirstRun(runtime)
  return () => api.close()
})
