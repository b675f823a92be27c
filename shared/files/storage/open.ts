// Where files lie is a matter of settings: in a bucket when one is named, else in a folder.

import path from 'node:path'
import type { Config } from '../../kit/process/config.ts'
import { openDisk } from './disk.ts'
import { openS3, s3SettingsOf } from './s3.ts'
import type { Storage } from './storage.ts'

/** Holds nothing open: as cheap as a function call. */
export function openStorage(config: Config): Storage {
  const folder = path.resolve(config.FILES_DIR ?? path.join(config.DATA_DIR, 'files'))
  const s3 = s3SettingsOf(config)
  return s3 ? openS3(s3, folder) : openDisk(folder)
}
