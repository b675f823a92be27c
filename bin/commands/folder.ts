// Folders that commands are told of.

import { existsSync } from 'node:fs'
import path from 'node:path'
import { rawEnvironment } from '../../shared/kit/process/config.ts'

/** Where a command was called: npm runs us in the project's folder, and says so. */
export function folderOfCaller(): string {
  return rawEnvironment()['INIT_CWD'] ?? process.cwd()
}

/** The folder itself or, where nobody made it yet, the one in which it would be. */
export function nearestFolder(folder: string): string {
  return existsSync(folder) ? folder : nearestFolder(path.dirname(folder))
}
