import { inflateSync } from 'node:zlib'
import { expect } from 'chai'
import { COLUMNS } from '../../shared/exports/formats/columns.ts'
import { readCsv, writeCsv } from '../../shared/exports/formats/csv.ts'
import { writeJson } from '../../shared/exports/formats/json.ts'
import { writePdf } from '../../shared/exports/formats/pdf.ts'
import { pdfWordingOf } from '../../shared/exports/formats/pdf-words.ts'
import type { ExportHeading, NamedRow } from '../../shared/exports/schema.ts'

const ROW: NamedRow = {
  n: 1,
  id: 7,
  at: new Date('2031-03-10T01:30:00Z'),
  actor: 'Nguyễn Thị Mai',
  actorId: null,
  onBehalfOf: null,
  action: 'booking_created',
  entity: 'booking',
  entityId: null,
  description: 'Xe để đón khách',
  metadata: { b: 'ể', a: [1] },
  requestId: 'r',
  ip: null,
  sealedDescription: '',
  orgId: 'o',
  salt: 's',
  erasedBy: null,
  commitment: 'c',
  previousHash: 'p',
  hash: 'h',
}
const ABOUT: ExportHeading = {
  organisation: 'Bellhop Demo',
  locale: 'vi',
  timezone: 'Asia/Ho_Chi_Minh',
  at: ROW.at,
  scope: 'all',
  filter: {},
}

async function* pagesOf(...rows: Partial<NamedRow>[]): AsyncGenerator<NamedRow[]> {
  for (let at = 0; at < rows.length; at += 1000)
    yield rows.slice(at, at + 1000).map((row) => ({ ...ROW, ...row }))
}

async function whole(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return Buffer.concat(all)
}

async function recordsOf(text: string, piece = 7): Promise<string[][]> {
  async function* pieces(): AsyncGenerator<string> {
    for (let at = 0; at < text.length; at += piece) yield text.slice(at, at + piece)
  }
  const records: string[][] = []
  for await (const cells of readCsv(pieces())) records.push(cells)
  return records
}

const csvOf = async (row: Partial<NamedRow>): Promise<string> => String(await whole(writeCsv(pagesOf(row))))
const cellIn = (record: string[] | undefined, name: (typeof COLUMNS)[number]): string | undefined =>
  record?.[COLUMNS.indexOf(name)]

describe('the audit as csv', () => {
  it('begins with the mark by which spreadsheets know UTF-8, and with the names of its columns', async () => {
    const csv = await whole(writeCsv(pagesOf()))
    expect([...csv.subarray(0, 3)]).to.deep.equal([0xef, 0xbb, 0xbf])
    expect(String(csv.subarray(3))).to.equal(`${COLUMNS.join(',')}\r\n`)
  })

  it('ends each record with CR LF, and keeps what stands in it: letters, commas, quotes, lines', async () => {
    const description = 'Xe "Innova", để đón\r\nkhách\n'
    const csv = await csvOf({ description })
    expect(csv)
      .to.match(/"Xe ""Innova"", để đón\r\nkhách\n"/)
      .and.match(/\r\n$/)
    const [, record] = await recordsOf(csv)
    expect([cellIn(record, 'description'), cellIn(record, 'metadata'), cellIn(record, 'at')]).to.deep.equal([
      description,
      '{"b":"ể","a":[1]}',
      '2031-03-10T01:30:00.000Z',
    ])
  })

  for (const dangerous of [
    '=HYPERLINK("http://x")',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '＝1',
    '＠SUM',
    ' =1',
    `'=1`,
  ]) {
    it(`lets no spreadsheet calculate ${JSON.stringify(dangerous)}, and gives it back as it was`, async () => {
      const csv = await csvOf({ description: dangerous })
      const shown = /,"?(.)/.exec(
        csv.slice(csv.indexOf('booking_created,booking,') + 'booking_created,booking,'.length),
      )?.[1]
      expect(shown).to.equal(`'`)
      expect(cellIn((await recordsOf(csv))[1], 'description')).to.equal(dangerous)
    })
  }

  it(`lets nothing be calculated behind a semicolon or a line break either,
    where a spreadsheet may take it for the start of a cell`, async () => {
    for (const dangerous of ['xe;=1+1', 'xe; @SUM(A1)', 'xe\n=1', 'xe\t+1', `xe;'=1`, `;''=1\n'`]) {
      const csv = await csvOf({ description: dangerous })
      expect(csv).to.not.match(/[;\t\n] ?[=@+]/)
      expect(cellIn((await recordsOf(csv))[1], 'description')).to.equal(dangerous)
    }
    expect(await csvOf({ description: 'Xe 29A; đón ở cổng' })).to.include('Xe 29A; đón ở cổng')
  })

  it('is read alike however it comes in pieces', async () => {
    const csv = await csvOf({ description: 'a "b", c\r\nd' })
    for (const piece of [1, 2, 3, 1000])
      expect(await recordsOf(csv, piece)).to.deep.equal(await recordsOf(csv))
  })
})

