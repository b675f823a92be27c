// The address of a feed: its id, signed, so that nothing secret is stored.

import { publicUrl, readSignedId, signedId } from '../kit/outside/signature.ts'
import type { Config } from '../kit/process/config.ts'

export const CALENDAR_PATH = '/calendar'
const PURPOSE = 'calendar'
const ENDING = '.ics'

export function feedUrl(config: Pick<Config, 'JWT_SECRET' | 'PUBLIC_URL' | 'PORT'>, id: string): string {
  return `${publicUrl(config)}${CALENDAR_PATH}/${signedId(config, PURPOSE, id)}${ENDING}`
}

/** @param file the last part of the address @returns undefined when it is none of ours */
export function readFeedId(config: Pick<Config, 'JWT_SECRET'>, file: string): string | undefined {
  return file.endsWith(ENDING) ? readSignedId(config, PURPOSE, file.slice(0, -ENDING.length)) : undefined
}
