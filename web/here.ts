// The console, as the parts know it that stand in widgets, too.

import { chosenFiles } from './chosen-files.ts'
import { client, myself } from './client.ts'
import { say } from './elements/toast.ts'
import type { Place } from './shared/place.ts'
import { language } from './texts/language.ts'

export const here: Place = {
  client,
  get userId() {
    return myself().id
  },
  language,
  drafts: sessionStorage,
  chosen: chosenFiles,
  showsPictures: true,
  say,
}
