#!/usr/bin/env node
// `npx bellhop …`: the same as `node bin/run.mjs bellhop …`.

process.argv.splice(2, 0, 'bellhop')
await import('./run.mjs')
