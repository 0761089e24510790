import { readFileSync } from 'node:fs'
import Excel from 'exceljs'
import fc from 'fast-check'
import JSZip from 'jszip'
import { describe, expect, test } from 'vitest'
import { writeCsv } from '../exports/csv.ts'
import { writeXlsx } from '../exports/xlsx.ts'
import { openFile } from './files/open.ts'
import { FileProblem, LIMITS, type Table } from './files/table.ts'
import { cleanCell } from './files/text.ts'

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return new Uint8Array(Buffer.concat(all))
}

async function cellsOf(content: Uint8Array | string, sheet?: string): Promise<string[][]> {
  const file = await openFile(typeof content === 'string' ? new TextEncoder().encode(content) : content, sheet)
  if ('document' in file) throw new Error('not a table')
  return rowsOf(file)
}

async function rowsOf(table: Table): Promise<string[][]> {
  const rows: string[][] = []
  for await (const { cells } of table.rows) rows.push(cells)
  return rows
}

const problemOf = async (content: Uint8Array | string) => {
  try {
    await cellsOf(content)
  } catch (error) {
    if (error instanceof FileProblem) return error.note.key
    throw error
  }
  return null
}

async function workbook(fill: (book: Excel.Workbook) => void): Promise<Uint8Array> {
  const book = new Excel.Workbook()
  fill(book)
  return new Uint8Array(await book.xlsx.writeBuffer())
}

describe('CSV', () => {
  test.each([[','], [';'], ['\t'], ['|']])('finds the delimiter %j', async (d) => {
    const text = `Название${d}Город\r\nПовар, горячий цех; ночью${d}Душанбе\r\n`.replace(
      'Повар, горячий цех; ночью',
      '"Повар, горячий; цех"',
    )
    expect(await cellsOf(text)).toEqual([
      ['Название', 'Город'],
      ['Повар, горячий; цех', 'Душанбе'],
    ])
  })

  test('a quoted cell may hold line breaks and quotation marks; empty lines keep the numbers true', async () => {
    const file = (await openFile(new TextEncoder().encode('a,b\n\n"x\r\ny","say ""да"""\n'))) as Table
    const rows = []
    for await (const row of file.rows) rows.push(row)
    expect(rows).toEqual([
      { number: 1, cells: ['a', 'b'] },
      { number: 3, cells: ['x\ny', 'say "да"'] },
    ])
  })

  test('UTF-8 with a mark, UTF-16 and windows-1251 are told apart', async () => {
    const text = 'Фамилия;Ҷой\nҚодиров;Хуҷанд\n'
    const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le')
    expect(await cellsOf(`\ufeff${text}`)).toEqual([
      ['Фамилия', 'Ҷой'],
      ['Қодиров', 'Хуҷанд'],
    ])
    expect(await cellsOf(new Uint8Array(utf16))).toEqual([
      ['Фамилия', 'Ҷой'],
      ['Қодиров', 'Хуҷанд'],
    ])
    expect(await cellsOf(new Uint8Array(Buffer.from(utf16).swap16()))).toEqual([
      ['Фамилия', 'Ҷой'],
      ['Қодиров', 'Хуҷанд'],
    ])
    expect(await cellsOf(new Uint8Array(Buffer.from('a;b\n1;2\n', 'utf16le')))).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ])
    // "Повар;Город" in windows-1251
    expect(await cellsOf(new Uint8Array([0xcf, 0xee, 0xe2, 0xe0, 0xf0, 0x3b, 0xc3, 0xee, 0xf0, 0xee, 0xe4]))).toEqual([
      ['Повар', 'Город'],
    ])
  })

  test('the delimiter Excel states above the table is believed', async () => {
    expect(await cellsOf('sep=;\r\na;b,c\r\n1;2,5\r\n')).toEqual([
      ['a', 'b,c'],
      ['1', '2,5'],
    ])
  })

  test('an open quotation mark is named with its row', async () => {
    expect(await problemOf('a,b\n1,2\n"open,3\n4,5\n')).toBe('imports.problem.quotes')
  })

  test('what is exported comes back, whatever the cells hold', async () => {
    // Blank rows and what cleaning removes do not come back; that is tested where it happens.
    const cell = fc.string({ unit: 'binary', maxLength: 30 }).map(cleanCell)
    const row = fc.tuple(cell, cell, cell).filter((cells) => cells.some((c) => c !== ''))
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 8 }),
        fc.constantFrom(',', ';'),
        async (rows, delimiter) => {
          const headings = ['номер', 'ном', 'ҷой']
          const expected = [headings, ...rows]
          expect(await cellsOf(await bytesOf(writeCsv({ headings, rows }, delimiter)))).toEqual(expected)
          expect(await cellsOf(await bytesOf(writeXlsx({ name: 'x', headings, rows })))).toEqual(
            expected.map(withoutEnd),
          )
        },
      ),
      { numRuns: 60 },
    )
  }, 240_000)
})

