// What --help says.

import type { Command, ListedCommand } from './command.ts'

const COMMON = [
  ['--json', 'answer as one JSON object on standard output'],
  ['--help', 'this'],
] as const

const inColumns = (rows: readonly (readonly [string, string])[]): string[] => {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`)
}

export function helpOf({ name, summary, operands }: ListedCommand, { options }: Command): string {
  const rows = Object.entries(options).map(
    ([option, { value, about }]) => [`--${option}${value ? ` ${value}` : ''}`, about] as const,
  )
  return [
    `npx bellhop ${[name, operands, '[options]'].filter(Boolean).join(' ')}`,
    summary,
    '',
    ...inColumns([...rows, ...COMMON]),
  ].join('\n')
}

export function helpOfAll(commands: readonly ListedCommand[]): string {
  return [
    'npx bellhop COMMAND [options], or npm run bellhop -- COMMAND [options]',
    '',
    ...inColumns(
      commands.map(({ name, operands, summary }) => [[name, operands].filter(Boolean).join(' '), summary]),
    ),
    '',
    'npx bellhop COMMAND --help says more. It works on the servers that the settings name (.env is read), else on those of',
    'DATA_DIR, whether npm start runs them or not. Exit codes: 0 done, 1 refused or found wrong, 2 written wrongly, 3 not possible now.',
  ].join('\n')
}
