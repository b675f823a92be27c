// Choices that a seed makes: the same seed, the same choices.

export interface Choices {
  chance(probability: number): boolean
  /** A whole number, both ends included. */
  between(least: number, most: number): number
  oneOf<T>(items: readonly T[]): T
  /** @param items with how often each comes, in comparison */
  byWeight<T>(items: readonly (readonly [weight: number, item: T])[]): T
}

/** That of the setting SEED, or a new one. */
export function seedOfThisRun(): number {
  return Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
}

export function choicesOf(seed: number): Choices {
  const random = mulberry32(seed)
  const between = (least: number, most: number): number => least + Math.floor(random() * (most - least + 1))
  return {
    chance: (probability) => random() < probability,
    between,
    oneOf: (items) => only(items[between(0, items.length - 1)]),
    byWeight(items) {
      let left = random() * items.reduce((sum, [weight]) => sum + weight, 0)
      return only(items.find(([weight]) => (left -= weight) < 0) ?? items.at(-1))[1]
    },
  }
}

function only<T>(item: T | undefined): T {
  if (item === undefined) throw new Error('There is nothing to choose from.')
  return item
}

/** A small generator with a seed (Tommy Ettinger's mulberry32). */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}
