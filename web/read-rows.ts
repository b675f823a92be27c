// Lists that come in pages.

const MOST = 100

/** @param size how many at most, unless all @returns as they come */
export async function readRows<Row>(
  read: (page: { limit: number; offset: number }) => Promise<readonly Row[]>,
  size = Infinity,
): Promise<Row[]> {
  const rows: Row[] = []
  while (rows.length < size) {
    const limit = Math.min(MOST, size - rows.length)
    const page = await read({ limit, offset: rows.length })
    rows.push(...page)
    if (page.length < limit) break
  }
  return rows
}
