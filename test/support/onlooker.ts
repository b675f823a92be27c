// Somebody who looks at their notifications as a client would: reads them, follows them, and reads again when told to.

import type { Member } from './processes.ts'
import type { Frame, Socket } from './socket.ts'

export interface Onlooker {
  readonly socket: Socket
  /** Ids of the notifications that they know of. */
  readonly known: ReadonlySet<string>
  refetches(): Frame[]
  /** What was shown to them twice, although nobody had told them to read again in between. */
  repeats(): string[]
  leave(): Promise<void>
}

export async function onlook(person: Member, node?: 'another'): Promise<Onlooker> {
  const socket = await person.socket(node)
  const known = new Set<string>()
  let isGone = false
  const read = async (): Promise<void> => {
    for (const id of await notificationIds(person)) known.add(id)
  }
  const follow = async (
    fits: (frame: Frame) => boolean,
    act: (frame: Frame) => void | Promise<void>,
  ): Promise<void> => {
    while (!isGone) {
      const frame = await socket.next(fits, 500).catch(() => undefined)
      if (frame) await act(frame)
    }
  }
  void follow((frame) => frame.t === 'refetch', read)
  void follow(
    (frame) => frame.ev === 'notification.created',
    (frame) => void known.add(frame['data'].id),
  )
  await read()
  return {
    socket,
    known,
    refetches: () => socket.frames.filter((frame) => frame.t === 'refetch'),
    repeats: () => repeatsIn(socket.frames),
    async leave() {
      isGone = true
      await socket.close()
    },
  }
}

async function notificationIds(person: Member): Promise<string[]> {
  const ids: string[] = []
  for (;;) {
    const { body } = await person.get(`/notifications?limit=100&offset=${ids.length}`)
    ids.push(...body.map((each: { id: string }) => each.id))
    if (body.length < 100) return ids
  }
}

/** Numbers count within an epoch; things are the same thing whatever their number. */
function repeatsIn(frames: readonly Frame[]): string[] {
  const epochs: Record<string, string> = {}
  const shown = new Map<string, string>()
  return frames.flatMap((frame) => {
    Object.assign(epochs, frame['epochs'])
    if (frame.t === 'refetch')
      for (const [thing, channel] of shown) if (frame['channels'].includes(channel)) shown.delete(thing)
    if (frame.t !== 'event' || !frame.id || !frame.ch) return []
    const [partition = ''] = frame.id.split(':')
    const things = [
      `${epochs[partition]} ${frame.id}`,
      ...(frame.ev === 'notification.created' ? [frame['data'].id] : []),
    ]
    const repeated = things.filter((thing) => shown.has(thing))
    for (const thing of things) shown.set(thing, frame.ch)
    return repeated
  })
}