// A sheet does not tell where its row ends: empty cells at the end are the same as none.
const withoutEnd = (cells: string[]) => cells.slice(0, cells.findLastIndex((c) => c !== '') + 1)

describe('XLSX', () => {
  test('dates, numbers, results of formulas, rich text and truth as text', async () => {
    const bytes = await workbook((book) => {
      const sheet = book.addWorksheet('Лист')
      sheet.addRow(['d', 't', 'n', 'f', 'r', 'b', 'link'])
      const row = sheet.addRow([new Date('1990-12-07T00:00:00Z'), new Date('2026-11-21T13:48:00Z'), 0.1 + 0.2])
      row.getCell(1).numFmt = 'dd.mm.yyyy'
      row.getCell(2).numFmt = 'dd.mm.yyyy hh:mm'
      row.getCell(4).value = { formula: 'C2*10', result: 3 }
      row.getCell(5).value = { richText: [{ text: 'Қо' }, { text: 'диров', font: { bold: true } }] }
      row.getCell(6).value = true
      row.getCell(7).value = { text: 'site', hyperlink: 'https://example.org' }
    })
    expect((await cellsOf(bytes))[1]).toEqual([
      '1990-12-07',
      '2026-11-21T13:48:00',
      '0.3',
      '3',
      'Қодиров',
      'true',
      'site',
    ])
  })

  test('a number without a date format stays a number; a price in som is no date', async () => {
    const bytes = await workbook((book) => {
      const row = book.addWorksheet('s').addRow([33214, 4500, 992900000000])
      row.getCell(2).numFmt = '#,##0.00 "сомони"'
    })
    expect(await cellsOf(bytes)).toEqual([['33214', '4500', '992900000000']])
  })

  test('rows keep the numbers they have in the sheet; empty and hidden sheets are passed over', async () => {
    const bytes = await workbook((book) => {
      book.addWorksheet('empty')
      book.addWorksheet('secret', { state: 'hidden' }).addRow(['no'])
      const sheet = book.addWorksheet('Вакансии')
      sheet.getCell('B3').value = 'x'
      book.addWorksheet('Second').addRow(['y'])
    })
    const file = (await openFile(bytes)) as Table
    expect([file.sheets, file.sheet]).toEqual([['empty', 'Вакансии', 'Second'], 'Вакансии'])
    const rows = []
    for await (const row of file.rows) rows.push(row)
    expect(rows).toEqual([{ number: 3, cells: ['', 'x'] }])
    expect(await cellsOf(bytes, 'Second')).toEqual([['y']])
  })

  test('no exported cell is a formula', async () => {
    const headings = ['=1+1']
    const rows = [['=cmd|x'], ['+992'], ['-1'], ['@sum'], ['\t=1'], [-5]]
    const text = new TextDecoder().decode(await bytesOf(writeCsv({ headings, rows })))
    expect(text.split('\r\n')).toEqual([
      "'=1+1",
      "'=cmd|x",
      "'+992",
      "'-1",
      "'@sum",
      '"\'\t=1"'.replaceAll('"', ''),
      '-5',
      '',
    ])
    const book = new Excel.Workbook()
    await book.xlsx.load((await bytesOf(writeXlsx({ name: 'Ошибки', headings, rows }))).buffer as ArrayBuffer)
    const column = book.worksheets[0]!.getColumn(1).values.slice(1)
    expect(column).toEqual(["'=1+1", "'=cmd|x", "'+992", "'-1", "'@sum", "'\t=1", -5])
  })
})

