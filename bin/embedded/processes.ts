// Starting programs, and ending them for certain: our own, and those that a killed run left behind.

import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { rawEnvironment } from '../../shared/kit/process/config.ts'

/** Where one sentence for the person at the terminal goes. */
export type Say = (sentence: string) => void

/** Signals with the milliseconds that each is given before the next. */
export type Steps = readonly (readonly [signal: NodeJS.Signals, milliseconds: number])[]

interface Finished {
  code: number
  stdout: string
  stderr: string
}

const running = new Set<ChildProcess>()
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')))

/** @param cut ends the pause early */
export function pause(milliseconds: number, cut?: AbortSignal): Promise<void> {
  return sleep(milliseconds, undefined, { signal: cut }).catch(() => {})
}

/** A small environment: PGPORT, LC_ALL and their like in the caller's must not reach the servers. */
export function plainEnvironment(): Record<string, string> {
  const { PATH = '/usr/bin:/bin', HOME = '/' } = rawEnvironment()
  return { PATH, HOME, LANG: 'C', TZ: 'UTC' }
}

/** Runs a program to its end; dies with us. A program that cannot be started has code 127. */
export function runToEnd(
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      env: plainEnvironment(),
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const output = { stdout: '', stderr: '' }
    running.add(child)
    child.stdout?.on('data', (chunk) => (output.stdout += String(chunk)))
    child.stderr?.on('data', (chunk) => (output.stderr += String(chunk)))
    const finish = (code: number, why = '') => {
      running.delete(child)
      resolve({ code, stdout: output.stdout, stderr: output.stderr + why })
    }
    child.on('error', (error) => finish(127, error.message))
    child.on('close', (code) => finish(code ?? 1))
  })
}

export function hasExited(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null || child.pid === undefined
}

export function exitOf(child: ChildProcess): Promise<void> {
  if (hasExited(child)) return Promise.resolve()
  return new Promise((resolve) => child.once('exit', () => resolve()))
}

/** Sends one signal after the other until the child has exited. @param group also to everyone in its process group */
export async function endChild(child: ChildProcess, steps: Steps, group = false): Promise<void> {
  const exited = exitOf(child)
  for (const [signal, milliseconds] of steps) {
    if (hasExited(child)) return
    if (group && child.pid) signalGroup(child.pid, signal)
    else child.kill(signal)
    await Promise.race([exited, pause(milliseconds)])
  }
}

/** To a process started with `detached`, and all that it started. */
export function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal)
  } catch {
    // It has ended meanwhile.
  }
}

/** The command line of a process; empty when it is gone, is a zombie, or cannot be known. */
export async function commandOf(pid: number): Promise<string> {
  if (process.platform !== 'linux')
    return (await runToEnd('ps', ['-o', 'args=', '-p', String(pid)])).stdout.trim()
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
  } catch {
    return ''
  }
}

/** Ends a process that is no child of ours, but only while its command line still contains what we know of it. */
export async function endStranger(pid: number, knownBy: string, steps: Steps): Promise<void> {
  const isThere = async () => (await commandOf(pid)).includes(knownBy)
  for (const [signal, milliseconds] of steps) {
    if (!(await isThere())) return
    process.kill(pid, signal)
    for (let waited = 0; waited < milliseconds && (await isThere()); waited += 50) await pause(50)
  }
}

/**
 * Ends a server even when we are killed with SIGKILL: a shell holds the other end of our pipe, which the kernel closes.
 * It goes first when the server exits, so that it never signals a process that got the same number later.
 * @param target a process id, or minus the id of a group's leader
 */
export function endWithUs(child: ChildProcess, target: number, signal: 'INT' | 'TERM'): void {
  const script = 'read -r _; kill -s "$1" -- "$2" 2>/dev/null'
  const guard = spawn('/bin/sh', ['-c', script, 'bellhop-guard', signal, String(target)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.on('error', () => {})
  guard.unref()
  child.once('exit', () => guard.kill('SIGKILL'))
}
