// Pings every socket once in PING_SECONDS, a slice each second, so that ten thousand are not pinged in one breath.

export const PING_SECONDS = 25

export interface PingWheel<Socket> {
  add(socket: Socket): void
  delete(socket: Socket): void
  stop(): void
}

export function pingWheel<Socket>(ping: (socket: Socket) => void): PingWheel<Socket> {
  const slices = Array.from({ length: PING_SECONDS }, () => new Set<Socket>())
  let second = 0
  let added = 0
  const timer = setInterval(() => {
    second = (second + 1) % PING_SECONDS
    slices[second]?.forEach(ping)
  }, 1000)

  return {
    add: (socket) => void slices[added++ % PING_SECONDS]?.add(socket),
    delete: (socket) => slices.forEach((slice) => slice.delete(socket)),
    stop: () => clearInterval(timer),
  }
}
