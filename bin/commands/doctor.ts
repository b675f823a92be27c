// Looks at everything that Bellhop stands on, and says of each what is wrong and what to do.

import { setTimeout as pause } from 'node:timers/promises'
import { listUnknownSettings, type Config } from '../../shared/kit/process/config.ts'
import { CHECKS, type Finding } from './doctor-checks.ts'
import type { Command } from './command.ts'

/** Milliseconds; what takes longer does not answer. */
const PATIENCE = 15_000
const SIGNS = { ok: '✓', off: '·', look: '!', wrong: '✗' } as const

export const doctor: Command = {
  options: {},
  async run(_given, tools) {
    const config = await tools.config('all')
    const findings = await Promise.all([settingsOf(), ...CHECKS.map((check) => examine(check, config))])
    return {
      lines: findings.flatMap(({ name, verdict, says, advice }) => [
        `${SIGNS[verdict]} ${name}: ${says}`,
        ...(advice ? [`  → ${advice}`] : []),
      ]),
      data: { findings },
      isBad: findings.some(({ verdict }) => verdict === 'wrong'),
    }
  },
}

/** Whatever goes wrong in a look is what it found. */
async function examine({ name, look, advice }: (typeof CHECKS)[number], config: Config): Promise<Finding> {
  const tired = new AbortController()
  try {
    const late = pause(PATIENCE, undefined, { signal: tired.signal }).then(() => {
      throw new Error(`no answer within ${PATIENCE / 1000} s`)
    })
    late.catch(() => undefined)
    return { name, ...(await Promise.race([look(config), late])) }
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error)
    return { name, verdict: 'wrong', says: says.split('\n')[0] ?? '', advice }
  } finally {
    tired.abort()
  }
}

async function settingsOf(): Promise<Finding> {
  const unknown = listUnknownSettings()
  if (unknown.length === 0) return { name: 'settings', verdict: 'ok', says: 'all of them are known' }
  return {
    name: 'settings',
    verdict: 'look',
    says: `nobody reads ${unknown.join(', ')}`,
    advice: '.env.example lists the settings that there are',
  }
}
