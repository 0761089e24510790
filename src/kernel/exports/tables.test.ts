import { randomBytes } from 'node:crypto'
import Excel from 'exceljs'
import { expect, test, vi } from 'vitest'
import { writeTable } from './download.ts'
import { type ExportFormat, FORMATS, first } from './export.ts'
import type { Cell } from './guard.ts'

const ROWS = 100_000

async function* rowsOf(count: number): AsyncGenerator<Cell[]> {
  for (let i = 0; i < count; i++) {
    yield [i, `Сварщик ${i}`, Temporal.Instant.from('2026-11-21T09:00:00Z'), '=1+1', null, true, 12n]
  }
}

const table = (rows: AsyncIterable<Cell[]>) => ({
  name: 'Рӯйхат',
  headings: ['n', 'title', 'at', 'formula', 'nothing', 'yes', 'big'],
  rows,
  time_zone: 'Asia/Dushanbe',
})

const whole = async (format: ExportFormat, rows: AsyncIterable<Cell[]>) =>
  Buffer.concat(await Array.fromAsync(writeTable(table(rows), format)))

test.each(FORMATS)('%s: rows are made only as fast as they are taken', async (format) => {
  let made = 0
  // Noise, which no packer makes small: 40 MB in all.
  async function* noise() {
    for (; made < 20_000; made++) yield [randomBytes(1_000).toString('hex')]
  }
  const chunks = writeTable(table(noise()), format)
  await chunks.next()
  // Whoever reads slowly is waited for, as soon as the buffers on the way are full.
  let seen = -1
  await vi.waitUntil(() => seen === (seen = made), { interval: 300, timeout: 30_000 })
  expect(made).toBeLessThan(10_000)
  await chunks.return(undefined)
})

test.each(FORMATS)(
  '%s: 100,000 rows in bounded memory',
  async (format) => {
    const before = process.memoryUsage().rss
    let [bytes, peak] = [0, 0]
    for await (const chunk of writeTable(table(rowsOf(ROWS)), format)) {
      bytes += chunk.length
      peak = Math.max(peak, process.memoryUsage().rss)
    }
    expect(bytes).toBeGreaterThan(1_000_000)
    expect((peak - before) / 2 ** 20).toBeLessThan(150)
  },
  120_000,
)

test('a workbook opens with what was put in, and no formula', async () => {
  const workbook = new Excel.Workbook()
  await workbook.xlsx.load((await whole('xlsx', rowsOf(2))) as never)
  const sheet = workbook.worksheets[0]!
  expect([sheet.name, sheet.rowCount]).toEqual(['Рӯйхат', 3])
  expect(sheet.getRow(2).values).toEqual([
    undefined,
    0,
    'Сварщик 0',
    new Date('2026-11-21T14:00:00Z'),
    "'=1+1",
    undefined,
    true,
    12,
  ])
  // A workbook knows no time zones: it shows the clock's time and says whose.
  expect(sheet.getCell('C2').numFmt).toBe('yyyy-mm-dd hh:mm "UTC+05:00"')
})

test('a CSV holds no formula either', async () => {
  const text = (await whole('csv', rowsOf(1))).toString()
  expect(text).toBe("\ufeffn,title,at,formula,nothing,yes,big\r\n0,Сварщик 0,2026-11-21T09:00:00Z,'=1+1,,true,12\r\n")
})

test('an error in the middle is an error, not a short file', async () => {
  async function* broken() {
    yield* rowsOf(10)
    throw new Error('the database is gone')
  }
  for (const format of FORMATS) await expect(whole(format, broken())).rejects.toThrow('the database is gone')
})

test('the first of many', async () => {
  const taken = async (most: number) => (await Array.fromAsync(first(most, rowsOf(10)))).length
  expect([await taken(0), await taken(3), await taken(20)]).toEqual([0, 3, 10])
})
