// Who is online: per person, over all devices and nodes, in Redis only.
// Promise: a person is online while a node says so, and for a while (its expiry) after a node that was killed; each coming
// and going is answered once, to whichever caller made it so. Counts by role are kept, not computed.

import type { Redis } from './redis.ts'

export interface Present {
  orgId: string
  userId: string
  role: string
}

// One slot per organisation. All scripts take the same KEYS:
//   1 devices (person|node, scored by expiry in ms) · 2 how many nodes know each person · 3 their roles · 4 people by role
const LEAVE = `
  local function leave(device)
    if redis.call('ZREM', KEYS[1], device) == 0 then return nil end
    local person = string.match(device, '^(.-)|')
    if redis.call('HINCRBY', KEYS[2], person, -1) > 0 then return nil end
    local role = redis.call('HGET', KEYS[3], person)
    redis.call('HDEL', KEYS[2], person)
    redis.call('HDEL', KEYS[3], person)
    if redis.call('HINCRBY', KEYS[4], role, -1) <= 0 then redis.call('HDEL', KEYS[4], role) end
    return {person, role}
  end`

// ARGV  1 person · 2 node · 3 role · 4 expiry in ms. Returns 1 when the person came online by this, else 0.
const ARRIVE = `
  local device = ARGV[1] .. '|' .. ARGV[2]
  local isNew = redis.call('ZSCORE', KEYS[1], device) == false
  redis.call('ZADD', KEYS[1], ARGV[4], device)
  if not isNew or redis.call('HINCRBY', KEYS[2], ARGV[1], 1) > 1 then return 0 end
  redis.call('HSET', KEYS[3], ARGV[1], ARGV[3])
  redis.call('HINCRBY', KEYS[4], ARGV[3], 1)
  return 1`

// ARGV  1 person · 2 node. Returns 1 when the person went offline by this, else 0.
const DEPART = `${LEAVE}
  return leave(ARGV[1] .. '|' .. ARGV[2]) and 1 or 0`

// ARGV  1 now in ms. Returns who went offline: person, role, person, role …
const EXPIRE = `${LEAVE}
  local gone = {}
  for _, device in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 200)) do
    local left = leave(device)
    if left then table.insert(gone, left[1]); table.insert(gone, left[2]) end
  end
  return gone`

export interface PresenceStore {
  /** Notes or refreshes that a node has the person. @returns whether they came online by this */
  arrive(present: Present, node: string, expiresAt: Date): Promise<boolean>
  /** @returns whether they went offline by this */
  depart(present: Present, node: string): Promise<boolean>
  /** Forgets whose node said nothing for too long. @returns who went offline by this */
  expire(now: Date): Promise<Present[]>
  /** Which of these are online. */
  online(orgId: string, userIds: readonly string[]): Promise<string[]>
  /** People online, by role. */
  counts(orgId: string): Promise<Record<string, number>>
}

export function openPresenceStore(redis: Redis, { BULLMQ_PREFIX }: { BULLMQ_PREFIX: string }): PresenceStore {
  const keysOf = (orgId: string): string[] =>
    ['devices', 'nodes', 'roles', 'counts'].map((part) => `{${BULLMQ_PREFIX}.presence.${orgId}}:${part}`)
  const organisations = `${BULLMQ_PREFIX}:presence:organisations`
  const run = (script: string, orgId: string, ...args: (string | number)[]): Promise<unknown> =>
    redis.eval(script, 4, ...keysOf(orgId), ...args)

  async function expireIn(orgId: string, now: Date): Promise<Present[]> {
    const gone = await run(EXPIRE, orgId, now.getTime())
    const names = Array.isArray(gone) ? gone.map(String) : []
    return names.flatMap((userId, at) => (at % 2 === 0 ? [{ orgId, userId, role: names[at + 1] ?? '' }] : []))
  }

  return {
    async arrive({ orgId, userId, role }, node, expiresAt) {
      const [came] = await Promise.all([
        run(ARRIVE, orgId, userId, node, role, expiresAt.getTime()),
        redis.sadd(organisations, orgId),
      ])
      return came === 1
    },
    depart: async ({ orgId, userId }, node) => (await run(DEPART, orgId, userId, node)) === 1,
    async expire(now) {
      const all = await redis.smembers(organisations)
      return (await Promise.all(all.map((orgId) => expireIn(orgId, now)))).flat()
    },
    async online(orgId, userIds) {
      if (userIds.length === 0) return []
      const counts = await redis.hmget(keysOf(orgId)[1] ?? '', ...userIds)
      return userIds.filter((_, at) => Number(counts[at] ?? 0) > 0)
    },
    async counts(orgId) {
      const counts = await redis.hgetall(keysOf(orgId)[3] ?? '')
      return Object.fromEntries(Object.entries(counts).map(([role, count]) => [role, Number(count)]))
    },
  }
}
