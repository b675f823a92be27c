// Loaded into a process before its own code: its clock runs ahead or behind by as many milliseconds as the file
// JUMPING_CLOCK says, read anew a few times a second. Timers keep their pace, as they do when a machine's clock is set.

import { readFileSync } from 'node:fs'

const file = process.env.JUMPING_CLOCK
const Real = Date
const real = Date.now.bind(Date)
let readAt = 0
let offset = 0

function now() {
  const at = real()
  if (at - readAt > 100) {
    readAt = at
    try {
      offset = Number(readFileSync(file, 'utf8')) || 0
    } catch {
      offset = 0
    }
  }
  return at + offset
}

globalThis.Date = class extends Real {
  constructor(...given) {
    if (given.length > 0) super(...given)
    else super(now())
  }

  static now() {
    return now()
  }
}
