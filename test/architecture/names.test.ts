// A name stands for one thing, says what it does to what, and is exported only where somebody else needs it.

import { expect } from 'chai'
import { PRODUCT, readSources, TREE } from '../support/sources.ts'

const DECLARED = /^export (?:async )?(?:function\*?|const|class|interface|type) (\w+)/gm
const FUNCTIONS = /^export (?:async )?function\*? (\w+)|^export const (\w+) = (?:async )?(?:<[^>]*>)?\(/gm

/** One word, where the field has one: makers of routes, of problems, of shapes and of settings; and what clients import. */
const ONE_WORD = [
  ['read', 'list', 'write', 'upload', 'download', 'stream'],
  ['malformed', 'invalid', 'unauthorized', 'forbidden', 'conflict', 'unavailable'],
  ['shape', 'choice', 'id', 'instant', 'day', 'line', 'prose', 'note', 'nullable', 'opaque'],
  ['setting', 'optional', 'required', 'text', 'flag'],
  ['connect', 'notify'],
].flat()

/** Tables of words and sentences; and where one pattern or one piece of markup is one line. */
const WORDS =
  /lexicon|\/catalogue\/|sentences|wording|store\/outage|text\/fold|delivery\/email|demonstration\/inbox/

const product = readSources(PRODUCT).filter(({ name }) => !name.startsWith('shared/migrations/'))
const tree = readSources(TREE)
const declarations = product.flatMap(({ name, text }) =>
  [...new Set([...text.matchAll(DECLARED)].map((match) => match[1] ?? ''))].map((exported) => ({
    name,
    exported,
  })),
)

const mentionedFiles = (line: string): string[] =>
  [...line.matchAll(/(?<![\w/.-])((?:[\w-]+\/)*[\w-]+\.ts)\b/g)].map((match) => match[1] ?? '')
const isThere = (file: string): boolean => tree.some(({ name }) => name === file || name.endsWith(`/${file}`))

describe('the exceptions', () => {
  it('of a function that is longer than 40 lines each say why', () => {
    const silent = tree.flatMap(({ name, text }) =>
      text
        .split('\n')
        .filter((line) => /^\s*\/\/ oxlint-disable.* max-lines-per-function(?! -- \w+ \w+)/.test(line))
        .map(() => name),
    )
    expect(silent).to.deep.equal([])
  })
})

describe('the names', () => {
  it('stand for one thing each, over the whole product', () => {
    const places = new Map<string, string[]>()
    for (const { name, exported } of declarations)
      places.set(exported, [...(places.get(exported) ?? []), name])
    expect([...places].filter(([, files]) => files.length > 1)).to.deep.equal([])
  })

  it('of functions say what is done to what', () => {
    const single = product.flatMap(({ name, text }) =>
      [...text.matchAll(FUNCTIONS)]
        .map((match) => match[1] ?? match[2] ?? '')
        .filter((each) => /^[a-z]+\d*$/.test(each) && !ONE_WORD.includes(each))
        .map((each) => `${name}: ${each}`),
    )
    expect(single).to.deep.equal([])
  })

  it('stand in lines that a reader sees whole: 140 columns at most, but for tables of words, patterns and markup', () => {
    const long = product
      .filter(({ name }) => !WORDS.test(name))
      .flatMap(({ name, text }) =>
        text.split('\n').flatMap((line, at) => (line.length > 140 ? [`${name}:${at + 1}`] : [])),
      )
    expect(long).to.deep.equal([])
  })

  it('of files that comments lead to are those of files that there are', () => {
    const lost = tree.flatMap(({ name, text }) =>
      text
        .split('\n')
        .flatMap((line) =>
          (/^\s*(?:\/\/|\/?\*)/.test(line) ? mentionedFiles(line) : [])
            .filter((each) => !isThere(each))
            .map((each) => `${name}: ${each}`),
        ),
    )
    expect(lost).to.deep.equal([])
  })

  it('are exported only where another file uses them', () => {
    const words = tree.map(({ name, text }) => ({ name, words: new Set(text.match(/\w+/g)) }))
    const needless = declarations.filter(
      ({ name, exported }) => !words.some((other) => other.name !== name && other.words.has(exported)),
    )
    expect(needless.map(({ name, exported }) => `${name}: ${exported}`)).to.deep.equal([])
  })
})
