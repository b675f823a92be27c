// Copies of what somebody said: answers that are repeated, events that are told again. They know by id whose words they hold; when
// those are deleted, changed or erased, the copies lose them too. Ids, times and states stay, so that a program still reads them.

const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g

/** Every id in a copy, as what it is found by. */
export function idsIn(value: unknown): string[] {
  return [...new Set(JSON.stringify(value ?? null).match(UUID) ?? [])]
}

/** An object is about, or by, whoever stands under one of these. Who else has to do with it (an assignee, an approver) did not write it. */
const OWNERS: ReadonlySet<string> = new Set([
  'id',
  '_id',
  'messageId',
  'userId',
  'senderId',
  'requesterId',
  'customerId',
  'actorId',
  'onBehalfOf',
  'uploaderId',
  'delegateId',
  'ticketId',
])
/** What belongs to the words beside it. */
const PARTS: ReadonlySet<string> = new Set(['data', 'metadata', 'customer', 'sender'])
/** What people write, and what they are called and reached by. */
const TEXTS: ReadonlySet<string> = new Set([
  'content',
  'text',
  'message',
  'title',
  'description',
  'purpose',
  'notes',
  'cancellationNotes',
  'response',
  'ratingComment',
  'fullName',
  'name',
  'email',
  'phone',
  'department',
])
/** Words that somebody else wrote into a thing: by whom stands beside them. */
const AUTHORS: Readonly<Record<string, string>> = { notes: 'decidedById', cancellationNotes: 'cancelledById' }
const GONE = '…'

/** @param ids of the message, or of the person, whose words and names go. @returns the value without them */
export function blankCopyOf(value: unknown, ids: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((each) => blankCopyOf(each, ids))
  if (!isObject(value)) return value
  const isTheirs = isOf(value, ids)
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      isTheirs || wrote(value, key, ids) ? blankField(key, inner, ids) : blankCopyOf(inner, ids),
    ]),
  )
}

function blankField(key: string, value: unknown, ids: ReadonlySet<string>): unknown {
  if (typeof value === 'string' && TEXTS.has(key)) return GONE
  if (key === 'attachments' || key === 'timeline') return []
  if (key === 'subject' && isObject(value)) return { ...value, fields: [] }
  return key === 'metadata' && value !== null ? {} : blankCopyOf(value, ids)
}

function wrote(value: Record<string, unknown>, key: string, ids: ReadonlySet<string>): boolean {
  const author = value[AUTHORS[key] ?? '']
  return typeof author === 'string' && ids.has(author)
}

function isOf(value: Record<string, unknown>, ids: ReadonlySet<string>): boolean {
  return Object.entries(value).some(([key, inner]) => {
    if (OWNERS.has(key) && typeof inner === 'string') return ids.has(inner)
    return (
      PARTS.has(key) &&
      isObject(inner) &&
      Object.entries(inner).some(
        ([name, id]) => (OWNERS.has(name) || key !== 'sender') && typeof id === 'string' && ids.has(id),
      )
    )
  })
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
