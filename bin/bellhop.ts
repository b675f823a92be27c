// `npx bellhop COMMAND`, or `npm run bellhop -- COMMAND`: what whoever operates an installation does, by the same actions as the API.
// Exit codes: 0 done; 1 refused, or what was looked at is not as it should be; 2 written wrongly; 3 could not be carried out.

import { parseArgs, type ParseArgsConfig } from 'node:util'
import { AppError, problemOf } from '../shared/kit/declare/errors.ts'
import { COMMANDS } from './commands/all.ts'
import { UsageError, type Command, type Given, type ListedCommand, type Outcome } from './commands/command.ts'
import { helpOf, helpOfAll } from './commands/help.ts'
import { openTools } from './commands/tools.ts'

/** The first words that are no options name the command. */
function findCommand(words: readonly string[]): ListedCommand | undefined {
  const [first = '', second = ''] = words.filter((word) => !word.startsWith('-'))
  return (
    COMMANDS.find(({ name }) => name === `${first} ${second}`) ?? COMMANDS.find(({ name }) => name === first)
  )
}

/** @throws UsageError */
function readGiven({ most = 0, options }: Command, words: readonly string[]): Given {
  const own = Object.entries(options).map(
    ([name, { value }]) => [name, { type: value ? ('string' as const) : ('boolean' as const) }] as const,
  )
  const { values, positionals } = parse({ ...Object.fromEntries(own), ...COMMON_OPTIONS }, words)
  if (positionals.length > most) throw new UsageError(`${positionals[most]} is too much.`)
  const find = (option: string): string | undefined => {
    const value = values[option]
    return typeof value === 'string' ? value : undefined
  }
  return {
    operands: positionals,
    has: (option) => values[option] === true,
    find,
    need(option) {
      const value = find(option)?.trim()
      if (!value) throw new UsageError(`--${option} is missing.`)
      return value
    },
  }
}

const COMMON_OPTIONS = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const

function parse(
  options: NonNullable<ParseArgsConfig['options']>,
  words: readonly string[],
): { values: Record<string, unknown>; positionals: string[] } {
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)

function tell({ lines, data, isBad = false }: Outcome, isJson: boolean): number {
  if (isJson) say(JSON.stringify({ ok: !isBad, ...data }))
  else lines.forEach(say)
  return isBad ? 1 : 0
}

/** In words on standard error; with --json as an object on standard output, where a program looks. */
function tellFailure(error: unknown, isJson: boolean, help: string): number {
  const code = error instanceof UsageError ? 2 : error instanceof AppError && error.status < 500 ? 1 : 3
  const message = error instanceof Error ? error.message : String(error)
  if (isJson) {
    const problem = error instanceof AppError ? problemOf(error) : { detail: message }
    say(JSON.stringify({ ok: false, problem }))
    return code
  }
  const errors = error instanceof AppError ? (error.errors ?? []) : []
  const more = [
    ...(errors.length > 1 ? errors.map(({ path, message: what }) => `  ${path} ${what}`) : []),
    ...(code === 2 ? ['', help] : []),
  ]
  for (const line of [message, ...more]) process.stderr.write(`${line}\n`)
  return code
}

async function main(words: readonly string[]): Promise<number> {
  const isJson = words.includes('--json')
  const listed = findCommand(words)
  const tools = openTools()
  let help = helpOfAll(COMMANDS)
  try {
    const command = await listed?.load()
    if (listed && command) help = helpOf(listed, command)
    if (words.length === 0 || words.includes('--help') || words.includes('-h'))
      return tell({ lines: [help], data: {} }, false)
    if (!listed || !command) throw new UsageError(`There is no command ${words.join(' ')}.`)
    const left = listed.name
      .split(' ')
      .reduce((rest, word) => rest.toSpliced(rest.indexOf(word), 1), [...words])
    return tell(await command.run(readGiven(command, left), tools), isJson)
  } catch (error) {
    return tellFailure(error, isJson, help)
  } finally {
    await tools.close()
  }
}

// The runner that started us may be gone, and nobody reads any more.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
// npm takes the first -- away, a shell does not.
process.exitCode = await main(process.argv.slice(2).filter((word, at) => at > 0 || word !== '--'))
// The channel to it would keep us.
if (process.connected) process.disconnect()
