// Where a command was called: npm runs us in the project's folder, and says so.

import { rawEnvironment } from '../../shared/kit/process/config.ts'

export function folderOfCaller(): string {
  return rawEnvironment()['INIT_CWD'] ?? process.cwd()
}
