// `npm run check`: all that can be known without a server.

import { runChecks } from './checks.ts'

const { failed } = await runChecks((line) => process.stdout.write(`${line}\n`))
process.exitCode = failed > 0 ? 1 : 0
