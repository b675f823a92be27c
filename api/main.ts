import { runProcess } from '../shared/kit/process/run.ts'
import { announceFirstRun } from './pages/first-run.ts'
import { startApi } from './server.ts'

await runProcess('api', async (runtime) => {
  const api = await startApi(runtime)
  runtime.log.info({ port: api.port }, 'listening')
  // It is started again when the database is back: its port must be free by then.
  await announceFirstRun(runtime).catch(async (error: unknown) => {
    await api.close()
    throw error
  })
  return () => api.close()
})
