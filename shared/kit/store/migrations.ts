// The files of shared/migrations by their names, which the database keeps with their ending.

import { readdir } from 'node:fs/promises'

const FOLDER = new URL('../../migrations/', import.meta.url)

export async function listMigrations(): Promise<string[]> {
  return (await readdir(FOLDER)).filter((file) => file.endsWith('.ts')).toSorted()
}

/** For knex, which by itself loads files of a folder, and not what bin/serve.mjs compiled: that is everything this `import` can name. */
export const migrationSource = {
  getMigrations: listMigrations,
  getMigrationName: (file: string) => file,
  getMigration: (file: string) => import(`../../migrations/${file.slice(0, -'.ts'.length)}.ts`),
}
