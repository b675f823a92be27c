// A house whose people talk, for tests about rooms. Call it inside of a `describe`: it opens and ends a world of its own.

import { randomUUID } from 'node:crypto'
import type { Reply } from './client.ts'
import { PEOPLE, type Name } from './people.ts'
import { mustBeProblem } from './problems.ts'
import { aWorld, type Person, type World } from './world.ts'

export const times = (count: number): number[] => Array.from({ length: count }, (_, at) => at)
export const idsIn = (room: { members: { userId: string }[] }): string[] =>
  room.members.map(({ userId }) => userId)
export const rolesIn = (room: {
  members: { userId: string; roleInRoom: string }[]
}): Record<string, string> =>
  Object.fromEntries(room.members.map(({ userId, roleInRoom }) => [userId, roleInRoom]))

interface Here {
  w: World
  people: Record<Name, Person>
}

export function aHouseThatTalks() {
  // Set before the first test.
  const here = {} as Here
  before(async () => {
    here.w = await aWorld({ with: ['api', 'workers'] })
    const names = Object.keys(PEOPLE) as Name[]
    here.people = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await here.w.as(name)])),
    ) as Record<Name, Person>
  })
  after(() => here.w.end())

  const idOf = (name: Name): string => here.people[name].user.id
  const say = (by: Person, roomId: string, content = 'Xin chào'): Promise<Reply> =>
    by.post(`/chat/rooms/${roomId}/messages`, { content })
  return {
    here,
    idOf,
    say,
    talk: (by: Name, to: Name): Promise<Reply> =>
      here.people[by].post('/chat/conversations/with-user', { userId: idOf(to) }),
    refusesWords: async (by: Person, roomId: string): Promise<void> =>
      void mustBeProblem(await say(by, roomId), 409, 'room_not_active'),
    /** @returns the id of somebody new in the demonstration */
    async someone(role: string, fullName = 'Ai Đó', isActive = true): Promise<string> {
      const { w, people } = here
      const id = randomUUID()
      await w.runtime.db('users').insert({
        id,
        orgId: people.admin.user.orgId,
        email: `${id}@demo.test`,
        fullName,
        role,
        isActive,
        createdAt: w.clock.now(),
        updatedAt: w.clock.now(),
      })
      return id
    },
  }
}
