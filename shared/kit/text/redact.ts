// What a person who looks at queues may see of a job: ids, names and dates, never what somebody wrote nor what opens a door.

const REDACTED = '[redacted]'

/** Singular; a key counts when one of its words is here: accessToken, cancellation_reason, notes. */
const PRIVATE = new Set([
  'token',
  'ticket',
  'password',
  'secret',
  'hash',
  'authorization',
  'cookie',
  'signature',
  'email',
  'credential',
  'content',
  'text',
  'message',
  'note',
  'title',
  'reason',
  'body',
  'html',
  'description',
  'purpose',
  'comment',
])
/** messageId, tokenIds and passwordChangedAt name or date a thing; they do not tell it. */
const HARMLESS_ENDING = new Set(['id', 'ids', 'at'])

/** @param value JSON. What stands under a private key goes as a whole, whatever it is. */
export function redactPayload(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactPayload)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, isPrivate(key) ? REDACTED : redactPayload(inner)]),
  )
}

function isPrivate(key: string): boolean {
  const words = key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  if (HARMLESS_ENDING.has(words.at(-1) ?? '')) return false
  return words.some((word) => PRIVATE.has(word) || PRIVATE.has(word.replace(/s$/, '')))
}
