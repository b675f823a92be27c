import { expect } from 'chai'
import { detectType } from '../../shared/files/content.ts'
import { cleanName, contentTypeOf, isShownInline, kindOf, storageKeyOf } from '../../shared/files/rules.ts'
import { HTML, PDF, PNG, SVG, WAV, zipBomb, zipOf } from '../support/upload.ts'

describe('the name of a file', () => {
  const cases: readonly [string, string, string][] = [
    ['stays as it is', 'Hóa đơn tháng 3.pdf', 'Hóa đơn tháng 3.pdf'],
    ['is one spelling of its letters', 'Ho\u0301a đơn.pdf', 'Hóa đơn.pdf'],
    ['loses the folders of Unix', '../../etc/passwd', 'passwd'],
    ['loses the folders of Windows', 'C:\\Users\\Mai\\ảnh.png', 'ảnh.png'],
    ['loses control characters', 'a\u0000b\r\nc\u007F.txt', 'abc.txt'],
    ['loses what turns the direction of writing', 'anh\u202Egpj.exe', 'anhgpj.exe'],
    ['keeps quotation marks, which browsers write as %22', 'a %22b%22.txt', 'a "b".txt'],
    ['keeps other percent signs', '100%25.txt', '100%25.txt'],
    ['is made up when there is none', '', 'file'],
    ['is made up when it is only dots', '..', 'file'],
    ['is made up when it is only a folder', 'folder/', 'file'],
  ]
  for (const [what, given, expected] of cases) it(what, () => expect(cleanName(given)).to.equal(expected))

  it('is cut at 255 characters, before its ending', () => {
    const name = cleanName(`${'đ'.repeat(300)}.pdf`)
    expect([...name]).to.have.length(255)
    expect(name).to.match(/^đ+\.pdf$/)
    expect(cleanName('x'.repeat(255))).to.have.length(255)
    expect([...cleanName('😀'.repeat(300))]).to.have.length(255)
  })
})

describe('what a file is', () => {
  const gif = Buffer.from('GIF89a/*\u0001*/=1;alert(1)')
  const cases: readonly [string, Buffer, string, string, boolean][] = [
    ['a picture', PNG, 'image/png', 'image', true],
    ['a picture that is a script too: a picture', gif, 'image/gif', 'image', true],
    ['a picture with a page behind it: a picture', Buffer.concat([PNG, HTML]), 'image/png', 'image', true],
    [
      'the beginning of a picture, then a page: nothing known',
      Buffer.concat([PNG.subarray(0, 8), HTML]),
      'application/octet-stream',
      'file',
      false,
    ],
    ['a PDF', PDF, 'application/pdf', 'document', true],
    ['a sound', WAV, 'audio/wav', 'audio', false],
    ['a page', HTML, 'application/octet-stream', 'file', false],
    ['a drawing that can hold scripts', SVG, 'application/octet-stream', 'file', false],
    [
      'the same with an XML declaration',
      Buffer.concat([Buffer.from('<?xml version="1.0"?>'), SVG]),
      'application/octet-stream',
      'file',
      false,
    ],
    ['an archive', zipBomb(), 'application/zip', 'file', false],
    ['text', Buffer.from('Xin chào'), 'application/octet-stream', 'file', false],
    ['nothing', Buffer.alloc(0), 'application/octet-stream', 'file', false],
  ]
  for (const [what, content, type, kind, isInline] of cases) {
    it(what, async () => {
      const detected = await detectType(content.subarray(0, 4100))
      expect([
        contentTypeOf(detected),
        kindOf(detected),
        isShownInline(contentTypeOf(detected)),
      ]).to.deep.equal([type, kind, isInline])
    })
  }

  it('of office programs is told by the parts that it has, whatever their order', async () => {
    const office = 'application/vnd.openxmlformats-officedocument'
    for (const [part, type] of [
      ['word/document.xml', `${office}.wordprocessingml.document`],
      ['xl/workbook.xml', `${office}.spreadsheetml.sheet`],
      ['ppt/presentation.xml', `${office}.presentationml.presentation`],
    ] as const) {
      for (const names of [
        ['docProps/app.xml', 'docProps/thumbnail.jpeg', '_rels/.rels', part, '[Content_Types].xml'],
        [part, '[Content_Types].xml'],
        ['[Content_Types].xml', part],
      ]) {
        const file = zipOf(names)
        expect(await detectType(file.subarray(0, 4100), file.subarray(-65_536)), names.join()).to.equal(type)
      }
    }
    const plain = zipOf(['word/document.xml', 'a.txt'])
    expect(await detectType(plain.subarray(0, 4100), plain)).to.equal('application/zip')
  })

  it('is a document where it is text in UTF-16, and a sound where it is one', async () => {
    const text = Buffer.from('\ufeffDanh sách khách hàng\r\n', 'utf16le')
    for (const content of [text, Buffer.from(text).swap16()]) {
      const detected = await detectType(content)
      expect([
        contentTypeOf(detected),
        kindOf(detected),
        isShownInline(contentTypeOf(detected)),
      ]).to.deep.equal(['text/plain', 'document', false])
    }
    expect(
      kindOf(await detectType(Buffer.from('fffb90440000000000000000000000000000000000000000', 'hex'))),
    ).to.equal('audio')
  })

  it('of office programs is a document, and never shown', () => {
    for (const type of [
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      'application/vnd.oasis.opendocument.text',
      'application/rtf',
    ]) {
      expect([kindOf(type), contentTypeOf(type), isShownInline(type)]).to.deep.equal([
        'document',
        type,
        false,
      ])
    }
  })

  it('is never a drawing with scripts, should somebody learn to tell one', () => {
    expect([
      kindOf('image/svg+xml'),
      contentTypeOf('image/svg+xml'),
      isShownInline('image/svg+xml'),
    ]).to.deep.equal(['file', 'application/octet-stream', false])
  })
})

describe('where a file lies', () => {
  it('is a folder of its organisation', () =>
    expect(storageKeyOf('0a-1b', 'cd-ef')).to.equal('0a-1b/cd/cd-ef'))
})
