// `npm run lean` takes away from the packages what never runs on this machine.

import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect } from 'chai'

const OURS = `uws_${process.platform}_${process.arch}_${process.versions.modules}.node`
const ALWAYS = ['.kept-for', `uWebSockets.js/${OURS}`, 'uWebSockets.js/uws.js', 'pino/pino.js']
const SOMETIMES = ['pino/pino.js.map', 'typescript/lib/typescript.js']

describe('the packages', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'bellhop-lean-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  function keptOf(...more: string[]): string[] {
    const packages = path.join(folder, 'node_modules')
    const foreign = 'uWebSockets.js/uws_plan9_mips_1.node'
    for (const name of [...ALWAYS.slice(1), ...SOMETIMES, foreign, ...more]) {
      mkdirSync(path.dirname(path.join(packages, name)), { recursive: true })
      writeFileSync(path.join(packages, name), '')
    }
    execFileSync(process.execPath, [path.resolve('bin/lean-packages.mjs')], { cwd: folder })
    return readdirSync(packages, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(path.join(packages, name)).isFile(),
    )
  }

  it('of a production keep what runs there', () => expect(keptOf()).to.have.members(ALWAYS))

  it('of a development keep what it reads, but for the machine code of others', () => {
    const mocha = 'mocha/bin/mocha.js'
    expect(keptOf(mocha)).to.have.members([...ALWAYS, ...SOMETIMES, mocha])
  })
})
