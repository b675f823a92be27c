// What a person at the terminal sees while the day is played: a table that is drawn again and again, or plain lines
// where there is no terminal.

import type { Happening, Log } from './reporter.ts'

interface Screen {
  log: Log
  /** Leaves the last picture standing. */
  end(): void
}

const FRAME_MS = 100
const [DIM, RED, BOLD, CYAN, PLAIN] = [2, 31, 1, 36, 0].map((code) => `\u001B[${code}m`)

export function openScreen(out: NodeJS.WriteStream): Screen {
  return out.isTTY ? liveTable(out) : plainLines(out)
}

function plainLines(out: NodeJS.WriteStream): Screen {
  return {
    log: (happening) => void (happening.done || out.write(`${textOf(happening).trimEnd()}\n`)),
    end: () => undefined,
  }
}

function liveTable(out: NodeJS.WriteStream): Screen {
  const bookings = new Map<string, Happening>()
  const states = new Map<string, string>()
  const latest: Happening[] = []
  let drawn = 0
  let isStale = false

  function draw(): void {
    if (!isStale) return
    isStale = false
    const lines = picture({ bookings, states, latest, rows: Math.max(12, (out.rows ?? 24) - 1) })
    const up = drawn > 0 ? `\u001B[${drawn}A` : ''
    out.write(`${up}${lines.map((line) => `\r\u001B[2K${cut(line, out.columns ?? 80)}\n`).join('')}\u001B[J`)
    drawn = lines.length
  }

  const timer = setInterval(draw, FRAME_MS)
  return {
    log(happening) {
      isStale = true
      if (happening.done) return void bookings.delete(happening.code)
      latest.push(happening)
      if (latest.length > 100) latest.shift()
      if (!happening.code) return
      if (bookings.has(happening.code) || !states.has(happening.code)) bookings.set(happening.code, happening)
      states.set(happening.code, happening.state ?? states.get(happening.code) ?? 'ASKED')
    },
    end() {
      clearInterval(timer)
      draw()
    },
  }
}

interface Scene {
  bookings: ReadonlyMap<string, Happening>
  states: ReadonlyMap<string, string>
  latest: readonly Happening[]
  rows: number
}

/** Counts by state, the bookings in motion, and what happened last. */
function picture({ bookings, states, latest, rows }: Scene): string[] {
  const counts = new Map<string, number>()
  for (const state of states.values()) counts.set(state, (counts.get(state) ?? 0) + 1)
  const seconds = latest.at(-1)?.seconds ?? 0
  const half = Math.floor((rows - 5) / 2)
  const moving = [...bookings.values()].toSorted((a, b) => b.seconds - a.seconds).slice(0, half)
  return [
    `${BOLD}A working day at Bellhop${PLAIN}  ${seconds.toFixed(0)} s  ${states.size} bookings, ${bookings.size} in motion`,
    [...counts]
      .toSorted()
      .map(([state, count]) => `${CYAN}${state}${PLAIN} ${count}`)
      .join('  '),
    `${DIM}${'in motion'.padEnd(20)} ${'state'.padEnd(20)} latest${PLAIN}`,
    ...moving
      .toSorted((a, b) => a.code.localeCompare(b.code))
      .map(
        (each) =>
          `${each.code.padEnd(20)} ${(states.get(each.code) ?? '').padEnd(20)} ${each.hop ? hopOf(each) : `${each.who} ${each.what}`}`,
      ),
    `${DIM}happened last${PLAIN}`,
    ...latest.slice(-half).map((each) => (each.trouble ? `${RED}${textOf(each)}${PLAIN}` : textOf(each))),
  ]
}

function textOf({ seconds, code, who, what, hop, ms }: Happening): string {
  const time = `${seconds.toFixed(1).padStart(6)} s`
  return `${time}  ${code.padEnd(18)} ${who.padEnd(9)} ${hop ? hopOf({ hop, ms }).padEnd(47) : ''}${what}`
}

function hopOf({ hop = '', ms }: Pick<Happening, 'hop' | 'ms'>): string {
  return ms === undefined ? hop : `${`${ms.toFixed(0)} ms`.padStart(8)}  ${hop}`
}

/** To the width of the terminal, not counting colours. */
function cut(line: string, columns: number): string {
  let left = columns - 1
  return (
    line
      // oxlint-disable-next-line no-control-regex
      .split(/(\u001B\[\d+m)/)
      .map((part, at) => {
        if (at % 2 === 1) return part
        const kept = [...part].slice(0, left).join('')
        left -= [...kept].length
        return kept
      })
      .join('')
  )
}
