// Whether the one process of this container lives, whichever role it has: it answers /livez on the port of its role.

const { PORT = '3000', REALTIME_PORT = '3001', WORKER_PORT = '3003' } = process.env
const asked = [PORT, REALTIME_PORT, WORKER_PORT].map(async (port) => {
  const { ok } = await fetch(`http://127.0.0.1:${port}/livez`, { signal: AbortSignal.timeout(2000) })
  if (!ok) throw new Error(`/livez on port ${port} was refused.`)
})
await Promise.any(asked).catch(() => process.exit(1))
