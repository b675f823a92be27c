// Prints .env.example from the list of settings: `node --import tsx bin/env-example.ts > .env.example`.

import { SETTINGS } from '../shared/kit/process/settings.ts'

const HEAD =
  '# Every setting, with its default. None has to be set for `npm start`; bin/env-example.ts writes this file.\n'
const settings = Object.entries(SETTINGS).map(
  ([name, { doc, fallback }]) => `# ${doc}\n#${name}=${fallback ?? ''}\n`,
)

process.stdout.write([HEAD, ...settings].join('\n'))
