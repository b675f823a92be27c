// The account in words and columns. The last line says whether it adds up.

import type { Account } from './report.ts'

const MOST_TROUBLES = 12

export function summaryOf(account: Account): string {
  return [
    '',
    ...fates(account),
    '',
    ...hops(account),
    '',
    ...told(account),
    '',
    ...remarks(account),
    ...(account.addsUp
      ? ['everything accounted for']
      : [`${account.problems.length} things do not add up:`, ...account.problems.map((each) => `  ${each}`)]),
  ].join('\n')
}

function fates({ fates: each, notPlayed }: Account): string[] {
  const total = (of: 'planned' | 'seen'): number => each.reduce((sum, fate) => sum + fate[of], 0)
  const lines = each.map(({ fate, planned, seen }) => {
    const skipped = notPlayed.filter(({ row }) => row.fate === fate)
    const why = [...new Set(skipped.map((skip) => skip.why))].join('; ')
    return `${fate.padEnd(12)}${cell(planned)}${cell(seen)}${skipped.length > 0 ? `  ${skipped.length} not played: ${why}` : ''}`
  })
  return [
    `${'fate'.padEnd(12)}${cell('planned')}${cell('seen')}`,
    ...lines,
    `${'all'.padEnd(12)}${cell(total('planned'))}${cell(total('seen'))}${notPlayed.length > 0 ? `  ${notPlayed.length} not played` : ''}`,
  ]
}

function hops({ hops: all }: Account): string[] {
  const lines = [...all].toSorted().map(([hop, times]) => {
    const sorted = times.toSorted((a, b) => a - b)
    const at = (share: number): string => (sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(0)
    return `${hop.padEnd(40)}${cell(sorted.length)}${cell(at(0.5))}${cell(at(0.95))}${cell(at(1))}`
  })
  return [
    `${'hop (milliseconds)'.padEnd(40)}${cell('times')}${cell('p50')}${cell('p95')}${cell('max')}`,
    ...lines,
  ]
}

function told({ told: people }: Account): string[] {
  const lines = [...people].flatMap(([who, types]) =>
    [...types]
      .toSorted()
      .map(
        ([type, { implied, found }]) =>
          `${who.padEnd(12)}${type.padEnd(28)}${cell(implied)}${cell(found)}${implied === found ? '' : '  differs'}`,
      ),
  )
  return [`${'person'.padEnd(12)}${'told'.padEnd(28)}${cell('implied')}${cell('found')}`, ...lines]
}

function remarks({ sockets, overtaken, troubles, strangers, seconds }: Account): string[] {
  const { events, returns, gaps, missed } = sockets
  return [
    `${events} events on the sockets, none twice unless it stands below; ${returns} lost connections ` +
      `resumed; ${gaps} gaps, with ${missed} events that only HTTP knew; ${seconds.toFixed(0)} s`,
    ...(overtaken.length > 0
      ? [`overtaken by their deadlines while something was away: ${overtaken.join(', ')}`]
      : []),
    ...(strangers > 0 ? [`${strangers} notifications of that time are about bookings of somebody else`] : []),
    ...(troubles.length > 0
      ? [
          `${troubles.length} times there was trouble:`,
          ...troubles.slice(0, MOST_TROUBLES).map((each) => `  ${each}`),
        ]
      : []),
    ...(troubles.length > MOST_TROUBLES ? [`  and ${troubles.length - MOST_TROUBLES} more`] : []),
  ]
}

const cell = (value: number | string): string => String(value).padStart(9)