describe('the audit as json', () => {
  it('is an array, with a row on each line, whether it has many or none', async () => {
    const text = String(await whole(writeJson(pagesOf({ n: 1 }, { n: 2, description: 'a\nb' }))))
    expect(JSON.parse(text).map(({ n, metadata }: NamedRow) => [n, metadata])).to.deep.equal([
      [1, ROW.metadata],
      [2, ROW.metadata],
    ])
    expect(text.trim().split('\n')).to.have.length(4)
    expect(JSON.parse(String(await whole(writeJson(pagesOf()))))).to.deep.equal([])
  })
})

describe('the audit as pdf', () => {
  /** The streams of the file, decompressed: pages, fonts, and what the glyphs of a font mean. */
  function streamsOf(pdf: Buffer): string[] {
    return [...pdf.toString('latin1').matchAll(/stream\n([\s\S]*?)\nendstream/g)].flatMap(
      ([, bytes = '']) => {
        try {
          return [inflateSync(Buffer.from(bytes, 'latin1')).toString('latin1')]
        } catch {
          return []
        }
      },
    )
  }
  const pagesIn = (pdf: Buffer): number => [...pdf.toString('latin1').matchAll(/\/Type \/Page\n/g)].length

  it('knows the letters of Vietnamese, and says which they are', async () => {
    const pdf = await whole(writePdf(pagesOf({}), ABOUT))
    expect(String(pdf.subarray(0, 5))).to.equal('%PDF-')
    const meanings = streamsOf(pdf)
      .filter((text) => text.includes('beginbfrange') || text.includes('beginbfchar'))
      .join('\n')
    for (const letter of 'ểđễị')
      expect(meanings, letter).to.include(letter.charCodeAt(0).toString(16).padStart(4, '0'))
  })

  it('fills as many pages as it needs, each with a head and a number', async () => {
    const pdf = await whole(writePdf(pagesOf(...Array.from({ length: 100 }, () => ({}))), ABOUT))
    expect(pagesIn(pdf)).to.be.within(2, 6)
    expect(
      (await whole(writePdf(pagesOf(...Array.from({ length: 10 }, () => ({}))), ABOUT))).length,
    ).to.be.below(pdf.length)
  })

  it('gives a long text more lines, and a word longer than its cell too', async () => {
    const short = await whole(writePdf(pagesOf(...Array.from({ length: 20 }, () => ({}))), ABOUT))
    const long = await whole(
      writePdf(
        pagesOf(
          ...Array.from({ length: 20 }, () => ({
            description: `${'rất dài '.repeat(60)} ${'x'.repeat(300)}`,
          })),
        ),
        ABOUT,
      ),
    )
    expect([pagesIn(short), pagesIn(long)]).to.satisfy(
      ([few = 0, many = 0]: number[]) => few === 1 && many > 4,
    )
  })

  it('says in a sentence that it has no font for some letters, and only then', async () => {
    const lettersOf = async (description: string): Promise<string> =>
      streamsOf(await whole(writePdf(pagesOf({ description }), { ...ABOUT, locale: 'vi' })))
        .filter((text) => text.includes('beginbfrange') || text.includes('beginbfchar'))
        .join('\n')
    // "ữ" stands in the sentence, and nowhere else on the page.
    expect(await lettersOf('Đón khách ở ga')).to.not.include('1eef')
    expect(await lettersOf('東京駅')).to.include('1eef')
  })

  it('says beside its rows what they are about, and how they were chosen, in one language', () => {
    const { cellsOf, subtitle } = pdfWordingOf({
      ...ABOUT,
      filter: { action: 'login', entity: 'user', roomId: 'r-1' },
    })
    expect(cellsOf({ ...ROW, entity: 'ticket', entityId: '0b5a2f7e-0000' })[3]).to.equal(
      'Yêu cầu hỗ trợ 0b5a2f7e',
    )
    expect(subtitle)
      .to.include('Hành động: login')
      .and.include('Đối tượng: Người dùng')
      .and.include('Phòng: r-1')
      .and.not.match(/entity|room/)
  })

  it('has a page when there is nothing to show', async () => {
    expect(pagesIn(await whole(writePdf(pagesOf(), ABOUT)))).to.equal(1)
  })
})
