/** Keeps a value in a memory that holds so many of them: the one that was kept longest ago goes first. */
export function rememberValue<T>(known: Map<string, T>, key: string, value: T, most: number): void {
  known.delete(key)
  known.set(key, value)
  const [oldest] = known.keys()
  if (known.size > most && oldest !== undefined) known.delete(oldest)
}
