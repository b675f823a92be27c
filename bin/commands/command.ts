// What a command of `bellhop` is: a declaration of its options, and a function that calls what the domains do.

import type { Db } from '../../shared/kit/store/db.ts'
import type { Config } from '../../shared/kit/process/config.ts'
import type { Runtime } from '../../shared/kit/process/runtime.ts'
import type { Needed } from './servers.ts'

interface Option {
  /** What stands behind it, in capitals; a switch has nothing. */
  value?: string
  about: string
}

/** What the list of all says of one; the rest is loaded when it is asked for, for it brings half of Bellhop along. */
export interface ListedCommand {
  /** One word or two. */
  name: string
  /** What stands after the name, as the help shows it. */
  operands?: string
  summary: string
  load: () => Promise<Command>
}

export interface Command {
  /** How many operands at most. */
  most?: number
  options: Readonly<Record<string, Option>>
  run: (given: Given, tools: Tools) => Promise<Outcome>
}

/** What was written after the name. */
export interface Given {
  operands: readonly string[]
  /** @throws UsageError without it */
  need(option: string): string
  find(option: string): string | undefined
  has(option: string): boolean
}

/** Opened when they are asked for, and closed by whoever runs the command. */
export interface Tools {
  /** A line for whoever waits; not a part of the answer. */
  say(line: string): void
  /** From 0 to 1: a bar where somebody looks. */
  progress(part: number): void
  /** All that stands on standard input. */
  read(): Promise<string>
  config(needed: Needed): Promise<Config>
  /** The application's own account. */
  database(): Promise<Db>
  runtime(): Promise<Runtime>
}

export interface Outcome {
  /** For people. */
  lines: readonly string[]
  /** For programs, with --json. */
  data: Readonly<Record<string, unknown>>
  /** It was carried out, and what was looked for is not so. */
  isBad?: boolean
}

/** It was written wrongly; the message says how. */
export class UsageError extends Error {}
