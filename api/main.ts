import { runProcess } from '../shared/kit/process.ts'
import { openApi } from './server.ts'

await runProcess('api', async (house) => {
  const api = await openApi(house)
  house.log.info({ port: api.port }, 'listening')
  return () => api.close()
})
