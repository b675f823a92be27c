// Takes away from the packages what never runs here (`npm run lean`; `npm start` does it after installing). Plain JS, no dependency.
// uWebSockets.js brings machine code for every system and Node there was: a quarter of a gigabyte, of which one file runs. Where the
// packages of the development are left out, nobody reads the maps of sources, and TypeScript, which npm leaves there, is not called.

import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

export const THIS_NODE = `${process.platform}_${process.arch}_${process.versions.modules}`
/** Says, in node_modules, for which Node the machine code was kept. */
export const KEPT_FOR = '.kept-for'

/** @param packages the folder node_modules */
export function keepWhatRuns(packages) {
  const sockets = path.join(packages, 'uWebSockets.js')
  for (const name of readdirSync(sockets))
    if (/^uws_.*\.node$/.test(name) && name !== `uws_${THIS_NODE}.node`) rmSync(path.join(sockets, name))
  if (!existsSync(path.join(packages, 'mocha'))) {
    rmSync(path.join(packages, 'typescript'), { recursive: true, force: true })
    for (const name of readdirSync(packages, { recursive: true, encoding: 'utf8' }))
      if (/\.(js|cjs|mjs|ts|mts|cts|css)\.map$/.test(name)) rmSync(path.join(packages, name))
  }
  writeFileSync(path.join(packages, KEPT_FOR), THIS_NODE)
}

if (process.argv[1] === import.meta.filename) keepWhatRuns(path.resolve('node_modules'))
