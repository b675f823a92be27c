// Where files lie is a matter of settings: in a bucket when one is named, else in a folder.

import path from 'node:path'
import type { Config } from '../../kit/process/config.ts'
import { openDisk } from './disk.ts'
import { openS3, s3SettingsOf } from './s3.ts'
import type { Storage } from './storage.ts'

/** Where files lie, or arrive before they go into a bucket. */
export const folderOfFiles = ({ FILES_DIR, DATA_DIR }: Pick<Config, 'FILES_DIR' | 'DATA_DIR'>): string =>
  path.resolve(FILES_DIR ?? path.join(DATA_DIR, 'files'))

/** Holds nothing open: as cheap as a function call. */
export function openStorage(config: Config): Storage {
  const folder = folderOfFiles(config)
  const s3 = s3SettingsOf(config)
  return s3 ? openS3(s3, folder) : openDisk(folder)
}