describe('what is not a table', () => {
  test.each([
    ['nothing', '', 'empty'],
    ['blanks', ' \n\n ', 'empty'],
    ['a PDF', '%PDF-1.7 …', 'pdf'],
    ['a web page saved as xls', '<html><table><tr><td>1', 'web_page'],
    ['broken JSON', '{"a": [1, 2', 'json'],
  ])('%s', async (_name, content, problem) => {
    expect(await problemOf(content)).toBe(`imports.problem.${problem}`)
  })

  test('an old workbook, a locked one, a picture, a foreign archive', async () => {
    const old = new Uint8Array([0xd0, 0xcf, 0x11, 0xe0, 0, 0, 0, 0])
    expect(await problemOf(old)).toBe('imports.problem.old_excel')
    expect(await problemOf(new Uint8Array(Buffer.concat([old, Buffer.from('EncryptedPackage', 'utf16le')])))).toBe(
      'imports.problem.password',
    )
    expect(await problemOf(new Uint8Array([0x89, 0x50, 0x4e, 0x47]))).toBe('imports.problem.picture')
    expect(await problemOf(new Uint8Array([0x50, 0x4b, 5, 6, ...new Array(18).fill(0)]))).toBe(
      'imports.problem.archive',
    )
    expect(await problemOf(new Uint8Array([0x50, 0x4b, 3, 4, 1, 2]))).toBe('imports.problem.broken')
  })

  test('a packed file that unpacks to gigabytes is refused before it is unpacked', async () => {
    const bytes = Buffer.from(await workbook((book) => book.addWorksheet('s').addRow(['x'])))
    // The sizes in the central directory (signature PK\1\2, size at 24) are what an attacker would blow up.
    for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4))
      bytes.writeUInt32LE(0x7fff_ffff, at + 24)
    expect(await problemOf(new Uint8Array(bytes))).toBe('imports.problem.bomb')
  })

  test('nesting without end, and strings without end, are refused in good time', async () => {
    expect(await problemOf('['.repeat(2_000_000) + ']'.repeat(2_000_000))).toBe('imports.problem.json')
    expect(await problemOf('['.repeat(2_000_000))).toBe('imports.problem.json')
    const book = await workbook((book) => book.addWorksheet('s').addRow(['x']))
    const zip = await JSZip.loadAsync(book)
    zip.file('xl/sharedStrings.xml', `<sst>${'<si/>'.repeat(2_000_001)}</sst>`)
    expect(await problemOf(await zip.generateAsync({ type: 'uint8array', compression: 'DEFLATE' }))).toBe(
      'imports.problem.bomb',
    )
    zip.file('xl/sharedStrings.xml', '<!DOCTYPE x [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>')
    expect(await problemOf(await zip.generateAsync({ type: 'uint8array' }))).toBe('imports.problem.broken')
  }, 30_000)

  test('noise is no table, whatever it is called: also where zero bytes make it look like UTF-16', async () => {
    let seed = 7
    const next = () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) >> 16
    for (let size = 64; size <= 60_000; size = Math.ceil(size * 1.1)) {
      const noise = Uint8Array.from({ length: size }, () => next() & 255)
      expect([size, await problemOf(noise)]).toEqual([size, 'imports.problem.unknown'])
    }
  })

  test('too many bytes', async () => {
    expect(await problemOf(new Uint8Array(LIMITS.bytes + 1))).toBe('imports.problem.too_large')
  })

  test('any bytes give rows or a named problem', async () => {
    const xlsx = await workbook((book) =>
      book.addWorksheet('s').addRows([
        ['a', 'b'],
        ['1', new Date()],
      ]),
    )
    const damaged = fc
      .array(fc.tuple(fc.nat(xlsx.length - 1), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 6 })
      .map((changes) => {
        const copy = xlsx.slice()
        for (const [at, byte] of changes) copy[at] = byte
        return copy
      })
    const cut = fc.nat(xlsx.length).map((length) => xlsx.slice(0, length))
    const random = fc.uint8Array({ maxLength: 400 })
    const text = fc.string({ unit: 'binary', maxLength: 400 }).map((s) => new TextEncoder().encode(s))
    const json = fc.json().map((s) => new TextEncoder().encode(s))
    await fc.assert(
      fc.asyncProperty(fc.oneof(damaged, cut, random, text, json), async (bytes) => {
        try {
          const file = await openFile(bytes)
          if ('rows' in file) await rowsOf(file)
        } catch (error) {
          if (!(error instanceof FileProblem)) throw error
          expect(messages).toHaveProperty([error.note.key.replace('imports.', '')])
        }
      }),
      { numRuns: 400 },
    )
  }, 240_000)
})

const messages = JSON.parse(readFileSync(new URL('./messages/en.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>
