// iCalendar (RFC 5545), as calendar programs read it. The only importer of ical.js, which folds and escapes.

import ICAL from 'ical.js'

export interface CalendarEntry {
  /** The same for ever: by it a program knows what it has already. */
  uid: string
  /** Grows with every change: of two, a program shows the one with the higher. */
  sequence: number
  status: 'TENTATIVE' | 'CONFIRMED' | 'CANCELLED'
  from: Date
  to: Date
  /** When it last changed. */
  changedAt: Date
  summary: string
  description: string
}

interface Mailbox {
  name: string
  address: string
}

/** What goes with an entry in a mail: what a program is to do with it, who invites, and whom. */
interface CalendarLetter {
  method: 'REQUEST' | 'CANCEL'
  organizer: Mailbox
  attendee: Mailbox
}

/** A whole calendar to be read again and again. @param minutes until a program should look again */
export function writeCalendar(name: string, minutes: number, entries: readonly CalendarEntry[]): string {
  const calendar = newCalendar('PUBLISH')
  calendar.updatePropertyWithValue('name', name)
  calendar.updatePropertyWithValue('x-wr-calname', name)
  const again = ICAL.Duration.fromSeconds(minutes * 60)
  calendar.updatePropertyWithValue('refresh-interval', again)
  calendar.updatePropertyWithValue('x-published-ttl', again.toString())
  for (const entry of entries) calendar.addSubcomponent(eventOf(entry))
  return calendar.toString()
}

/** One thing, for one person. */
export function writeInvitation(
  entry: CalendarEntry,
  { method, organizer, attendee }: CalendarLetter,
): string {
  const calendar = newCalendar(method)
  const event = eventOf(entry)
  addMailbox(event, 'organizer', organizer)
  addMailbox(event, 'attendee', attendee).setParameter('rsvp', 'FALSE')
  calendar.addSubcomponent(event)
  return calendar.toString()
}

function newCalendar(method: string): ICAL.Component {
  const calendar = new ICAL.Component('vcalendar')
  calendar.updatePropertyWithValue('version', '2.0')
  calendar.updatePropertyWithValue('prodid', '-//Bellhop//Bellhop//EN')
  calendar.updatePropertyWithValue('calscale', 'GREGORIAN')
  calendar.updatePropertyWithValue('method', method)
  return calendar
}

function eventOf(entry: CalendarEntry): ICAL.Component {
  const event = new ICAL.Component('vevent')
  const values: Readonly<Record<string, unknown>> = {
    uid: entry.uid,
    sequence: entry.sequence,
    status: entry.status,
    dtstamp: ICAL.Time.fromJSDate(entry.changedAt, true),
    'last-modified': ICAL.Time.fromJSDate(entry.changedAt, true),
    dtstart: ICAL.Time.fromJSDate(entry.from, true),
    dtend: ICAL.Time.fromJSDate(entry.to, true),
    summary: entry.summary,
    description: entry.description,
  }
  for (const [name, value] of Object.entries(values)) event.updatePropertyWithValue(name, value)
  return event
}

function addMailbox(event: ICAL.Component, role: string, { name, address }: Mailbox): ICAL.Property {
  const property = event.updatePropertyWithValue(role, `mailto:${address}`)
  property.setParameter('cn', name)
  return property
}

/**
 * The days on which a rule falls (RRULE), in order.
 * @param first where it begins, YYYY-MM-DD; in the answer only if the rule falls on it · @param last no day after it is looked at
 */
export function listDaysOfRule(rule: string, first: string, last: string): string[] {
  const steps = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromDateString(first))
  const days: string[] = []
  for (let day = steps.next()?.toString(); day && day <= last; day = steps.next()?.toString()) days.push(day)
  return days
}
