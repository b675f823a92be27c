// What `npm start` is to its server and its processes, as a process of its own that a test may kill: a Redis in a folder, and
// workers on it. Says the numbers of its processes when they run.

import { startRedis } from '../../bin/embedded/redis.ts'
import { launch } from '../../bin/supervise.ts'

const { dir, port, program, env } = JSON.parse(process.argv[2] ?? '')
const server = await startRedis({ dir, port, program, log: () => undefined })
const workers = launch({
  name: 'workers',
  words: ['bin/serve.mjs', 'workers/main.ts'],
  env: { ...env, REDIS_URL: server.url },
})
workers.once('message', () => process.send?.({ pids: [server.pid, workers.pid], url: server.url }))
