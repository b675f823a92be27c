// Pings every socket once in PING_SECONDS, a slice each second, so that ten thousand are not pinged in one breath.

export const PING_SECONDS = 25
/** For the answer to the last ping that a silent client gets. */
export const LAST_ANSWER_SECONDS = 10

export interface PingWheel<Socket> {
  add(socket: Socket): void
  delete(socket: Socket): void
  stop(): void
}

/** @param look is asked LAST_ANSWER_SECONDS after each ping */
export function pingWheel<Socket>(
  ping: (socket: Socket) => void,
  look: (socket: Socket) => void = () => undefined,
): PingWheel<Socket> {
  const slices = Array.from({ length: PING_SECONDS }, () => new Set<Socket>())
  let second = 0
  let added = 0
  const timer = setInterval(() => {
    second = (second + 1) % PING_SECONDS
    slices[second]?.forEach(ping)
    slices[(second + PING_SECONDS - LAST_ANSWER_SECONDS) % PING_SECONDS]?.forEach(look)
  }, 1000)

  return {
    add: (socket) => void slices[added++ % PING_SECONDS]?.add(socket),
    delete: (socket) => slices.forEach((slice) => slice.delete(socket)),
    stop: () => clearInterval(timer),
  }
}
