// What `npm start`, `npm test`, `npm run check`, `npm run demo` and `npx bellhop` call on a bare clone: plain JS, no dependency.
// Promise: the packages of package-lock.json are there, then bin/<word>.ts runs and its exit code is ours.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { KEPT_FOR, keepWhatRuns, THIS_NODE } from './lean-packages.mjs'

const WORDS = ['start', 'test', 'check', 'demo', 'bellhop']
/** They need no packages of the development. */
const LEAN = ['start', 'bellhop']
/** They start from compiled code. */
const COMPILED = ['bellhop']
const root = path.resolve(import.meta.dirname ?? '.', '..')

/** Ends the process with one sentence. */
function refuse(sentence) {
  console.error(sentence)
  process.exit(1)
}

function mustRunOnThisNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19))
    refuse(`Bellhop needs Node 20.19 or newer; this is Node ${process.versions.node}.`)
}

function readPackages(file) {
  const full = path.join(root, file)
  return existsSync(full) ? JSON.parse(readFileSync(full, 'utf8')).packages : undefined
}

/**
 * Compares package-lock.json with npm's own record of what it installed, which npm writes last: an installation that
 * was cut short has none. Optional packages are those of other platforms; development ones matter unless we start.
 */
function isInstalled(word) {
  const wanted = readPackages('package-lock.json')
  const found = readPackages('node_modules/.package-lock.json')
  if (!wanted) refuse('package-lock.json is missing: run this inside a whole clone of Bellhop.')
  if (!found || !isForThisNode()) return false
  return Object.entries(wanted).every(([name, each]) => {
    const needless = name === '' || each.optional || each.devOptional || (each.dev && LEAN.includes(word))
    if (needless && !found[name]) return true
    return name === '' || (found[name]?.version === each.version && found[name]?.integrity === each.integrity)
  })
}

function isForThisNode() {
  const keptFor = path.join(root, 'node_modules', KEPT_FOR)
  return !existsSync(keptFor) || readFileSync(keptFor, 'utf8') === THIS_NODE
}

function install(word) {
  console.error('Installing the packages of package-lock.json; this takes about half a minute, once.')
  const args = ['ci', '--no-audit', '--no-fund', ...(LEAN.includes(word) ? [] : ['--include=dev'])]
  // npm's chatter goes to stderr: the last line of stdout belongs to the word that runs next.
  const done = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (done.error) refuse(`npm could not be run: ${done.error.message}`)
  if (done.status !== 0) refuse('npm ci failed; its message stands above.')
  keepWhatRuns(path.join(root, 'node_modules'))
}

/**
 * The channel tells the child when we were killed. Signals are passed on even though a terminal's Ctrl-C reaches the
 * child as well: the children take two within a second for one. We never end before the child.
 */
function run(word, args) {
  const file = path.join('bin', `${word}.ts`)
  if (!existsSync(path.join(root, file))) refuse(`${file} is missing.`)
  const runner = COMPILED.includes(word) ? ['bin/serve.mjs'] : ['--import', 'tsx']
  const child = spawn(process.execPath, [...runner, file, ...args], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)))
  if (process.env.npm_lifecycle_event) onceOrphaned(() => child.kill('SIGTERM'))
}

/** npm passes a SIGTERM to its shell, which dies of it and tells nobody: all that we see is another parent. */
function onceOrphaned(act) {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    act()
  }, 500)
}

const [word = '', ...args] = process.argv.slice(2)
mustRunOnThisNode()
if (!WORDS.includes(word)) refuse(`Usage: node bin/run.mjs ${WORDS.join('|')} [arguments]`)
if (!isInstalled(word)) install(word)
run(word, args)
