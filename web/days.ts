// Days as 2031-03-10, counted.

const A_DAY = 86_400_000

export const daysBetween = (first: string, date: string): number =>
  Math.round((Date.parse(date) - Date.parse(first)) / A_DAY)

export const dayAfter = (date: string, days: number): string =>
  new Date(Date.parse(date) + days * A_DAY).toISOString().slice(0, 10)
