// The working day as it stands in working-day.csv: who asks for what, when, and what is to become of it.

import { readFileSync } from 'node:fs'
import { BOOKING_TYPES, type BookingAsk } from '../shared/bookings/schema.ts'

/** Who plays: the demonstration's people, by the first part of their address. */
export const NAMES = [
  'admin',
  'supervisor',
  'owner',
  'staff',
  'director',
  'manager',
  'employee',
  'sic',
  'driver',
  'customer',
] as const
export type Name = (typeof NAMES)[number]

/**
 * withdrawn: cancelled by the requester before the decision; hasty: in the same breath, perhaps before anybody was asked;
 * cancelled: by the requester, later. copied: the manager is only told. unasked: nobody has to agree, or nobody can.
 */
export const FATES = [
  'approved',
  'rejected',
  'delegated',
  'reminded',
  'expired',
  'withdrawn',
  'hasty',
  'cancelled',
  'completed',
  'redirected',
  'copied',
  'unasked',
] as const
export type Fate = (typeof FATES)[number]

export interface Row {
  /** Of the playing day. */
  second: number
  who: Name
  bookingType: (typeof BOOKING_TYPES)[number]
  isBusinessTrip: boolean
  /** From today. */
  inDays: number
  scheduledTime: string
  passengers: number
  fate: Fate
  purpose: string
}

const COLUMNS = [
  'second',
  'who',
  'bookingType',
  'isBusinessTrip',
  'inDays',
  'scheduledTime',
  'passengers',
  'fate',
  'purpose',
] as const
type Column = (typeof COLUMNS)[number]
export const WORKING_DAY = new URL('working-day.csv', import.meta.url)

/** Plain CSV: one booking a line, no quotes, so no commas inside. @throws Error naming every line that is wrong */
export function readDay(file: URL | string = WORKING_DAY): Row[] {
  const [header = '', ...lines] = readFileSync(file, 'utf8').trim().split(/\r?\n/)
  if (header !== COLUMNS.join(',')) throw new Error(`The first line must be: ${COLUMNS.join(',')}`)
  const problems: string[] = []
  const rows = lines.flatMap((line, at) => {
    try {
      return [rowOf(line)]
    } catch (error) {
      problems.push(`Line ${at + 2}: ${error instanceof Error ? error.message : String(error)}`)
      return []
    }
  })
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return rows
}

function rowOf(line: string): Row {
  const cells = line.split(',')
  if (cells.length !== COLUMNS.length) throw new Error(`has ${cells.length} cells, not ${COLUMNS.length}`)
  const cell = (column: Column): string => cells[COLUMNS.indexOf(column)]?.trim() ?? ''
  return {
    second: whole(cell, 'second', 0),
    who: oneOf(cell, 'who', NAMES),
    bookingType: oneOf(cell, 'bookingType', BOOKING_TYPES),
    isBusinessTrip: oneOf(cell, 'isBusinessTrip', ['yes', 'no']) === 'yes',
    inDays: whole(cell, 'inDays', 1),
    scheduledTime: cell('scheduledTime'),
    passengers: whole(cell, 'passengers', 1),
    fate: oneOf(cell, 'fate', FATES),
    purpose: cell('purpose'),
  }
}

function whole(cell: (column: Column) => string, column: Column, least: number): number {
  const value = Number(cell(column))
  if (cell(column) === '' || !Number.isInteger(value) || value < least)
    throw new Error(`${column} must be a whole number from ${least} on`)
  return value
}

function oneOf<const T extends string>(
  cell: (column: Column) => string,
  column: Column,
  values: readonly T[],
): T {
  const found = values.find((value) => value === cell(column))
  if (found === undefined) throw new Error(`${column} must be one of ${values.join(', ')}`)
  return found
}

const DAY = 86_400_000

/**
 * What the row's person sends. One driver serves all that are completed, so each of those has a time of its own.
 * @param today any moment of it
 */
export function requestOf(row: Row, today: Date): BookingAsk {
  const day = (offset: number): string => new Date(today.getTime() + offset * DAY).toISOString().slice(0, 10)
  return {
    bookingType: row.bookingType,
    isBusinessTrip: row.isBusinessTrip,
    scheduledDate: day(row.inDays),
    scheduledTime: row.scheduledTime,
    passengerCount: row.passengers,
    purpose: row.purpose,
    ...(row.bookingType === 'BLOCK_SCHEDULE' && { endDate: day(row.inDays + 3) }),
  }
}
