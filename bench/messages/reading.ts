// Pages and searches over HTTP, one at a time: what one person waits for.

import { percentiles } from './figures.ts'
import { CODE_EVERY, MILLION, type Seeded } from './seed.ts'

export interface Waits {
  p50: number
  p95: number
  p99: number
}
export interface Pages {
  first: Waits
  deep: Waits
}
export interface Searches {
  all: Waits
  /** `most`: milliseconds within which 95 of 100 are answered. */
  each: ({ who: string; what: string; most: number } & Waits)[]
}
export interface DocumentsReading {
  pages: Pages
  search: Waits
}

const PAGE = 50
const READS = 150
const SEARCHES = 40
/** The comparison takes so long that a few must do. */
const FEW = 5

/** Alternating, so that what else the machine does falls on both. */
export async function readPages(url: string, { longRoom }: Seeded): Promise<Pages> {
  const at = `${url}/chat/rooms/${longRoom.id}/messages?limit=${PAGE}`
  return inTurn(READS, longRoom.tokens[0], `${at}&before=${MILLION + 1}`, `${at}&before=${PAGE + 1}`)
}

export async function readSearches(
  url: string,
  { longRoom, visitor, regular, words }: Seeded,
): Promise<Searches> {
  const [common = '', second = '', unaccented = ''] = [words[1], words[3], 'a']
  const rare = `bk${CODE_EVERY * 17}`
  const questions: [what: string, q: string][] = [
    ['a very common word', `${common} `],
    ['two common words', `${common} ${second} `],
    ['a common word without its accents', 'duong '],
    ['one letter of a word', unaccented],
    ['a word said once, in the long room', `${rare} `],
    ['a rare word', `${words.at(-2)} `],
    ['a common and a rare word', `${common} ${words.at(-9)} `],
    ['a word that nobody said', 'zzyzx '],
  ]
  const each = []
  const all: number[] = []
  for (const [who, token, most] of [
    ['in the long room', longRoom.tokens[0] ?? '', 20],
    ['in twenty rooms', visitor.token, 20],
    ['in five thousand rooms', regular.token, 50],
  ] as const)
    for (const [what, q] of questions) {
      const waits = await readTimes(SEARCHES, token, `${url}/chat/messages/search?q=${encodeURIComponent(q)}`)
      all.push(...waits)
      each.push({ who, what, most, ...percentiles(waits) })
    }
  return { all: percentiles(all), each }
}

export async function readDocuments(url: string, { longRoom, words }: Seeded): Promise<DocumentsReading> {
  const at = `${url}/chat/rooms/${longRoom.id}/messages?limit=${PAGE}`
  const pages = await inTurn(FEW, longRoom.tokens[0], `${at}&offset=0`, `${at}&offset=${MILLION - PAGE}`)
  const waits = []
  for (const q of [words[1], words.at(-2), `bk${CODE_EVERY * 17}`, 'zzyzx'])
    waits.push(
      ...(await readTimes(
        FEW,
        longRoom.tokens[0] ?? '',
        `${url}/chat/messages/search?q=${encodeURIComponent(q ?? '')}`,
      )),
    )
  return { pages, search: percentiles(waits) }
}

async function inTurn(times: number, token = '', first: string, deep: string): Promise<Pages> {
  const [ofFirst, ofDeep]: [number[], number[]] = [[], []]
  for (let n = 0; n < times; n++) {
    ofFirst.push(await readOnce(token, first))
    ofDeep.push(await readOnce(token, deep))
  }
  return { first: percentiles(ofFirst), deep: percentiles(ofDeep) }
}

async function readTimes(times: number, token: string, url: string): Promise<number[]> {
  await readOnce(token, url)
  const waits = []
  for (let n = 0; n < times; n++) waits.push(await readOnce(token, url))
  return waits
}

async function readOnce(token: string, url: string): Promise<number> {
  const began = performance.now()
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
  await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return performance.now() - began
}
