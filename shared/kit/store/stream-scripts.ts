// What the event log does in Redis in one step.

import type { Redis } from './redis.ts'

// One slot: log, head and dedupe keys share the partition's hash tag. The head is read once and written once, and moves before the
// entries come: what ends the script half way leaves a hole, and no number twice. As many entries as come are examined for age,
// two at a time until one is young, so that a quiet partition loses its old ones as fast as it gains new ones.
// Where an entry quotes a message, its number is kept under the message's id. An entry is two fields, for a reader pays for each name and
// value: `h` (at, mark, after, epoch, event and channel, a space between) and `f`, the frame. An older release wrote seven.
// What was appended is then published under the name of the log: the first number and the sizes of each `h` and `f` in bytes, a space
// between, and after a line's end all of them. Who may not publish has appended all the same, and nodes read it.
//   KEYS 1 log of the partition · 2 its head · 3… for each entry the key that makes it unique
//   ARGV 1 dedupe window in ms · 2 longest log · 3 greatest age in ms · 4 partition · 5 prefix of the keys of quotes; then six
//   for each entry: mark, channel, event, instant in ms, rest as JSON, quoted message or ''. Returns the number of each entry.
const APPEND = `
  local window, longest, age, partition, quotes = unpack(ARGV, 1, 5)
  local known = redis.call('MGET', unpack(KEYS, 3))
  local head = redis.call('HMGET', KEYS[2], 'seq', 'epoch', 'mark')
  local last, epoch, after = tonumber(head[1] or 0), head[2], head[3] or ''
  local numbers, given, fresh = {}, {}, {}
  for n = 1, #KEYS - 2 do
    local seq = known[n] or given[KEYS[n + 2]]
    if not seq then
      last = last + 1
      seq = last
      given[KEYS[n + 2]] = seq
      fresh[#fresh + 1] = n
    end
    numbers[n] = tonumber(seq)
  end
  if #fresh == 0 then return numbers end
  if not epoch then
    epoch = ARGV[6 * fresh[1]]
    redis.call('DEL', KEYS[1])
  end
  redis.call('HSET', KEYS[2], 'epoch', epoch, 'seq', last, 'mark', ARGV[6 * fresh[#fresh]])
  local newest
  local sizes, texts = {numbers[fresh[1]]}, {}
  for nth, n in ipairs(fresh) do
    local mark, channel, event, at, rest, quoted = unpack(ARGV, 6 * n, 6 * n + 5)
    local seq = numbers[n]
    local header = table.concat({at, mark, after, epoch, event, channel}, ' ')
    local frame = '{"t":"event","id":"' .. partition .. ':' .. seq .. '",' .. rest
    redis.call('SET', KEYS[n + 2], seq, 'PX', window)
    redis.call('XADD', KEYS[1], 'MAXLEN', longest, seq .. '-0', 'h', header, 'f', frame)
    sizes[2 * nth], sizes[2 * nth + 1] = #header, #frame
    texts[2 * nth - 1], texts[2 * nth] = header, frame
    if quoted ~= '' then
      redis.call('RPUSH', quotes .. quoted, seq)
      redis.call('PEXPIRE', quotes .. quoted, age)
    end
    after, newest = mark, at
  end
  for _ = 1, #fresh do
    local removed = 0
    for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 2)) do
      local said = entry[2][6] or string.match(entry[2][2], '^%d+')
      if tonumber(said) < tonumber(newest) - tonumber(age) then
        redis.call('XDEL', KEYS[1], entry[1])
        removed = removed + 1
      end
    end
    if removed < 2 then break end
  end
  redis.pcall('PUBLISH', KEYS[1], table.concat(sizes, ' ') .. '\\n' .. table.concat(texts))
  return numbers`

// The entry goes, and what stands in its place comes, in one step: nobody reads neither.
//   KEYS 1 log of the partition · 2… key of each replacement. ARGV 1 how long it is kept, in ms; then for each: number, text
const PUT_BESIDE = `
  for n = 2, #KEYS do
    local seq, text = unpack(ARGV, 2 * n - 2, 2 * n - 1)
    redis.call('XDEL', KEYS[1], seq .. '-0')
    redis.call('SET', KEYS[n], text, 'PX', ARGV[1])
  end`

// Only one of the nodes that see a log go back to an older state ends the epoch, and goes on above what it saw.
//   KEYS 1 head of the partition. ARGV 1 epoch as the node knows it · 2 the next epoch · 3 highest number that the node saw.
//   Returns number, epoch and mark of the head as it is then.
const RENEW = `
  if redis.call('HGET', KEYS[1], 'epoch') == ARGV[1] then
    local seq = math.max(tonumber(redis.call('HGET', KEYS[1], 'seq') or 0), tonumber(ARGV[3]))
    redis.call('HSET', KEYS[1], 'epoch', ARGV[2], 'seq', seq)
  end
  return redis.call('HMGET', KEYS[1], 'seq', 'epoch', 'mark')`

declare module 'ioredis' {
  interface RedisCommander {
    appendEntries(
      keys: number,
      log: string,
      head: string,
      ...dedupeKeysAndArguments: (string | number)[]
    ): Promise<number[]>
    putBeside(keys: number, log: string, ...besideKeysAndArguments: (string | number)[]): Promise<void>
    renewEpoch(head: string, expected: string, fresh: string, seq: number): Promise<(string | null)[]>
  }
}

export function defineStreamScripts(redis: Redis): void {
  redis.defineCommand('appendEntries', { lua: APPEND })
  redis.defineCommand('putBeside', { lua: PUT_BESIDE })
  redis.defineCommand('renewEpoch', { numberOfKeys: 1, lua: RENEW })
}
