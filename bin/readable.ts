// Lines of the processes for a terminal: who says it, and pino's JSON made readable. Into a file or a pipe they go as they are.

import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { prettyFactory } from 'pino-pretty'

const COLOURS: Readonly<Record<string, number>> = { api: 36, workers: 35, realtime: 33, migrate: 34 }
const pretty = prettyFactory({
  colorize: true,
  translateTime: 'SYS:HH:MM:ss',
  ignore: 'pid,hostname,service',
  singleLine: true,
})

export function showLines(name: string, from: Readable | null, to: NodeJS.WriteStream): void {
  if (!from) return
  const show = to.isTTY ? (line: string) => `${nameTag(name)} ${readable(line)}` : (line: string) => line
  createInterface({ input: from }).on('line', (line) => to.write(`${show(line)}\n`))
}

function nameTag(name: string): string {
  return `\u001B[${COLOURS[name] ?? 37}m${name.padEnd(8)}\u001B[0m`
}

function readable(line: string): string {
  return line.startsWith('{') ? pretty(line).trimEnd() : line
}
